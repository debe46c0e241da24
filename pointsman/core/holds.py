"""What keeps a rollout from going forward although nothing is wrong with it: a freeze, a pause, alarms that are not quiet. Nothing here stands before the way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pointsman.core.decision import Decision, hold, stay
from pointsman.core.observed import Observed
from pointsman.core.phases import FORWARD, Hold, Phase
from pointsman.core.rollout import Rollout

PASSING_HOLDS = frozenset(
    {
        Hold.FROZEN,
        Hold.PAUSED,
        Hold.OUTSIDE_WINDOW,
        Hold.WAITS_FOR_ENDPOINT,
        Hold.ALARM_FIRING,
        Hold.PREFLIGHT,
        Hold.CANNOT_READ,
    }
)
"""Holds that end by themselves as soon as nothing asks for them any more."""
OF_PEOPLE = frozenset({Hold.FROZEN, Hold.PAUSED})


def is_frozen(rollout: Rollout, observed: Observed, _now: datetime) -> Decision | None:
    """The policy says that nothing automatic moves forward."""
    if not observed.frozen or rollout.phase not in FORWARD:
        return None
    return hold(rollout, Hold.FROZEN, f"the policy is frozen: {observed.frozen}")


def is_paused(rollout: Rollout, _observed: Observed, _now: datetime) -> Decision | None:
    """A person says the same of this rollout."""
    if not rollout.paused or rollout.phase not in FORWARD:
        return None
    return hold(rollout, Hold.PAUSED, f"paused by {rollout.paused}")


def alarms_are_not_quiet(rollout: Rollout, observed: Observed, _now: datetime) -> Decision | None:
    """Before the candidate has traffic an alarm is not its fault: nothing goes back, and nothing goes forward."""
    if rollout.phase not in FORWARD:
        return None
    alarms = observed.alarms
    if alarms.firing:
        names = ", ".join(alarms.firing)
        return hold(
            rollout, Hold.ALARM_FIRING, f"alarm {names} is in ALARM: no traffic moves before it is OK"
        )
    if alarms.blind:
        return stay(rollout, f"alarms cannot be read, so nothing moves forward: {alarms.blind}")
    if alarms.missing and rollout.phase is not Phase.PENDING:
        names = ", ".join(alarms.missing)
        return hold(rollout, Hold.PREFLIGHT, f"alarm {names} was deleted: nothing moves forward without it")
    return None


def released(rollout: Rollout, observed: Observed) -> Rollout:
    """The rollout without a hold that ended by itself. A closed window is left to the phase, which knows what was proved."""
    if rollout.phase not in FORWARD or rollout.hold not in PASSING_HOLDS:
        return rollout
    if rollout.hold is Hold.OUTSIDE_WINDOW and observed.closed and not rollout.waved:
        return rollout
    return replace(rollout, hold=None)


def carried_on(before: Rollout, after: Rollout) -> Rollout:
    """A pause lasts when what was asked for before it arrives, and so does its hold: people were told of it."""
    if after.phase not in FORWARD:
        return after
    kept = before.hold if before.hold in OF_PEOPLE else after.hold
    return replace(after, paused=before.paused, paused_at=before.paused_at, hold=kept)
