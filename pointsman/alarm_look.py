"""Reads of a rollout's alarms what is not asked in every pass: who muted those that fire, and what they are worth. It decides nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pointsman.core.observed import AlarmReading, Observed, Status
from pointsman.core.phases import Phase
from pointsman.core.rollout import Rollout
from pointsman.world import World


def with_mutes(world: World, rollout: Rollout, alarms: AlarmReading) -> AlarmReading:
    """Add who muted what fires, where that makes a difference: only once traffic has moved does an alarm take it back."""
    return world.alarms.with_mutes(alarms) if alarms.firing and rollout.traffic_has_moved else alarms


def with_details(world: World, rollout: Rollout, seen: Observed, now: datetime) -> Observed:
    """Add the settings of the alarms before the first change, once nothing else keeps the rollout from beginning.

    Raises:
        Transient, NeedsPerson: they cannot be read, and without them nothing begins.

    """
    names, endpoint = rollout.plan.health.alarms, seen.endpoint
    is_held = seen.frozen or rollout.paused or seen.waits_for or (seen.closed and not rollout.waved)
    is_next = rollout.phase is Phase.PENDING and endpoint.status is Status.IN_SERVICE and not is_held
    if not names or not is_next or seen.alarms.blind or len(endpoint.variants) != 1:
        return seen
    return replace(seen, alarms=replace(seen.alarms, details=world.alarms.details(names, now)))
