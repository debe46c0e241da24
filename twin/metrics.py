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


def _flags(requests: int, raised: int) -> Summary:
    """Return the distribution of a metric that is 1 for what was raised and 0 for the other requests."""
    buckets = {bucket: n for bucket, n in ((ZERO_BUCKET, requests - raised), (0, raised)) if n}
    least, most = float(raised == requests), float(raised > 0)
    return Summary(requests, float(raised), least, most, buckets)


def _requests(rows: list[Row]) -> int:
    return sum([row.requests for row in rows])


def _per_instance(rows: list[Row]) -> Summary:
    merged = Summary()
    for row in rows:
        each = row.per_instance / row.requests
        merged.count += row.requests
        merged.total += row.per_instance
        merged.least, merged.most = min(merged.least, each), max(merged.most, each)
        bucket = bucket_of(each)
        merged.buckets[bucket] = merged.buckets.get(bucket, 0) + row.requests
    return merged


def _latency(rows: list[Row]) -> Summary:
    if len(rows) == 1:
        # Most are asked for by the minute, and property tests ask often.
        [row] = rows
        return Summary(row.requests, row.total_us, row.least_us, row.most_us, row.buckets)
    buckets: dict[int, int] = {}
    for row in rows:
        for bucket, count in row.buckets.items():
            buckets[bucket] = buckets.get(bucket, 0) + count
    return Summary(
        _requests(rows),
        sum([row.total_us for row in rows]),
        min([row.least_us for row in rows]),
        max([row.most_us for row in rows]),
        buckets,
    )


_METRICS: dict[str, Callable[[list[Row]], Summary]] = {
    "Invocations": lambda rows: _flags(_requests(rows), _requests(rows)),
    "Invocation4XXErrors": lambda rows: _flags(_requests(rows), 0),
    "Invocation5XXErrors": lambda rows: _flags(_requests(rows), sum([row.errors for row in rows])),
    "InvocationModelErrors": lambda rows: _flags(_requests(rows), sum([row.errors for row in rows])),
    "InvocationsPerInstance": _per_instance,
    "ModelLatency": _latency,
}


@dataclass(frozen=True, slots=True)
class Series:
    """One metric of one variant."""

    rows: dict[int, Row]
    read: Callable[[list[Row]], Summary]

    def summary(self, minutes: Iterable[int]) -> Summary | None:
        """Return the distribution over `minutes`, None without any value: no traffic, no datapoint (facts 3.1)."""
        rows = self.rows
        found = [rows[minute] for minute in minutes if minute in rows]
        return self.read(found) if found else None


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
