"""The datapoints that an alarm looks at, of one metric or of metric math over several. What they mean lives in evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from twin import formula
from twin.errors import TwinError
from twin.metrics import Metrics, Series
from twin.stats import Statistic, statistic

Params = dict[str, Any]

# CloudWatch looks at a range wider than EvaluationPeriods before it calls a point missing (facts 3.4).
EXTRA_PERIODS = 2
MOST_METRICS = 10


@dataclass(frozen=True, slots=True)
class Point:
    """One period of the evaluation range; `value` is None where data is missing."""

    start_minute: int
    value: float | None
    samples: int = 0


def stat_of(spec: Params) -> str:
    """Return the statistic of an alarm on one metric."""
    name: str = spec.get("ExtendedStatistic") or spec.get("Statistic", "")
    return name


def period_of(spec: Params) -> int:
    """Return the period in seconds; metrics of one expression share theirs."""
    period: int = spec["Period"] if "Period" in spec else _stats(spec)[0]["MetricStat"]["Period"]
    return period


def check(spec: Params) -> None:
    """Raise ValidationError for metrics that an alarm cannot be put on (facts 3.3, 3.4)."""
    if "Metrics" not in spec:
        if "MetricName" not in spec:
            raise TwinError("ValidationError", "The twin does not do this yet: alarms without a metric.")
        statistic(stat_of(spec))
        return
    _check_math(spec)


def _check_math(spec: Params) -> None:
    told, stats = [each for each in spec["Metrics"] if each.get("ReturnData", True)], _stats(spec)
    if len(told) != 1 or not 1 <= len(stats) <= MOST_METRICS or spec.keys() & {"MetricName", "Period"}:
        raise TwinError(
            "ValidationError", "Metrics must return the data of exactly one expression over metrics."
        )
    if len({each["MetricStat"]["Period"] for each in stats}) != 1 or len(spec["Metrics"]) > len(stats) + 1:
        raise TwinError("ValidationError", "The twin does not do this yet: several periods or expressions.")
    for each in stats:
        statistic(each["MetricStat"]["Stat"])
    if "Expression" in told[0]:
        formula.read(told[0]["Expression"])
        unknown = formula.names_in(told[0]["Expression"]) - {each["Id"] for each in stats}
        if unknown:
            raise TwinError(
                "ValidationError", f"The expression names {', '.join(sorted(unknown))}, which is no Id."
            )


def points_of(metrics: Metrics, spec: Params) -> list[Point]:
    """Return the evaluation range, newest period first. It ends with the newest minute that is visible."""
    width = max(period_of(spec) // 60, 1)
    end = metrics.hidden_from()
    starts = [end - width * (age + 1) for age in range(spec["EvaluationPeriods"] + EXTRA_PERIODS)]
    if "Metrics" in spec:
        return _computed(metrics, spec, starts, width)
    series = _series(metrics, spec)
    compute = statistic(stat_of(spec))
    return [_point(series, compute, start, width) for start in starts]


def _computed(metrics: Metrics, spec: Params, starts: list[int], width: int) -> list[Point]:
    """Return points of the one entry that returns data; an expression has a value where all it uses has."""
    sources = {
        each["Id"]: (_series(metrics, each["MetricStat"]["Metric"]), statistic(each["MetricStat"]["Stat"]))
        for each in _stats(spec)
    }
    told = next(each for each in spec["Metrics"] if each.get("ReturnData", True))
    compute = formula.read(told.get("Expression", told["Id"]))
    points = []
    for start in starts:
        values = {name: _point(*source, start, width).value for name, source in sources.items()}
        points.append(Point(start, compute(values)))
    return points


def _stats(spec: Params) -> list[Params]:
    return [each for each in spec["Metrics"] if "MetricStat" in each]


def _series(metrics: Metrics, metric: Params) -> Series | None:
    dimensions = {entry["Name"]: entry["Value"] for entry in metric.get("Dimensions", [])}
    return metrics.find(metric["Namespace"], metric["MetricName"], dimensions)


def _point(series: Series | None, compute: Statistic, start: int, width: int) -> Point:
    summary = series.summary(range(start, start + width)) if series is not None else None
    return Point(start, None) if summary is None else Point(start, compute(summary), summary.count)
