"""The metric store: per variant and minute, the sums and coarse buckets that statistics are computed from."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from twin.agenda import Agenda
from twin.timings import Timings

NAMESPACE = "AWS/SageMaker"
# CloudWatch keeps distributions, not values: buckets are about 10 % wide, so a percentile is off by up to one.
BUCKET_RATIO = 1.1
_LOG_RATIO = math.log(BUCKET_RATIO)
ZERO_BUCKET = -(1 << 30)


def minute_of(when: datetime) -> int:
    """Return the number of the minute since the epoch that `when` is in."""
    return int(when.timestamp()) // 60


def bucket_of(value: float) -> int:
    """Return the bucket of a value that is not negative."""
    return math.floor(math.log(value) / _LOG_RATIO) if value > 0.0 else ZERO_BUCKET


@dataclass(slots=True)
class Row:
    """All metrics of one variant in one minute; latency in microseconds."""

    requests: int = 0
    errors: int = 0
    per_instance: float = 0.0
    total_us: float = 0.0
    least_us: float = math.inf
    most_us: float = 0.0
    buckets: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Summary:
    """The distribution of one metric over some minutes."""

    count: int = 0
    total: float = 0.0
    least: float = math.inf
    most: float = -math.inf
    buckets: dict[int, int] = field(default_factory=dict)

    def absorb(self, other: Summary) -> None:
        """Add the values of `other`."""
        self.count += other.count
        self.total += other.total
        self.least = min(self.least, other.least)
        self.most = max(self.most, other.most)
        for bucket, count in other.buckets.items():
            self.buckets[bucket] = self.buckets.get(bucket, 0) + count


def _flags(requests: int, raised: int) -> Summary:
    buckets = {bucket: n for bucket, n in ((ZERO_BUCKET, requests - raised), (0, raised)) if n}
    least, most = float(raised == requests), float(raised > 0)
    return Summary(requests, float(raised), least, most, buckets)


def _per_instance(row: Row) -> Summary:
    each = row.per_instance / row.requests
    return Summary(row.requests, row.per_instance, each, each, {bucket_of(each): row.requests})


_METRICS: dict[str, Callable[[Row], Summary]] = {
    "Invocations": lambda row: _flags(row.requests, row.requests),
    "Invocation4XXErrors": lambda row: _flags(row.requests, 0),
    "Invocation5XXErrors": lambda row: _flags(row.requests, row.errors),
    "InvocationModelErrors": lambda row: _flags(row.requests, row.errors),
    "InvocationsPerInstance": _per_instance,
    "ModelLatency": lambda row: Summary(row.requests, row.total_us, row.least_us, row.most_us, row.buckets),
}


@dataclass(frozen=True, slots=True)
class Series:
    """One metric of one variant."""

    rows: dict[int, Row]
    read: Callable[[Row], Summary]

    def summary(self, minutes: Iterable[int]) -> Summary | None:
        """Return the distribution over `minutes`, None without any value: no traffic, no datapoint (facts 3.1)."""
        found = [self.read(self.rows[minute]) for minute in minutes if minute in self.rows]
        if not found:
            return None
        merged = Summary()
        for summary in found:
            merged.absorb(summary)
        return merged


class Metrics:
    """Rows by variant and minute. A minute becomes visible some time after its end, whole."""

    def __init__(self, agenda: Agenda, timings: Timings) -> None:
        self._agenda = agenda
        self._timings = timings
        self._rows: dict[tuple[str, str], dict[int, Row]] = {}

    def record(
        self, series: tuple[str, str], minute: int, latency_us: float, errors: int, instances: int
    ) -> None:
        """Add one request to the (endpoint, variant) `series`."""
        rows = self._rows.setdefault(series, {})
        row = rows.get(minute)
        if row is None:
            row = rows[minute] = Row()
        row.requests += 1
        row.errors += errors
        row.per_instance += 1.0 / max(instances, 1)
        row.total_us += latency_us
        row.least_us = min(row.least_us, latency_us)
        row.most_us = max(row.most_us, latency_us)
        bucket = bucket_of(latency_us)
        row.buckets[bucket] = row.buckets.get(bucket, 0) + 1

    def record_minute(
        self,
        series: tuple[str, str],
        minute: int,
        errors: int,
        latencies: Iterable[tuple[float, int]],
        instances: int,
    ) -> None:
        """Add requests of one minute at once, `errors` of them failed: how long (microseconds) how many took."""
        rows = self._rows.setdefault(series, {})
        for latency_us, requests in latencies:
            row = rows.get(minute)
            if row is None:
                row = rows[minute] = Row()
            row.requests += requests
            row.per_instance += requests / max(instances, 1)
            row.total_us += latency_us * requests
            row.least_us = min(row.least_us, latency_us)
            row.most_us = max(row.most_us, latency_us)
            bucket = bucket_of(latency_us)
            row.buckets[bucket] = row.buckets.get(bucket, 0) + requests
        if errors:
            rows[minute].errors += errors

    def current_minute(self) -> int:
        """Return the minute that it is now."""
        return minute_of(self._agenda.now)

    def hidden_from(self) -> int:
        """Return the first minute that is not visible yet."""
        return minute_of(self._agenda.now - self._timings.metric_lag)

    def find(self, namespace: str, name: str, dimensions: dict[str, str]) -> Series | None:
        """Return the series of exactly these dimensions, None if nothing was ever recorded under them (facts 3.1)."""
        if (
            namespace != NAMESPACE
            or name not in _METRICS
            or dimensions.keys() != {"EndpointName", "VariantName"}
        ):
            return None
        rows = self._rows.get((dimensions["EndpointName"], dimensions["VariantName"]))
        return None if rows is None else Series(rows, _METRICS[name])

    def requests(self, endpoint: str, variant: str, minute: int) -> int:
        """Return how many requests the variant was sent in a minute, as far as metrics know."""
        row = self._rows.get((endpoint, variant), {}).get(minute)
        return 0 if row is None else row.requests
