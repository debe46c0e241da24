"""An endpoint or its deployment changed: look at it, if a policy speaks of it."""

from __future__ import annotations

from typing import Any

from pointsman.errors import Misconfigured, NotFound
from pointsman.events import parse_endpoint
from pointsman.reconcile import reconcile
from pointsman.telemetry import count, logger, tell
from pointsman.telemetry import handler as make_handler
from pointsman.wiring import current_world


def on_event(event: Any) -> dict[str, Any] | None:  # noqa: ANN401 - an event is untyped until it is parsed
    """One pass, and another one through the queue where it finds more to do at once."""
    world = current_world()
    endpoint = parse_endpoint(event)
    try:
        world.policies.get(endpoint)
    except NotFound:
        logger.debug("no policy names the endpoint", extra={"endpoint": endpoint})
        count("EndpointIgnored")
        return None
    except Misconfigured as err:
        logger.error("policy cannot be read; its open rollout is still looked at", extra={"why": str(err)})
    outcome = reconcile(world, endpoint)
    if outcome.again:
        world.queues.put_due([endpoint])
    return tell(outcome)


handler = make_handler(on_event)
