"""One message, one rollout: look at it."""

from __future__ import annotations

from typing import Any

from pointsman.events import parse_due
from pointsman.reconcile import reconcile
from pointsman.telemetry import handler as make_handler
from pointsman.telemetry import tell
from pointsman.wiring import current_world


def on_event(event: Any) -> dict[str, Any]:  # noqa: ANN401 - an event is untyped until it is parsed
    """One pass, and another one through the queue where it finds more to do at once."""
    world = current_world()
    endpoint = parse_due(event)
    outcome = reconcile(world, endpoint)
    if outcome.again:
        world.queues.put_due([endpoint])
    return tell(outcome)


handler = make_handler(on_event)
