"""After the promotion: give the autoscaling back, watch for late failures, clear away, end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pointsman.core.decision import SCALING_CATCHES_UP, Decision, drive, hold, minutes, move, stay
from pointsman.core.holds import while_firing
from pointsman.core.observed import Observed
from pointsman.core.phases import Act, Hold, Phase
from pointsman.core.rollout import Rollout
from pointsman.core.verdict import Opinion


def watching(rollout: Rollout, observed: Observed, now: datetime) -> Decision:
    """Give the autoscaling back, watch for late failures, then clear away and end."""
    if observed.endpoint.config != rollout.final_config:
        return move(rollout, Phase.FINALIZING, "the final config is not live any more: it is set again", now)
    if rollout.retry_at and now < rollout.retry_at:
        return stay(rollout, "the last refusal is waited out", observed.verdict)
    if scaling_differs(rollout, observed):
        return give_scaling_back(rollout, observed, now)
    held = _held(rollout, observed)
    if held is not None:
        return held
    if rollout.hold in {Hold.ACCESS_DENIED, Hold.CANNOT_READ, Hold.ALARM_FIRING}:
        rollout = replace(rollout, hold=None, retry_at=None)
    if now - rollout.entered_at < rollout.plan.watch and not rollout.waved:
        left = rollout.plan.watch - (now - rollout.entered_at)
        return stay(rollout, f"watched for {minutes(left)} more", observed.verdict)
    blindness = _blindness(observed)
    if blindness:
        return hold(rollout, Hold.THIN_EVIDENCE, f"the watch does not end while nobody can see: {blindness}")
    if observed.leftovers:
        return drive(rollout, Act.DISCARD, "the watch is over: remove the temporary config", now)
    reason = f"version {rollout.version} served through its watch of {minutes(rollout.plan.watch)}"
    if rollout.waved:
        reason = f"the watch of version {rollout.version} was ended early by {rollout.waved}"
    return move(rollout, Phase.SUCCEEDED, reason, now, observed.verdict)


def _held(rollout: Rollout, observed: Observed) -> Decision | None:
    if observed.unread:
        return hold(
            rollout, Hold.CANNOT_READ, f"cannot see whether everything is restored: {observed.unread}"
        )
    if observed.alarms.firing:
        return hold(rollout, Hold.ALARM_FIRING, while_firing(observed.alarms))
    return None


def _blindness(observed: Observed) -> str:
    verdict, alarms = observed.verdict, observed.alarms
    if alarms.blind or alarms.missing:
        return alarms.blind or f"alarm {', '.join(alarms.missing)} was deleted"
    return verdict.sentence if verdict is not None and verdict.opinion is Opinion.BLIND else ""


def scaling_differs(rollout: Rollout, observed: Observed) -> bool:
    """Scale-in is suspended now and was not when the rollout began."""
    was = rollout.baseline.scale_in_suspended if rollout.baseline else None
    return was is False and observed.scale_in_suspended is True


def give_scaling_back(rollout: Rollout, observed: Observed, now: datetime) -> Decision:
    """Resume scale-in once the variant has carried the traffic for so long that autoscaling does not take it for idle."""
    last = rollout.intent
    carries_since = max(rollout.entered_at, last.act_before) if last else rollout.entered_at
    if rollout.traffic_has_moved and now - carries_since < SCALING_CATCHES_UP:
        return stay(
            rollout, "scale-in stays suspended until it has seen the traffic come back", observed.verdict
        )
    return drive(rollout, Act.RESTORE_SCALING, "give the autoscaling back as it was found", now)
