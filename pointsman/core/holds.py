"""What keeps a rollout from going forward although nothing is wrong with it: a freeze, a pause, alarms that are not quiet. Nothing here stands before the way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pointsman.core.decision import Decision, hold, stay
from pointsman.core.observed import AlarmReading, Observed
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
    """An alarm that is not the candidate's fault, or that a person muted, takes nothing back; nothing goes forward either."""
    if rollout.phase not in FORWARD:
        return None
    alarms = observed.alarms
    if alarms.firing:
        return hold(rollout, Hold.ALARM_FIRING, while_firing(alarms))
    if alarms.blind:
        return stay(rollout, f"alarms cannot be read, so nothing moves forward: {alarms.blind}")
    if alarms.missing and rollout.phase is not Phase.PENDING:
        names = ", ".join(alarms.missing)
        return hold(rollout, Hold.PREFLIGHT, f"alarm {names} was deleted: nothing moves forward without it")
    return None


def while_firing(alarms: AlarmReading) -> str:
    """Why nothing goes forward while these fire, and who muted them. A person's word holds back, and is no proof of health."""
    if not alarms.mutes:
        return f"alarm {', '.join(alarms.firing)} is in ALARM: no traffic moves before it is OK"
    said = [f"alarm {mute.alarm} is in ALARM and {mute.why}" for mute in alarms.mutes]
    said += [f"alarm {name} is in ALARM" for name in alarms.vetoes]
    return (
        f"{'; '.join(said)}: what is muted takes nothing back, and no traffic moves forward before it is OK"
    )


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
