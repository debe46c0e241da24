"""The way back: traffic first, then the fleet, the autoscaling, the leftovers. It works from what is observed, so from any phase."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pointsman.core.decision import (
    RETRY_LATER,
    RETRY_SOON,
    Decision,
    drive,
    go_back,
    hold,
    move,
    stay,
)
from pointsman.core.forward import silent_ending
from pointsman.core.observed import Observed, Status
from pointsman.core.phases import Act, Cause, Hold, Phase
from pointsman.core.rollout import Baseline, Rollout, enter
from pointsman.core.watch import give_scaling_back, scaling_differs
from pointsman.errors import Denied, NeedsPerson, QuotaExceeded


def rolling_back(rollout: Rollout, observed: Observed, now: datetime) -> Decision:
    """Undo the first thing that is not as it was. The endpoint is not busy when this is asked."""
    baseline = rollout.baseline
    if baseline is None:
        return move(rollout, _ending(rollout), "nothing had been changed", now)
    live = observed.endpoint.config
    if live == rollout.canary_config and observed.endpoint.share_bps(rollout.candidate_variant) > 0:
        return drive(rollout, Act.SHIFT, f"all traffic back to {baseline.variant}", now)
    if live in {rollout.canary_config, rollout.final_config}:
        return _remove(rollout, baseline, observed, now)
    if rollout.retry_at and now < rollout.retry_at:
        return stay(rollout, "the last refusal is waited out")
    if scaling_differs(rollout, observed):
        return give_scaling_back(rollout, observed, now)
    if observed.unread:
        return hold(
            rollout, Hold.CANNOT_READ, f"cannot see whether everything is restored: {observed.unread}"
        )
    if rollout.hold is Hold.CANNOT_READ:
        rollout = replace(rollout, hold=None)
    if observed.leftovers:
        return drive(
            rollout, Act.DISCARD, f"remove what was made for it: {', '.join(observed.leftovers)}", now
        )
    return move(
        rollout, _ending(rollout), f"{rollout.cause_reason}. Verified: {_who_serves(rollout, live)}", now
    )


def rolled_back(rollout: Rollout, observed: Observed, now: datetime) -> Decision:
    """Undo a call of ours that was held up and landed after the end."""
    ours = {rollout.canary_config, rollout.final_config}
    if (
        rollout.baseline
        and observed.endpoint.status is Status.IN_SERVICE
        and observed.endpoint.config in ours
    ):
        again = replace(enter(rollout, Phase.ROLLING_BACK, now), share_bps=0)
        return Decision(
            again,
            f"config {observed.endpoint.config} went live after the end: taken back again",
            is_told=True,
        )
    return stay(rollout, "the baseline serves")


def refused(rollout: Rollout, act: Act, error: NeedsPerson, now: datetime) -> Decision:
    """What to do about an act that AWS refuses and will refuse again."""
    if rollout.phase in {Phase.PREPARING, Phase.SHIFTING}:
        return go_back(rollout, _cause(error), f"{act.value} was refused: {error}", now)
    if act is Act.FINALIZE:
        reason = f"cannot finalize, the candidate keeps serving: {error}. Tried again later."
        return hold(rollout, Hold.CANNOT_FINALIZE, reason, now + RETRY_LATER)
    if act is Act.REMOVE:
        return hold(
            rollout,
            Hold.CANNOT_REMOVE,
            f"cannot remove the candidate: {error}. Tried again.",
            now + RETRY_SOON,
        )
    why = f"{act.value} was refused: {error}. Grant the permission; it is tried again by itself."
    return hold(rollout, Hold.ACCESS_DENIED, why, now + RETRY_SOON)


def _remove(rollout: Rollout, baseline: Baseline, observed: Observed, now: datetime) -> Decision:
    """Back to the baseline's own config. It builds a fleet, so it can fail for lack of capacity, and is tried again."""
    is_alone = observed.endpoint.config == rollout.final_config
    if rollout.update_was_seen:
        why = Hold.CANNOT_RETURN if is_alone else Hold.CANNOT_REMOVE
        who = (
            f"version {rollout.version} still serves" if is_alone else f"{baseline.variant} serves everything"
        )
        return hold(
            rollout, why, f"{who}. {silent_ending(observed.endpoint)}. Tried again.", now + RETRY_SOON
        )
    if rollout.retry_at and now < rollout.retry_at:
        return stay(rollout, "the return to the baseline's config is tried again soon")
    return drive(rollout, Act.REMOVE, f"return to config {baseline.config}", now)


def _ending(rollout: Rollout) -> Phase:
    return Phase.SUPERSEDED if rollout.cause is Cause.SUPERSEDED else Phase.ROLLED_BACK


def _who_serves(rollout: Rollout, live: str) -> str:
    baseline = rollout.baseline
    if baseline and live == baseline.config:
        return f"{baseline.variant} of config {live} serves everything"
    return f"config {live}, which somebody else set, serves"


def _cause(error: NeedsPerson) -> Cause:
    if isinstance(error, QuotaExceeded):
        return Cause.QUOTA
    return Cause.DENIED if isinstance(error, Denied) else Cause.REFUSED
