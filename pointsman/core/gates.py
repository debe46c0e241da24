"""What stands between two steps beside evidence: a person's approval, a release window, another endpoint that goes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pointsman.core.decision import (
    Decision,
    Numbers,
    drive,
    go_back,
    hold,
    minutes,
    move,
    need_human,
    numbers_of,
)
from pointsman.core.lane import Lane, is_later
from pointsman.core.observed import Observed
from pointsman.core.phases import Act, Cause, Hold, Phase
from pointsman.core.rollout import Approval, Rollout, Stop, enter
from pointsman.core.share import percent, share_differs, share_of, taken_off
from pointsman.core.verdict import Opinion
from pointsman.policy import After, OnPatience, Until


def begin_step(
    rollout: Rollout, observed: Observed, now: datetime, reason: str, numbers: Numbers
) -> Decision:
    """Begin the next step, if a person has approved it where the policy asks for that, and a release window is open."""
    gate = rollout.gate
    if gate is not None:
        asks = f"{reason}; a person must approve {gate} %, as the policy asks"
        if rollout.phase is Phase.AWAITING_APPROVAL:
            return hold(rollout, Hold.APPROVAL_WAITED_FOR, asks)
        asked = replace(move(rollout, Phase.AWAITING_APPROVAL, asks, now), is_told=True, numbers=numbers)
        return replace(asked, rollout=replace(asked.rollout, hold=Hold.APPROVAL_WAITED_FOR))
    if observed.closed and not rollout.waved:
        return hold(rollout, Hold.OUTSIDE_WINDOW, f"{reason}; {observed.closed}")
    return _shift(rollout, now, reason, numbers)


def awaiting_approval(rollout: Rollout, observed: Observed, now: datetime) -> Decision:
    """Hold the share until a person approves the next step; go back when nobody does in time."""
    if rollout.traffic_has_moved and share_of(rollout, observed) == 0:
        return taken_off(rollout, now, observed.verdict)
    if share_of(rollout, observed) != rollout.share_bps:
        return share_differs(rollout, observed, now)
    verdict, gate = observed.verdict, rollout.gate
    if gate is None:
        if verdict is not None and verdict.opinion is Opinion.BLIND:
            return hold(
                rollout, Hold.THIN_EVIDENCE, f"approved; nothing goes forward unseen: {verdict.sentence}"
            )
        return begin_step(rollout, observed, now, "approved", numbers_of(verdict))
    if rollout.lasted(now) < rollout.plan.gate_wait:
        return begin_step(rollout, observed, now, "the step is proved", {})
    reason = f"nobody approved {gate} % within {minutes(rollout.plan.gate_wait)}"
    if rollout.plan.on_patience is OnPatience.ROLLBACK:
        return go_back(rollout, Cause.PATIENCE_OVER, reason, now, verdict)
    return need_human(rollout, Hold.APPROVAL_WAITED_FOR, reason, now)


def waits_for(after: After | None, other: Lane | None, version: int) -> str:
    """Why a version waits for the endpoint that goes first; empty where it, or a newer one, is far enough there, or nothing goes first."""
    if after is None or other is None:
        return ""
    open_there = other.rollout
    if open_there is not None and open_there.version == version:
        reached = {Phase.SUCCEEDED} | ({Phase.WATCHING} if after.until is Until.PROMOTED else set())
        if open_there.phase in reached:
            return ""
        return f"version {version} is in {open_there.phase} on {after.endpoint}, which goes first"
    if other.last is not None and other.last.version >= version:
        return ""
    return f"version {version} has not been {after.until.value} on {after.endpoint}, which goes first"


def failed_there(after: After | None, other: Lane | None, approval: Approval) -> Stop | None:
    """The wish to stop a version that was taken back on the endpoint that goes first, under this very approval."""
    if after is None or other is None or approval.version not in other.quarantined:
        return None
    heard = other.approvals.get(approval.version)
    if heard is None or is_later(approval.at, heard):
        # Approved anew, and the other endpoint has not been told yet: its failure is of before.
        return None
    failure = other.quarantined[approval.version]
    why = f"version {approval.version} was taken back on {after.endpoint}, which goes first: {failure}"
    return Stop(Cause.FAILED_ELSEWHERE, "pointsman", why)


def _shift(rollout: Rollout, now: datetime, reason: str, numbers: Numbers) -> Decision:
    target = replace(rollout, step=rollout.next_step)
    target = replace(enter(target, Phase.SHIFTING, now), traffic_has_moved=True)
    target = replace(target, share_bps=target.step_bps)
    moved = f"{reason}: move {percent(target.share_bps)} to the candidate"
    decision = drive(target, Act.SHIFT, moved, now, is_told=True)
    return replace(decision, numbers=decision.numbers | numbers | {"share_percent": target.share_bps / 100})
