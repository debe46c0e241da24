"""Now and then: ask the registry for approvals that were never heard of. The event says nothing that is needed."""

from __future__ import annotations

from typing import Any

from pointsman.errors import NotFound
from pointsman.reconcile import Outcome
from pointsman.sweep import sweep_endpoint
from pointsman.telemetry import count, each, logger, tell
from pointsman.telemetry import handler as make_handler
from pointsman.wiring import current_world
from pointsman.world import World


def on_event(_event: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - an event is untyped until it is parsed
    """One listing a group, one look an endpoint; the failure of one keeps no other from its turn."""
    world = current_world()
    groups = world.policies.groups()
    failures: list[Exception] = []
    outcomes = [outcome for group in groups for outcome in _sweep_group(world, group, failures)]
    world.queues.put_due([outcome.endpoint for outcome in outcomes if outcome.again])
    count("GroupsSwept", len(groups))
    told = [tell(outcome) for outcome in outcomes]
    if failures:
        raise failures[0]
    return told


def _sweep_group(world: World, group: str, failures: list[Exception]) -> list[Outcome]:
    try:
        approved = _find_approved(world, group)
        if approved is None:
            return []
        return each(
            world.policies.for_group(group), lambda endpoint: sweep_endpoint(world, endpoint, group, approved)
        )
    # Also an error that nobody expected: it must not keep another group from its turn. It is raised in the end.
    except Exception as err:  # noqa: BLE001 - see above
        logger.exception("group left out", extra={"group": group, "why": str(err)})
        failures.append(err)
        return []


def _find_approved(world: World, group: str) -> dict[int, str] | None:
    """None where there is no such group: a policy may stand before its group does, and asking again helps nobody."""
    try:
        return world.registry.find_approved(group)
    except NotFound as err:
        logger.warning("no such group", extra={"group": group, "why": str(err)})
        count("GroupsMissing")
        return None


handler = make_handler(on_event)
