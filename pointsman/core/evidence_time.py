"""When a step has enough evidence at the traffic to come: minutes counted as `observe.py` counts them. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pointsman.core.past_traffic import ONE_HOUR, SURE_WITHIN, Basis, PastTraffic, floor_hour

ONE_MINUTE = timedelta(minutes=1)
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

    def needed(self, requests: int) -> float:
        """Requests that must be expected so that as many as are needed arrive."""
        return max(1.0, requests + self.sign * CHANCE * math.sqrt(requests))


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


def evidence_at(
    outlook: Outlook, share: float, requests: int, window: tuple[datetime, datetime], reading: Reading
) -> datetime | None:
    """When the candidate's share (0 to 1) has brought enough requests into complete minutes; None: not within the window."""
    since, until = _next_minute(window[0]), window[1]
    gathered = _gathered(lambda at: outlook.rate(at) * share, outlook.mood.needed(requests), since, until)
    if gathered is None:
        return None
    seen = gathered + reading.delay
    if outlook.mood.sign >= 0 and outlook.rate(gathered) * share < RARELY_EMPTY:
        # A minute without a data point is looked at again until it is `late_fill` old; it holds up those after it.
        seen += (reading.late_fill - reading.delay) if outlook.mood.sign > 0 else ONE_MINUTE
    return seen if seen <= until else None


def _gathered(
    rate: Callable[[datetime], float], needed: float, since: datetime, until: datetime
) -> datetime | None:
    at, have = since, 0.0
    while at < until:
        hour_ends = min(floor_hour(at) + ONE_HOUR, until)
        each = rate(at)
        if each > 0:
            done = at + ONE_MINUTE * math.ceil((needed - have) / each)
            if done <= hour_ends:
                return done
        have += each * ((hour_ends - at) / ONE_MINUTE)
        at = hour_ends
    return None


def _next_minute(moment: datetime) -> datetime:
    floor = moment.replace(second=0, microsecond=0)
    return floor if floor == moment else floor + ONE_MINUTE
