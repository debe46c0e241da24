"""A model package changed: hear what the registry says of it now, for every endpoint that follows its group."""

from __future__ import annotations

from typing import Any

from pointsman.approvals import find_followers, find_package, hear
from pointsman.events import parse_model_package
from pointsman.telemetry import each, tell
from pointsman.telemetry import handler as make_handler
from pointsman.wiring import current_world


def on_event(event: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - an event is untyped until it is parsed
    """Open, supersede, queue or take back; what can go on at once goes on through the queue."""
    world = current_world()
    group, heard = parse_model_package(event)
    endpoints = find_followers(world, group)
    package = find_package(world, group, heard.package) if endpoints else None
    if package is None:
        return []
    outcomes = each(endpoints, lambda endpoint: hear(world, endpoint, package, heard))
    world.queues.put_due([outcome.endpoint for outcome in outcomes if outcome.again])
    return [tell(outcome) for outcome in outcomes]


handler = make_handler(on_event)
