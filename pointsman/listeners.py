"""Who hears of what was recorded, as Protocols: people and other programs. Implementations are adapters; sending is `outbox.py`."""

from __future__ import annotations

from typing import Protocol

from pointsman.core.bus_event import BusEvent
from pointsman.core.outgoing import Message


class Topic(Protocol):
    """Where people hear of decisions."""

    def send(self, message: Message) -> None:
        """Publish a message to its topic, or to the installation's."""
        ...


MOST_EVENTS = 10
"""A bus takes so many at once (facts/aws.md, 1.1)."""


class Bus(Protocol):
    """Where other programs hear of every record."""

    def publish(self, events: list[BusEvent]) -> dict[str, str]:
        """Put at most `MOST_EVENTS` on the bus. Returns those that were not taken: id to why. Raises when none was."""
        ...
