"""Whether traffic that has paused is likely to come back: weekly and month-end jobs, long pauses seen before, a single run that may be monthly. Pure.

It errs towards coming back: what is called idle too late costs days, what is called idle too early costs a service.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta

from pointsman.core.idle_finding import ONE_DAY, ONE_HOUR, ONE_WEEK, day

SLACK = timedelta(hours=2)
"""A job may be late by so much before it counts as missed."""
BOUNDARY = timedelta(days=3)
"""So near to the first of a month is its end: closing the books takes days."""
MONTH = timedelta(days=32)
TRIED = timedelta(days=3)
"""Where all requests are of the first days they are those of whoever made it."""
RUN = timedelta(days=3)
"""A job that runs once a month takes so long at most."""
LONGER = 1.1


def comes_back(active: Sequence[datetime], made: datetime, now: datetime) -> str:
    """Why more requests are to be expected, in words; empty where none are. `active`: beginnings of hours that had any, sorted."""
    if not active:
        return ""
    regular = _weekly(active, now) or _after_pause(active, now)
    if regular or active[-1] < made + TRIED:
        return regular
    return _month_end(active, now) or _monthly(active, now)


def _weekly(active: Sequence[datetime], now: datetime) -> str:
    """The same hour and weekday one or two weeks apart, whose next turn is still to come."""
    hours = set(active)
    for last in reversed(active):
        for weeks in (1, 2):
            before = last - weeks * ONE_WEEK
            due = last + weeks * ONE_WEEK
            is_alike = any(before + shift in hours for shift in (-ONE_HOUR, timedelta(), ONE_HOUR))
            if is_alike and due + ONE_HOUR + SLACK > now:
                often = "every week" if weeks == 1 else "every other week"
                return f"it is asked {often} on {last:%A} at {last:%H}:00 UTC, next on {day(due)}"
    return ""


def _after_pause(active: Sequence[datetime], now: datetime) -> str:
    """It paused for about as long before, and was used again."""
    silence = now - (active[-1] + ONE_HOUR)
    pauses = [(after - before - ONE_HOUR, before) for before, after in itertools.pairwise(active)]
    longest, since = max(pauses, default=(timedelta(), now))
    if longest >= ONE_DAY and silence <= longest * LONGER:
        return f"it paused for {longest // ONE_DAY} days before, after {day(since)}, and was used again"
    return ""


def _month_end(active: Sequence[datetime], now: datetime) -> str:
    """All its hours lie around the end of a month, and the next such end has not passed."""
    ends = [_nearest_end(hour) for hour in active]
    if any(abs(hour - end) > BOUNDARY for hour, end in zip(active, ends, strict=True)):
        return ""
    due = _next_first(ends[-1])
    return f"it is asked at the end of a month, next around {day(due)}" if now < due + BOUNDARY else ""


def _monthly(active: Sequence[datetime], now: datetime) -> str:
    """One run of a few days."""
    first, last = active[0], active[-1]
    if last - first > RUN or now >= last + MONTH:
        return ""
    return f"it was used once, on {day(last)}, which may be a monthly job: looked at again on {day(last + MONTH)}"


def _nearest_end(hour: datetime) -> datetime:
    this = hour.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = _next_first(this)
    return this if hour - this <= following - hour else following


def _next_first(first: datetime) -> datetime:
    return (first + MONTH).replace(day=1)
