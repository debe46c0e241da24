"""Lanes, rollouts and evidence as JSON objects, and back. Where they are kept is `dynamodb.py`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from pointsman.core.audit import Head
from pointsman.core.lane import Lane
from pointsman.core.phases import Act, Cause, Hold, Phase
from pointsman.core.rollout import Approval, Baseline, Intent, Rollout
from pointsman.errors import Misconfigured
from pointsman.policy import EndpointName, Version
from pointsman.policy_json import plan_from_json, plan_to_json

SCHEMA = 1
Json = dict[str, Any]


@contextmanager
def readable(what: str) -> Iterator[None]:
    """Raise Misconfigured, naming the stored thing, for whatever a broken one raises while it is read."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as err:
        raise Misconfigured(f"{what} cannot be read: {err!r}") from err


def lane_to(lane: Lane) -> Json:
    """A lane as JSON."""
    return {
        "schema": SCHEMA,
        "endpoint": lane.endpoint,
        "fence": lane.fence,
        "rollout": rollout_to(lane.rollout) if lane.rollout else None,
        "queued": _approval_to(lane.queued) if lane.queued else None,
        "approvals": {str(version): moment.isoformat() for version, moment in lane.approvals.items()},
        "quarantined": {str(version): why for version, why in lane.quarantined.items()},
        "head": [lane.head.seq, lane.head.hash],
        "adopted": None if lane.adopted is None else list(lane.adopted),
        "group": lane.group,
        "last": rollout_to(lane.last) if lane.last else None,
        "requests": list(lane.requests),
    }


def lane_from(raw: Json) -> Lane:
    """Read what `lane_to` wrote, within `readable`."""
    if raw["schema"] != SCHEMA:
        raise ValueError(f"schema {raw['schema']!r} is not {SCHEMA}")
    return Lane(
        endpoint=EndpointName(raw["endpoint"]),
        fence=int(raw["fence"]),
        rollout=rollout_from(raw["rollout"]) if raw["rollout"] else None,
        queued=_approval_from(raw["queued"]) if raw["queued"] else None,
        approvals={
            int(version): datetime.fromisoformat(moment) for version, moment in raw["approvals"].items()
        },
        quarantined={int(version): str(why) for version, why in raw["quarantined"].items()},
        head=Head(int(raw["head"][0]), str(raw["head"][1])),
        adopted=None if raw["adopted"] is None else tuple(int(version) for version in raw["adopted"]),
        group=str(raw["group"]),
        last=rollout_from(raw["last"]) if raw["last"] else None,
        requests=tuple(str(each) for each in raw["requests"]),
    )


def rollout_to(rollout: Rollout) -> Json:
    """A rollout as JSON, with the plan it started with."""
    return {
        "id": rollout.id,
        "endpoint": rollout.endpoint,
        "approval": _approval_to(rollout.approval),
        "plan": plan_to_json(rollout.plan),
        "opened_at": rollout.opened_at.isoformat(),
        "entered_at": rollout.entered_at.isoformat(),
        "phase": rollout.phase.value,
        "step": rollout.step,
        "share_bps": rollout.share_bps,
        "traffic_has_moved": rollout.traffic_has_moved,
        "baseline": dataclasses.asdict(rollout.baseline) if rollout.baseline else None,
        "final_count": rollout.final_count,
        "intent": _intent_to(rollout.intent) if rollout.intent else None,
        "update_was_seen": rollout.update_was_seen,
        "failed_answers": rollout.failed_answers,
        "cause": rollout.cause.value if rollout.cause else None,
        "cause_reason": rollout.cause_reason,
        "hold": rollout.hold.value if rollout.hold else None,
        "retry_at": rollout.retry_at.isoformat() if rollout.retry_at else None,
        "paused": rollout.paused,
        "paused_at": rollout.paused_at.isoformat() if rollout.paused_at else None,
        "waved": rollout.waved,
        "gates_passed": list(rollout.gates_passed),
        "stands_since": rollout.stands_since.isoformat() if rollout.stands_since else None,
        "stood_for": rollout.stood_for.total_seconds(),
        "reported": rollout.reported,
    }


def rollout_from(raw: Json) -> Rollout:
    """Read what `rollout_to` wrote, within `readable`."""
    return Rollout(
        id=str(raw["id"]),
        endpoint=EndpointName(raw["endpoint"]),
        approval=_approval_from(raw["approval"]),
        plan=plan_from_json(raw["plan"]),
        opened_at=datetime.fromisoformat(raw["opened_at"]),
        entered_at=datetime.fromisoformat(raw["entered_at"]),
        phase=Phase(raw["phase"]),
        step=int(raw["step"]),
        share_bps=int(raw["share_bps"]),
        traffic_has_moved=bool(raw["traffic_has_moved"]),
        baseline=Baseline(**raw["baseline"]) if raw["baseline"] else None,
        final_count=int(raw["final_count"]),
        intent=_intent_from(raw["intent"]) if raw["intent"] else None,
        update_was_seen=bool(raw["update_was_seen"]),
        failed_answers=int(raw["failed_answers"]),
        cause=Cause(raw["cause"]) if raw["cause"] else None,
        cause_reason=str(raw["cause_reason"]),
        hold=Hold(raw["hold"]) if raw["hold"] else None,
        retry_at=_moment_from(raw["retry_at"]),
        paused=str(raw["paused"]),
        paused_at=_moment_from(raw["paused_at"]),
        waved=str(raw["waved"]),
        gates_passed=tuple(int(step) for step in raw["gates_passed"]),
        stands_since=_moment_from(raw["stands_since"]),
        stood_for=timedelta(seconds=raw["stood_for"]),
        # What was opened before a judge could only report has none.
        reported=str(raw.get("reported", "")),
    )


def _approval_to(approval: Approval) -> Json:
    return {
        "version": approval.version,
        "package": approval.package,
        "at": approval.at.isoformat(),
        "by": approval.by,
    }


def _approval_from(raw: Json) -> Approval:
    return Approval(
        Version(int(raw["version"])), raw["package"], datetime.fromisoformat(raw["at"]), raw["by"]
    )


def _moment_from(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _intent_to(intent: Intent) -> Json:
    return {
        "act": intent.act.value,
        "act_before": intent.act_before.isoformat(),
        "attempt": intent.attempt,
        "share_bps": intent.share_bps,
    }


def _intent_from(raw: Json) -> Intent:
    return Intent(
        Act(raw["act"]), datetime.fromisoformat(raw["act_before"]), int(raw["attempt"]), int(raw["share_bps"])
    )
