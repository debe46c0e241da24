"""Requests to come, in the three moods of a timetable. What they prove is `rehearsal.py`. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pointsman.core.minutes import ONE_MINUTE
from pointsman.core.past_traffic import SURE_WITHIN, Basis, PastTraffic, floor_hour

CHANCE = 1.645
"""Requests come by chance: of n expected, one time in twenty fewer than n - 1.645 sqrt(n) arrive."""
RARELY_EMPTY = 5.0
"""With so many requests a minute expected, a minute without any is rarer than one in a hundred."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How metrics are read: a minute counts `delay` after its end, an empty one when `late_fill` more is over."""

    delay: timedelta
    late_fill: timedelta


@dataclass(frozen=True, slots=True)
class Mood:
    """One way in which things may go: -1 the earliest, 0 as expected, 1 the latest."""

    sign: int

    def requests_per_minute(self, expected: float, basis: Basis) -> float:
        """More traffic than expected is earlier, less is later."""
        return float(expected * SURE_WITHIN[basis] ** -self.sign)

    def by_chance(self, expected: float) -> float:
        """Of so many expected, how many come: in the latest mood as few as one time in twenty, in the earliest as many."""
        return max(0.0, expected - self.sign * CHANCE * math.sqrt(expected))

    def bad_by_chance(self, expected: float) -> float:
        """The same for what speaks against a version: most of it is latest."""
        return max(0.0, expected + self.sign * CHANCE * math.sqrt(expected))


@dataclass(slots=True)
class Outlook:
    """Requests a minute by hour to come, in one mood; looked up once an hour."""

    traffic: PastTraffic
    mood: Mood
    _known: dict[datetime, float] = field(default_factory=dict)

    def rate(self, moment: datetime) -> float:
        """Requests a minute at a moment."""
        hour = floor_hour(moment)
        if hour not in self._known:
            self._known[hour] = self.mood.requests_per_minute(*self.traffic.expected(hour))
        return self._known[hour]


def next_minute(moment: datetime) -> datetime:
    """The first whole minute that does not begin before a moment."""
    floor = moment.replace(second=0, microsecond=0)
    return floor if floor == moment else floor + ONE_MINUTE
