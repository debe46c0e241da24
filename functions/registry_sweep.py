"""Now and then: ask the registries for approvals that were never heard of. The event says nothing that is needed."""

from __future__ import annotations

from typing import Any

from pointsman.errors import NotFound
from pointsman.policy import ModelGroup
from pointsman.reconcile import Outcome
from pointsman.sweep import LONGEST, in_turn, sweep_endpoint
from pointsman.telemetry import count, each, logger, tell
from pointsman.telemetry import handler as make_handler
from pointsman.wiring import current_world
from pointsman.world import World


def on_event(_event: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - an event is untyped until it is parsed
    """One listing a group, one look an endpoint; the failure of one keeps no other from its turn, nor does a lack of time."""
    world = current_world()
    began = world.clock.now()
    groups = in_turn(world.policies.groups(), began)
    outcomes: list[Outcome] = []
    failures: list[Exception] = []
    reached = 0
    while reached < len(groups) and world.clock.now() - began < LONGEST:
        outcomes += _sweep_group(world, groups[reached], failures)
        reached += 1
    _say_how_far(reached, len(groups))
    world.queues.put_due([outcome.endpoint for outcome in outcomes if outcome.again])
    told = [tell(outcome) for outcome in outcomes]
    if failures:
        raise failures[0]
    return told


def _say_how_far(reached: int, groups: int) -> None:
    count("GroupsSwept", reached)
    left = groups - reached
    if left:
        count("GroupsNotReached", left)
        logger.warning("no time for all groups", extra={"reached": reached, "left": left})


def _sweep_group(world: World, group: ModelGroup, failures: list[Exception]) -> list[Outcome]:
    endpoints = world.policies.for_group(group)
    try:
        approved = _find_approved(world, group)
        if approved is None:
            return []
        return each(endpoints, lambda endpoint: sweep_endpoint(world, endpoint, group, approved))
    # Also an error that nobody expected: it must not keep another group from its turn. It is raised in the end.
    except Exception as err:  # noqa: BLE001 - see above
        about = {"group": str(group), "endpoints": endpoints, "why": str(err)}
        logger.exception("group left out", extra=about)
        count("GroupsFailed")
        failures.append(err)
        return []


def _find_approved(world: World, group: ModelGroup) -> dict[int, str] | None:
    """None where there is no such group: a policy may stand before its group does, and asking again helps nobody."""
    try:
        return world.registry.find_approved(group)
    except NotFound as err:
        logger.warning("no such group", extra={"group": str(group), "why": str(err)})
        count("GroupsMissing")
        return None


handler = make_handler(on_event)
