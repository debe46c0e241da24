"""The event bus: envelopes in EventBridge's shape, delivered when due. What is in a detail is its service's business."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import Any

from twin.agenda import Agenda
from twin.faults import Faults
from twin.names import Arns
from twin.plain import copied
from twin.timings import Timings

Subscriber = Callable[[dict[str, Any]], None]


def fresh_id(rng: Random) -> str:
    """Return a UUID drawn from `rng`, so that a seed repeats it."""
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def epoch_ms(when: datetime) -> int:
    """Return epoch milliseconds, the times of endpoint events (facts 1.3)."""
    return round(when.timestamp() * 1000)


def iso(when: datetime) -> str:
    """Return seconds in ISO 8601 with Z, the times of envelopes and model package events."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Bus:
    """Delivers events to subscribers after a delay, with the faults asked for."""

    def __init__(self, agenda: Agenda, arns: Arns, timings: Timings, rng: Random) -> None:
        self.faults = Faults()
        self._agenda = agenda
        self._arns = arns
        self._timings = timings
        self._rng = rng
        self._subscribers: list[Subscriber] = []

    def of(self, arns: Arns) -> Bus:
        """Return the bus of another account, whose rule passes everything on: the same subscribers, the same faults."""
        bus = Bus(self._agenda, arns, self._timings, self._rng)
        bus.faults, bus._subscribers = self.faults, self._subscribers
        return bus

    def subscribe(self, subscriber: Subscriber) -> None:
        """Hand every later event to `subscriber`, each time a dict of its own."""
        self._subscribers.append(subscriber)

    def new_id(self) -> str:
        """Return an id for something that is named in events."""
        return fresh_id(self._rng)

    def emit(self, source: str, detail_type: str, resource: str, detail: dict[str, Any]) -> None:
        """Send one event about `resource`, or lose, double or delay it if a fault says so."""
        if source == "aws.sagemaker" and self.faults.take_loss(self._rng):
            return
        copies = 2 if self.faults.take_duplicate() else 1
        delay = self._timings.event_delay + self.faults.take_delay()
        for _ in range(copies):
            event = {
                "version": "0",
                "id": self.new_id(),
                "detail-type": detail_type,
                "source": source,
                "account": self._arns.account,
                "time": iso(self._agenda.now),
                "region": self._arns.region,
                "resources": [resource],
                "detail": detail,
            }
            self._agenda.after(delay, partial(self._deliver, event))

    def _deliver(self, event: dict[str, Any]) -> None:
        for subscriber in tuple(self._subscribers):
            subscriber(copied(event))
