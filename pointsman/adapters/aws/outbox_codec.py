"""What is still to be sent, as the text of an outbox item, and back. Where it is kept is `dynamodb.py`."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from typing import Any

from pointsman.adapters.aws.lane_codec import readable
from pointsman.core.bus_event import BusEvent
from pointsman.core.outgoing import Message, Outgoing
from pointsman.errors import Misconfigured
from pointsman.policy import EndpointName

Json = dict[str, Any]


def outgoing_to(outgoing: Outgoing) -> str:
    """Both parts, each null where it was sent or never was."""
    event, message = outgoing.event, outgoing.message
    return json.dumps(
        {
            "event": dataclasses.asdict(event) | {"at": event.at.isoformat()} if event else None,
            "message": dataclasses.asdict(message) if message else None,
        }
    )


def outgoing_or_notice(endpoint: EndpointName, stable_id: str, text: str) -> Outgoing:
    """Read what `outgoing_to` wrote; in the place of one that is broken a notice, so that it holds up no other."""
    try:
        with readable(f"message {stable_id} of endpoint {endpoint}"):
            return _outgoing_from(endpoint, stable_id, json.loads(text))
    except Misconfigured as err:
        notice = Message(stable_id, endpoint, "", f"{endpoint}: a stored message is broken", str(err))
        return Outgoing(stable_id, endpoint, None, notice)


def _outgoing_from(endpoint: EndpointName, stable_id: str, raw: Json) -> Outgoing:
    if "subject" in raw:
        # Before there were events an item was its message, and may have waited while this version was installed.
        return Outgoing(stable_id, endpoint, None, Message(**raw))
    event, message = raw["event"], raw["message"]
    return Outgoing(
        stable_id,
        endpoint,
        BusEvent(**event | {"at": datetime.fromisoformat(event["at"])}) if event else None,
        Message(**message) if message else None,
    )
