"""A person asks for something: `{"command", "target", "reason", "by", "request_id"}` and more. Answers in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pointsman.errors import BadEvent, NeedsPerson, NotFound
from pointsman.events import parse_request
from pointsman.operate import Command, Reply, Request, abort, steer
from pointsman.reopen import retry, rollback
from pointsman.telemetry import handler as make_handler
from pointsman.telemetry import tell
from pointsman.wiring import current_world
from pointsman.world import World

CARRIED_OUT: dict[str, Callable[[World, Request], Reply]] = {
    Command.ABORT: abort,
    Command.APPROVE: steer,
    Command.PAUSE: steer,
    Command.PROMOTE: steer,
    Command.RESUME: steer,
    Command.RETRY: retry,
    Command.ROLLBACK: rollback,
}


def on_event(event: Any) -> dict[str, Any]:  # noqa: ANN401 - an event is untyped until it is parsed
    """Carry it out. A request that cannot be read is answered, not raised: a person waits for it."""
    try:
        request = parse_request(event)
    except BadEvent as err:
        return {"ok": False, "message": str(err), "rollout": ""}
    world = current_world()
    try:
        reply = CARRIED_OUT[request.command](world, request)
    except (NotFound, NeedsPerson) as err:
        return {"ok": False, "message": str(err), "rollout": ""}
    if reply.outcome is not None:
        tell(reply.outcome)
        if reply.outcome.again:
            world.queues.put_due([reply.outcome.endpoint])
    return {"ok": reply.is_done, "message": reply.message, "rollout": reply.rollout}


handler = make_handler(on_event)
