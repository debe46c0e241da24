"""A past for endpoints: whole minutes of traffic written into the metrics as if they had been served. Nothing is simulated."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from statistics import NormalDist

from twin.metrics import Metrics, minute_of

Rate = Callable[[datetime], float] | float

_MINUTE = timedelta(minutes=1)
# Latencies spread like those of a served request do by default (traffic.Profile.jitter), by equally likely steps whose
# mean is 1, so that averages are what was asked for and percentiles differ from them.
_JITTER = 0.15
_STEPS = 8


@dataclass(frozen=True, slots=True)
class Past:
    """What a variant is remembered for: requests a minute (constant, or by the minute's start), latency, errors."""

    rpm: Rate
    latency_ms: float
    error_rate: float = 0.0
    instances: int = 1


def remember(metrics: Metrics, series: tuple[str, str], start: datetime, minutes: int, past: Past) -> None:
    """Write `minutes` from the minute of `start` on for the (endpoint, variant) `series`.

    Fractions of requests and errors are carried over, so that sums over hours are right. Raises ValueError for
    minutes that are not past yet.
    """
    first = minute_of(start)
    if first + minutes > metrics.current_minute():
        raise ValueError(f"only minutes that are past can be remembered, not {minutes} from {start}")
    owed_requests = owed_errors = 0.0
    for number in range(minutes):
        when = start + _MINUTE * number
        owed_requests += past.rpm(when) if callable(past.rpm) else past.rpm
        requests = math.floor(owed_requests)
        owed_requests -= requests
        owed_errors += requests * past.error_rate
        errors = math.floor(owed_errors + 1e-9)
        owed_errors -= errors
        latencies = _latencies(past.latency_ms, requests, number % _STEPS)
        metrics.record_minute(series, first + number, errors, latencies, past.instances)


@cache
def _spread() -> tuple[float, ...]:
    normal = NormalDist()
    steps = [math.exp(_JITTER * normal.inv_cdf((step + 0.5) / _STEPS)) for step in range(_STEPS)]
    mean = sum(steps) / _STEPS
    return tuple(step / mean for step in steps)


@cache
def _latencies(latency_ms: float, requests: int, turn: int) -> tuple[tuple[float, int], ...]:
    """Return (microseconds, requests) of one minute; what does not divide evenly begins at the step `turn`."""
    whole, left = divmod(requests, _STEPS)
    counts = [whole + ((step - turn) % _STEPS < left) for step in range(_STEPS)]
    return tuple(
        (latency_ms * 1000.0 * factor, count)
        for factor, count in zip(_spread(), counts, strict=True)
        if count
    )
