"""Every minute: open rollouts onto the queue, what was left over gets done. The event says nothing that is needed."""

from __future__ import annotations

from typing import Any

from pointsman.telemetry import count, logger
from pointsman.telemetry import handler as make_handler
from pointsman.tick import tick
from pointsman.wiring import current_world


def on_event(_event: Any) -> dict[str, Any]:  # noqa: ANN401 - an event is untyped until it is parsed
    """One tick; what it could not do is logged and counted, and comes again in a minute."""
    ticked = tick(current_world())
    for failure in ticked.failures:
        logger.error("left for the next tick", extra={"why": failure})
    count("TickFailures", len(ticked.failures))
    count("OpenRollouts", ticked.due)
    return {"due": ticked.due, "sent": ticked.sent, "journalled": ticked.journalled}


handler = make_handler(on_event)
