"""The past of one variant, minute by minute, as a backtest needs it: counts over any threshold, hours, what was usual. Pure; reading is not done here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from math import log

from pointsman.core.past_traffic import ONE_DAY, floor_hour
from pointsman.core.usual import BUCKET, ENOUGH, Hour, Usual, usual_of
from pointsman.policy import Health

P75_OVER, P99_OVER = 0.25, 0.01


@dataclass(frozen=True, slots=True)
class PastMinute:
    """What a variant answered from `at` on: counts of `minutes` whole minutes. `over` maps microseconds to how many took longer.

    Of `requests`, `timed` have a latency.
    """

    at: datetime
    requests: int
    errors: int
    timed: int = 0
    over: Mapping[int, int] = field(default_factory=dict)
    minutes: int = 1

    def threshold_for(self, microseconds: int) -> int | None:
        """The threshold that is counted for another one: itself, or the next above. None: there is none."""
        if microseconds in self.over:
            return microseconds
        return min((each for each in self.over if each > microseconds), default=None)

    def slower_than(self, microseconds: int) -> int | None:
        """Requests over a threshold, or over the one that is counted for it."""
        threshold = self.threshold_for(microseconds)
        return self.over[threshold] if threshold is not None else None


@dataclass(frozen=True)
class Past:
    """All that is known of a variant in [since, until). `coarse` is older than what is kept by the minute: limits alone are held to it."""

    since: datetime
    until: datetime
    minutes: Mapping[datetime, PastMinute]
    coarse: tuple[PastMinute, ...] = ()

    @cached_property
    def hours(self) -> dict[datetime, PastMinute]:
        """Sums by full hour, oldest first. An hour without data is absent."""
        found: dict[datetime, list[PastMinute]] = {}
        for each in (*self.coarse, *self.minutes.values()):
            found.setdefault(floor_hour(each.at), []).append(each)
        return {at: _sum(at, parts) for at, parts in sorted(found.items())}

    @cached_property
    def first_minute(self) -> datetime | None:
        """From when on there are minutes; None where there are none."""
        return min(self.minutes, default=None)

    def usual_before(self, moment: datetime) -> Usual:
        """What a judge would have taken for usual at a full hour: the newest hour of the day before with enough requests."""
        since = max(moment - ONE_DAY, self.first_minute or moment)
        return usual_of([hour_of(each) for at, each in self.hours.items() if since <= at < moment])


def hour_of(past: PastMinute) -> Hour:
    """An hour's sums with its percentiles, on the thresholds that were counted: the lowest that enough requests are below."""
    return Hour(
        past.requests,
        past.errors,
        past.timed,
        _percentile(past, P75_OVER),
        _percentile(past, P99_OVER),
        is_whole=True,
    )


def slow_us(health: Health) -> int:
    """The policy's own limit in microseconds."""
    return round(health.slow_over / timedelta(microseconds=1))


def above_limits(
    hours: Iterable[PastMinute], health: Health
) -> tuple[list[PastMinute], list[PastMinute], int]:
    """Hours in which what served was itself above the policy's limit of errors, of slow answers; and how many were looked at.

    An hour with fewer requests than a pass needs is not looked at.
    """
    looked = [each for each in hours if each.requests >= health.min_requests]
    failing = [each for each in looked if 100 * each.errors > health.max_error_percent * each.requests]
    limit = slow_us(health)
    slow = [
        each
        for each in looked
        if 100 * (each.slower_than(limit) or 0) > health.max_slow_percent * each.requests
    ]
    return failing, slow, len(looked)


def _percentile(past: PastMinute, over: float) -> float:
    if past.timed < ENOUGH:
        return 0.0
    fitting = (each for each in sorted(past.over) if past.over[each] <= over * past.timed)
    return next((_edge_at(each) for each in fitting), 0.0)


def _edge_at(threshold: int) -> float:
    """The edge of a bucket that a threshold was rounded from, or the threshold itself."""
    edge = BUCKET ** round(log(threshold) / log(BUCKET)) if threshold > 0 else 0.0
    return float(edge) if round(edge) == threshold else float(threshold)


def _sum(at: datetime, parts: list[PastMinute]) -> PastMinute:
    thresholds = set(parts[0].over).intersection(*(part.over for part in parts if part.timed))
    return PastMinute(
        at,
        sum(part.requests for part in parts),
        sum(part.errors for part in parts),
        sum(part.timed for part in parts),
        {each: sum(part.over.get(each, 0) for part in parts) for each in thresholds},
        sum(part.minutes for part in parts),
    )
