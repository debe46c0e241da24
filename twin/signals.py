"""Metrics that are functions of time: what a series held in any minute is computed when it is asked for, and nothing is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Protocol

from twin.metrics import Summary, minute_of

Curve = Callable[[datetime], float | None] | float
"""A value a minute, by the minute's start; None: no datapoint. A number stands for every minute."""
Key = tuple[str, str, frozenset[tuple[str, str]]]


class Readable(Protocol):
    """A series that statistics can be computed of."""

    def summary(self, minutes: range) -> Summary | None:
        """Return the distribution over `minutes`, None without any value."""
        ...


class Flaw(Enum):
    """What CloudWatch says of a series that it cannot answer for, in its own words (facts 3.3)."""

    NONE = "Complete"
    PARTIAL = "PartialData"
    ERROR = "InternalError"
    FORBIDDEN = "Forbidden"


@dataclass(frozen=True, slots=True)
class Signal:
    """One metric from `begins` on. With `counts` a value is so many requests; without, one measurement."""

    curve: Curve
    begins: datetime
    counts: bool = True
    flaw: Flaw = Flaw.NONE

    def summary(self, minutes: range) -> Summary | None:
        """Return the distribution over `minutes`, which go up by one."""
        wanted = range(max(minutes.start, minute_of(self.begins)), minutes.stop)
        if callable(self.curve):
            found = [self.curve(datetime.fromtimestamp(minute * 60, UTC)) for minute in wanted]
            values = [each for each in found if each is not None]
            total, count = sum(values), len(values)
        else:
            values, count = [self.curve] if wanted else [], len(wanted)
            total = self.curve * count
        if not values:
            return None
        if self.counts:
            return Summary(max(round(total), 1), total, float(total > 0), float(total > 0))
        return Summary(count, total, min(values), max(values))


@dataclass(frozen=True, slots=True)
class Joined:
    """A series that was recorded beside a signal: what both of them held."""

    parts: tuple[Readable, Readable]

    def summary(self, minutes: range) -> Summary | None:
        """Return the distribution over `minutes`, without the percentiles of the signal's part."""
        found = [each for part in self.parts if (each := part.summary(minutes)) is not None]
        if len(found) < len(self.parts):
            return found[0] if found else None
        first, second = found
        return Summary(
            first.count + second.count,
            first.total + second.total,
            min(first.least, second.least),
            max(first.most, second.most),
            second.buckets,
        )


class Signals:
    """Signals by namespace, name and exact dimensions."""

    def __init__(self) -> None:
        self._signals: dict[Key, Signal] = {}

    def put(self, namespace: str, name: str, dimensions: Mapping[str, str], signal: Signal) -> None:
        """Let a series follow a function from now on."""
        self._signals[key_of(namespace, name, dimensions)] = signal

    def find(self, namespace: str, name: str, dimensions: Mapping[str, str]) -> Signal | None:
        """Return the signal of exactly these dimensions."""
        return self._signals.get(key_of(namespace, name, dimensions))


def key_of(namespace: str, name: str, dimensions: Mapping[str, str]) -> Key:
    """Return what a series is known by: a subset of its dimensions finds nothing (facts 3.1)."""
    return namespace, name, frozenset(dimensions.items())
