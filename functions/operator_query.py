"""A person asks what is: `{"query": "status", "endpoint": ...}` and the like. Answers in JSON; it changes nothing."""

from __future__ import annotations

from typing import Any

from pointsman.errors import BadEvent
from pointsman.events import parse_query
from pointsman.query import answer
from pointsman.telemetry import handler as make_handler
from pointsman.wiring import current_world


def on_event(event: Any) -> dict[str, Any]:  # noqa: ANN401 - an event is untyped until it is parsed
    """Answer it. A question that cannot be read is answered as well, not raised: a person waits for it."""
    try:
        query = parse_query(event)
    except BadEvent as err:
        return {"ok": False, "message": str(err)}
    return answer(current_world(), query)


handler = make_handler(on_event)
