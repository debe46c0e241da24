"""Which CloudWatch metrics are asked for, and counts from what comes back. The call itself is `cloudwatch.py`.

Counts over a threshold come from `SampleCount` and the percentile rank `PR(:x)` (facts/aws.md, 3.2), in microseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pointsman.core.minutes import Side
from pointsman.core.observed import Sides
from pointsman.core.usual import Hour, thresholds_of
from pointsman.policy import CustomMetric, ErrorKind, Health
from pointsman.policy_alarms import METRIC_OF, NAMESPACE

Series = dict[datetime, float]
Wanted = tuple[str, CustomMetric, str]

MINUTE_S, HOUR_S = 60, 3600
ONE_HOUR = timedelta(hours=1)
BOTH_DIMENSIONS = (("EndpointName", "{endpoint}"), ("VariantName", "{variant}"))


def minute_queries(sides: Sides, health: Health) -> list[dict[str, Any]]:
    """Both sides' minutes: requests, errors of each kind, how many were slow, and what the policy adds."""
    over = thresholds_of(sides.usual, health)
    found = _of_side("c", sides, health, (over.candidate_p75, over.candidate_p99))
    if sides.baseline:
        found += _of_side("b", sides, health, (over.baseline_p75, over.baseline_p99))
    return found


def hour_queries(sides: Sides, health: Health) -> list[dict[str, Any]]:
    """The baseline's hours: requests, errors, and percentiles of its latency."""
    latency = _builtin("ModelLatency")
    wanted = [
        ("n", _builtin("Invocations"), "Sum"),
        ("ln", latency, "SampleCount"),
        ("p75", latency, "p75"),
        ("p99", latency, "p99"),
        *_errors_wanted(health),
    ]
    return [_query("b", each, sides, HOUR_S) for each in wanted]


def side_of(side: str, series: Mapping[str, Series], at: datetime, health: Health) -> Side | None:
    """One side's minute; None while it is not complete: errors come as 0 wherever there was traffic (facts/aws.md, 3.1)."""

    def point(name: str) -> float | None:
        return series.get(f"{side}_{name}", {}).get(at)

    requests, timed = point("n"), point("ln") or 0.0
    counted = {kind: point(f"e{index}") for index, kind in enumerate(health.errors)}
    quick = point("lp")
    if requests is None or None in counted.values() or (timed and quick is None):
        return None
    failures = sum(point(f"f{index}") or 0.0 for index in range(len(health.comparison.failures)))
    return Side(
        round(requests),
        min(round(requests), _errors(counted) + round(failures)),
        _slower(timed, quick) or 0,
        round(timed),
        _slower(timed, point("p75")) if timed else None,
        _slower(timed, point("p99")) if timed else None,
        _score(point("q"), point("qn")),
        _output(point("tok"), point("sum")),
    )


def hours_of(series: Mapping[str, Series], under_way: datetime, health: Health) -> list[Hour]:
    """Hours that have data, oldest first."""
    found = []
    for at in sorted(series.get("b_n", {})):

        def point(name: str, at: datetime = at) -> float:
            return series.get(f"b_{name}", {}).get(at, 0.0)

        counted = {kind: point(f"e{index}") for index, kind in enumerate(health.errors)}
        failures = sum(point(f"f{index}") for index in range(len(health.comparison.failures)))
        errors = _errors(counted) + failures
        found.append(Hour(point("n"), errors, point("ln"), point("p75"), point("p99"), at < under_way))
    return found


def _of_side(key: str, sides: Sides, health: Health, over: tuple[int | None, int]) -> list[dict[str, Any]]:
    latency = _builtin("ModelLatency")
    slow_us = round(health.slow_over.total_seconds() * 1_000_000)
    wanted: list[Wanted] = [
        ("n", _builtin("Invocations"), "Sum"),
        ("ln", latency, "SampleCount"),
        ("lp", latency, f"PR(:{slow_us})"),
        *([("p75", latency, f"PR(:{over[0]})")] if over[0] else []),
        ("p99", latency, f"PR(:{over[1]})"),
        *_errors_wanted(health),
    ]
    quality, tokens = health.comparison.quality, health.comparison.output_tokens
    if quality:
        wanted += [("q", quality, "Average"), ("qn", quality, "SampleCount")]
    if tokens:
        wanted += [("tok", tokens, "Sum"), ("sum", latency, "Sum")]
    return [_query(key, each, sides, MINUTE_S) for each in wanted]


def _errors_wanted(health: Health) -> list[Wanted]:
    kinds = [(f"e{index}", _builtin(METRIC_OF[kind]), "Sum") for index, kind in enumerate(health.errors)]
    return kinds + [(f"f{index}", each, "Sum") for index, each in enumerate(health.comparison.failures)]


def _builtin(name: str) -> CustomMetric:
    return CustomMetric(NAMESPACE, name, BOTH_DIMENSIONS)


def _query(key: str, wanted: Wanted, sides: Sides, period: int) -> dict[str, Any]:
    name, metric, stat = wanted
    variant = sides.candidate if key == "c" else sides.baseline or ""
    return {
        "Id": f"{key}_{name}",
        "MetricStat": {
            "Metric": {
                "Namespace": metric.namespace,
                "MetricName": metric.name,
                "Dimensions": [
                    {
                        "Name": dimension,
                        "Value": value.replace("{endpoint}", sides.endpoint).replace("{variant}", variant),
                    }
                    for dimension, value in metric.dimensions
                ],
            },
            "Period": period,
            "Stat": stat,
        },
    }


def _slower(timed: float, quick_percent: float | None) -> int | None:
    """Requests above a threshold, from the percentage that is not."""
    return None if quick_percent is None else round(timed * (100 - quick_percent) / 100)


def _score(mean: float | None, scored: float | None) -> tuple[float, int] | None:
    return (mean, round(scored)) if mean is not None and scored else None


def _output(tokens: float | None, latency_us: float | None) -> tuple[int, float] | None:
    return (round(tokens), latency_us / 1000) if tokens and latency_us else None


def _errors(counted: Mapping[ErrorKind, float | None]) -> int:
    """Failed requests: a model's error mostly shows as a 5xx as well, so the larger is taken; a 4xx is another request."""
    server, model, client = (
        counted.get(kind) or 0.0 for kind in (ErrorKind.SERVER, ErrorKind.MODEL, ErrorKind.CLIENT)
    )
    return round(max(server, model) + client)
