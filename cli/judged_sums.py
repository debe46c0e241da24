"""What the judge said of past rollouts, and how they ended: from their audit records to classes and sums. Asking for records is `judged.py`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pointsman.core.phases import Cause, Phase

Json = dict[str, Any]
BY_OTHERS = frozenset(
    {Cause.ALARM.value, Cause.ABORTED.value, Cause.REJECTED.value, Cause.TAKEN_BACK_OUTSIDE.value}
)
"""Causes that say somebody or something other than the judge found the version bad."""


class Outcome(StrEnum):
    """What the judge's word was worth. Read by programs: never rename a value."""

    RIGHT = "right"
    """It would have taken it back, and an alarm or a person did."""
    FALSE = "false"
    """It would have taken it back, and the version was watched to its end."""
    MISSED = "missed"
    """It said nothing against it, and an alarm or a person took it back."""
    QUIET = "quiet"
    """It said nothing against it, and the version was watched to its end."""
    DECIDED = "decided"
    """It took it back itself: nobody knows what would have come."""
    UNKNOWN = "unknown"
    """Still open, or it ended for another reason."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One rollout that had traffic. `said_at`: when the judge first said it should go back; None: never."""

    endpoint: str
    rollout: str
    version: int | None
    outcome: Outcome
    phase: str
    cause: str | None
    said_at: datetime | None
    sentence: str
    ended_at: datetime | None

    @property
    def ahead(self) -> timedelta | None:
        """How long the judge's word came before the end that proved it right."""
        if self.outcome is not Outcome.RIGHT or self.said_at is None or self.ended_at is None:
            return None
        return self.ended_at - self.said_at


def judged(records: Iterable[Json]) -> list[Judged]:
    """Every rollout of an endpoint's records (in any order) that had traffic, newest first."""
    by_rollout: dict[str, list[Json]] = {}
    for facts in sorted(records, key=lambda each: int(each["seq"])):
        if facts.get("kind") == "decision":
            by_rollout.setdefault(str(facts["rollout"]), []).append(facts)
    moved = [found for found in by_rollout.values() if any(each["share_bps"] for each in found)]
    return [_judged(found) for found in reversed(moved)]


def sums(found: Iterable[Judged]) -> dict[Outcome, int]:
    """How many of each."""
    counted = Counter(each.outcome for each in found)
    return {each: counted[each] for each in Outcome}


def _judged(decisions: list[Json]) -> Judged:
    last = decisions[-1]
    said = next((each for each in decisions if _speaks_against(each)), None)
    turned = [each for each in decisions if each["after"] == Phase.ROLLING_BACK != each["before"]]
    end = turned[0] if turned else last if last["after"] == Phase.SUCCEEDED else None
    cause = str(turned[0]["cause"]) if turned and turned[0].get("cause") else None
    return Judged(
        str(last["endpoint"]),
        str(last["rollout"]),
        last.get("version"),
        _outcome(last, cause, is_said=said is not None),
        str(last["after"]),
        cause,
        _moment(said),
        str(said["reason"]) if said else "",
        _moment(end),
    )


def _outcome(last: Json, cause: str | None, *, is_said: bool) -> Outcome:
    if cause == Cause.JUDGED_BAD:
        return Outcome.DECIDED
    if cause in BY_OTHERS:
        return Outcome.RIGHT if is_said else Outcome.MISSED
    if cause is None and last["after"] == Phase.SUCCEEDED:
        return Outcome.FALSE if is_said else Outcome.QUIET
    return Outcome.UNKNOWN


def _speaks_against(facts: Json) -> bool:
    """Told under `mode: report`, done under `mode: decide`, or said in the same moment in which an alarm took it back."""
    numbers = facts.get("numbers") or {}
    return numbers.get("would") == "roll back" or numbers.get("verdict") == "FAIL"


def _moment(facts: Json | None) -> datetime | None:
    return datetime.fromisoformat(str(facts["at"])) if facts is not None else None
