"""The share that is observed against the share that was asked for: what a difference means, and what is done about it."""

from __future__ import annotations

from datetime import datetime, timedelta

from pointsman.core.decision import Decision, drive, go_back, need_human
from pointsman.core.observed import Observed
from pointsman.core.phases import Act, Cause, Hold, Phase
from pointsman.core.rollout import Rollout, enter
from pointsman.core.verdict import Verdict

LATE_CALL = timedelta(minutes=2)
"""Longer than any function runs: no call of ours lands later than this after the share was observed."""


def share_of(rollout: Rollout, observed: Observed) -> int:
    """What the candidate carries, in basis points."""
    return observed.endpoint.share_bps(rollout.candidate_variant)


def percent(bps: int) -> str:
    """A share as reasons say it."""
    return f"{bps / 100:g} %"


def share_differs(rollout: Rollout, observed: Observed, now: datetime) -> Decision:
    """A late call of ours is put right. Later than such a call can land, it was a person, who outranks us."""
    found = f"{percent(share_of(rollout, observed))} observed instead of {percent(rollout.share_bps)}"
    if not rollout.traffic_has_moved:
        advice = "Take them off the candidate and resume it, or abort it"
    elif now - rollout.entered_at < LATE_CALL:
        return drive(enter(rollout, Phase.SHIFTING, now), Act.SHIFT, f"{found}: set again", now)
    else:
        advice = "Resume it to set them again, or abort it to take the traffic back"
    return need_human(rollout, Hold.SHARE_CHANGED, f"{found}: somebody changed the weights. {advice}", now)


def taken_off(rollout: Rollout, now: datetime, verdict: Verdict | None) -> Decision:
    """A share that was observed and is gone altogether was taken away on purpose: by a person, or before it was recorded."""
    reason = "all traffic was taken off the candidate although this rollout did not ask for it"
    return go_back(rollout, Cause.TAKEN_BACK_OUTSIDE, reason, now, verdict)
