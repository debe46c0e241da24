"""An alarm went to ALARM: look at once at every endpoint whose policy names it. It does not queue."""

from __future__ import annotations

from typing import Any

from pointsman.errors import PointsmanError
from pointsman.events import parse_alarm
from pointsman.reconcile import reconcile
from pointsman.telemetry import handler as make_handler
from pointsman.telemetry import logger, tell
from pointsman.wiring import current_world


def on_event(event: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - an event is untyped until it is parsed
    """One pass for each endpoint; a failure of one does not keep the others from theirs."""
    world = current_world()
    told, failures = [], []
    for endpoint in world.policies.for_alarm(parse_alarm(event)):
        try:
            outcome = reconcile(world, endpoint)
        except PointsmanError as err:
            logger.error("pass failed", extra={"endpoint": endpoint, "why": str(err)})
            failures.append(err)
            continue
        told.append(tell(outcome))
    if failures:
        raise failures[0]
    return told


handler = make_handler(on_event)
