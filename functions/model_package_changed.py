"""A model package changed: hear what the registry says of it now, for every endpoint that follows its group."""

from __future__ import annotations

from typing import Any

from pointsman.approvals import hear
from pointsman.errors import NeedsPerson, NotFound
from pointsman.events import parse_model_package
from pointsman.telemetry import handler as make_handler
from pointsman.telemetry import logger, tell
from pointsman.wiring import current_world


def on_event(event: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - an event is untyped until it is parsed
    """Open, supersede, queue or take back; an endpoint that cannot be served does not keep the others from it."""
    world = current_world()
    group, heard = parse_model_package(event)
    endpoints = world.policies.for_group(group)
    if not endpoints:
        return []
    try:
        package = world.registry.describe(heard.package)
    except NotFound:
        logger.warning("the model package does not exist any more", extra={"package": heard.package})
        return []
    told, failures = [], []
    for endpoint in endpoints:
        try:
            outcome = hear(world, endpoint, package, heard)
        except NeedsPerson as err:
            logger.error("endpoint left out", extra={"endpoint": endpoint, "why": str(err)})
            failures.append(err)
            continue
        if outcome is not None:
            told.append(tell(outcome))
            if outcome.again:
                world.queues.put_due([endpoint])
    if failures:
        raise failures[0]
    return told


handler = make_handler(on_event)
