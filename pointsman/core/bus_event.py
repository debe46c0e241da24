"""An audit record as an event for whoever listens: its name and what it says. Putting it on a bus is an adapter's work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pointsman.core.audit import Record, canonical
from pointsman.core.lane import Lane

SOURCE = "pointsman"
SCHEMA = 1
"""Fields are added under the same number; a field that goes or changes its meaning gets the next one."""
MAX_BYTES = 24_000
"""Of one detail. Ten of them fit into one call, also where that takes 256 KB only (facts/aws.md, 0)."""
MAX_REASON = 1_000
"""Characters of a reason that is cut: JSON writes one with twelve bytes at most."""

DECISION = ("step", "share_bps", "act", "hold", "cause", "is_told", "numbers")
QUEUE = ("approved_by", "queued", "queued_by")
MOVE = ("act", "acted_at")
"""What each kind of record hands on as it is. The plan stays in the record: it is long, and `explain` shows it."""


class DetailType(StrEnum):
    """What a subscriber filters on. Never rename a value."""

    STATE = "Rollout State Change"
    HOLD = "Rollout Hold Change"
    DECISION = "Rollout Decision Recorded"
    QUEUE = "Endpoint Queue Change"
    MOVE = "Rollout Move Recorded"


class QueueChange(StrEnum):
    """What became of an endpoint's queue. Never rename a value."""

    ADOPTED = "ENDPOINT_ADOPTED"
    OPENED = "ROLLOUT_OPENED"
    CLOSED = "ROLLOUT_CLOSED"
    QUEUED = "VERSION_QUEUED"
    UNQUEUED = "VERSION_UNQUEUED"
    HEARD = "APPROVAL_HEARD"


@dataclass(frozen=True, slots=True)
class BusEvent:
    """One event. `id` stays the same however often it is sent; `detail` is JSON of at most `MAX_BYTES` bytes, in ASCII.

    `seq` is the record's number in its stream: events of one endpoint are put in order by it.
    """

    id: str
    seq: int
    detail_type: str
    at: datetime
    detail: str


def event_of(record: Record, before: Lane, after: Lane) -> BusEvent:
    """The event of a record, which took the lane from `before` to `after`.

    Raises:
        ValueError: the record is of no kind that is known here.

    """
    facts = record.facts()
    if facts["kind"] == "decision":
        detail_type, more = _decision(facts, before)
    elif facts["kind"] == "lane":
        change = queue_change(before, after)
        detail_type, more = DetailType.QUEUE, {"change": change.value} | _taken(facts, QUEUE)
    elif facts["kind"] == "journal":
        detail_type, more = DetailType.MOVE, _taken(facts, MOVE)
    else:
        raise ValueError(f"{record.stream} #{record.seq}: no event is known for kind {facts['kind']!r}")
    event_id = f"{record.stream}:{record.seq}"
    detail = {
        "schema": SCHEMA,
        "id": event_id,
        "stream": record.stream,
        "seq": record.seq,
        "hash": record.hash,
        "at": facts["at"],
        "endpoint": facts["endpoint"],
        "rollout": facts["rollout"] or None,
        "version": facts.get("version"),
        **more,
        "reason": facts["reason"],
        "actor": facts["actor"],
        "is_cut": False,
    }
    at = datetime.fromisoformat(facts["at"])
    return BusEvent(event_id, record.seq, detail_type.value, at, _fitted(detail))


def queue_change(before: Lane, after: Lane) -> QueueChange:
    """What a change of the lane came to. One that closes a rollout and opens the next has opened one."""
    opened, closed = after.rollout, before.rollout
    if opened is not None and (closed is None or closed.id != opened.id):
        return QueueChange.OPENED
    if closed is not None and opened is None:
        return QueueChange.CLOSED
    if after.queued is not None and after.queued != before.queued:
        return QueueChange.QUEUED
    if before.queued is not None and after.queued is None:
        return QueueChange.UNQUEUED
    return QueueChange.ADOPTED if before.group != after.group else QueueChange.HEARD


def _decision(facts: dict[str, Any], before: Lane) -> tuple[DetailType, dict[str, Any]]:
    held = before.rollout.hold if before.rollout else None
    hold_before = held.value if held else None
    detail_type = DetailType.DECISION
    if facts["before"] != facts["after"]:
        detail_type = DetailType.STATE
    elif facts["hold"] != hold_before:
        detail_type = DetailType.HOLD
    phases = {"phase_before": facts["before"], "phase": facts["after"], "hold_before": hold_before}
    return detail_type, phases | _taken(facts, DECISION)


def _taken(facts: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: facts[name] for name in names}


def _fitted(detail: dict[str, Any]) -> str:
    """Cut what may be long, the reason first and then the numbers, and say that it was cut."""
    text = canonical(detail)
    if len(text) <= MAX_BYTES:
        return text
    cut = detail | {"reason": detail["reason"][:MAX_REASON], "is_cut": True}
    text = canonical(cut)
    if len(text) <= MAX_BYTES or "numbers" not in cut:
        return text
    return canonical(cut | {"numbers": {}})
