"""What leaves the product when something was recorded: values only. Sending them is `outbox.py`, storing them an adapter's work."""

from __future__ import annotations

from dataclasses import dataclass

from pointsman.core.bus_event import BusEvent
from pointsman.policy import EndpointName


@dataclass(frozen=True, slots=True)
class Message:
    """One message to people. `id` stays the same however often it is sent."""

    id: str
    endpoint: EndpointName
    topic: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a record leaves to be sent: its event, and a message where people are told. A part that was sent is None."""

    id: str
    endpoint: EndpointName
    event: BusEvent | None
    message: Message | None
