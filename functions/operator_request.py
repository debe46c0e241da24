"""A person asks for something: `{"command", "target", "reason", "by", "request_id"}`. Answers in words."""

from __future__ import annotations

from typing import Any

from pointsman.errors import BadEvent
from pointsman.events import parse_request
from pointsman.operate import abort
from pointsman.telemetry import handler as make_handler
from pointsman.telemetry import tell
from pointsman.wiring import current_world


def on_event(event: Any) -> dict[str, Any]:  # noqa: ANN401 - an event is untyped until it is parsed
    """Carry it out. A request that cannot be read is answered, not raised: a person waits for it."""
    try:
        request = parse_request(event)
    except BadEvent as err:
        return {"ok": False, "message": str(err)}
    world = current_world()
    reply = abort(world, request)
    if reply.outcome is not None:
        tell(reply.outcome)
        if reply.outcome.again:
            world.queues.put_due([reply.outcome.endpoint])
    return {"ok": reply.is_done, "message": reply.message}


handler = make_handler(on_event)
