"""An alarm went to ALARM: look at once at every endpoint whose policy names it. It does not queue."""

from __future__ import annotations

from typing import Any

from pointsman.events import parse_alarm
from pointsman.reconcile import reconcile
from pointsman.telemetry import each, tell
from pointsman.telemetry import handler as make_handler
from pointsman.wiring import current_world


def on_event(event: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - an event is untyped until it is parsed
    """One pass for each endpoint."""
    world = current_world()
    endpoints = world.policies.for_alarm(parse_alarm(event))
    return [tell(outcome) for outcome in each(endpoints, lambda endpoint: reconcile(world, endpoint))]


handler = make_handler(on_event)
