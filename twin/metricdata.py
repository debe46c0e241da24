"""GetMetricData: queries against the metric store. Metric math, SEARCH and SQL are not simulated."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from twin.errors import TwinError
from twin.metrics import Metrics, minute_of
from twin.paging import Pages
from twin.signals import Flaw, Joined, Readable, Signals
from twin.stats import statistic

Params = dict[str, Any]

MOST_QUERIES = 500
_PAGES = Pages(
    "GetMetricData",
    default=100_800,
    most=100_800,
    size_member="MaxDatapoints",
    size_code="ValidationError",
    page_code="InvalidNextToken",
)


def get_metric_data(metrics: Metrics, signals: Signals, params: Params) -> Params:
    """GetMetricData (facts 3.3): StartTime inclusive, EndTime exclusive, missing minutes absent, newest first.

    A page holds so many datapoints over all queries; a query that it ends within is PartialData. What a series of
    `signals` holds adds to what was recorded.
    """
    queries = params["MetricDataQueries"]
    if len(queries) > MOST_QUERIES:
        raise TwinError(
            "ValidationError", f"The collection MetricDataQueries must not have more than {MOST_QUERIES}."
        )
    if params["StartTime"] >= params["EndTime"]:
        raise TwinError("ValidationError", "The parameter StartTime must be less than the parameter EndTime.")
    begin = int(_PAGES.last(params)[0]) if params.get("NextToken") else 0
    end = begin + _PAGES.size(params)
    results, place = [], 0
    for query in queries:
        if query.get("ReturnData", True):
            points = _ordered(metrics, signals, query, params)
            page = points[max(begin - place, 0) : max(end - place, 0)]
            if page or (not points and begin <= place < end):
                flaw = _flaw(signals, query["MetricStat"]["Metric"])
                results.append(_result(query, page, flaw, is_whole=place + len(points) <= end))
            place += len(points)
        if place > end:
            break
    more = {"NextToken": _PAGES.token(params, (str(end), ""))} if place > end else {}
    return {"MetricDataResults": results, "Messages": [], **more}


def _ordered(metrics: Metrics, signals: Signals, query: Params, params: Params) -> list[tuple[int, float]]:
    stat = query.get("MetricStat")
    if stat is None:
        raise TwinError("ValidationError", "The twin does not do this yet: metric math expressions.")
    if _flaw(signals, stat["Metric"]) in (Flaw.ERROR, Flaw.FORBIDDEN):
        return []
    series = _series(metrics, signals, stat["Metric"])
    hidden = metrics.hidden_from()
    points = [] if series is None else _points(series, stat, params, hidden)
    if params.get("ScanBy", "TimestampDescending") == "TimestampDescending":
        points.reverse()
    return points


def _result(query: Params, points: list[tuple[int, float]], flaw: Flaw, *, is_whole: bool) -> Params:
    return {
        "Id": query["Id"],
        "Label": query.get("Label", query["MetricStat"]["Metric"]["MetricName"]),
        "Timestamps": [datetime.fromtimestamp(minute * 60, UTC) for minute, _ in points],
        "Values": [value for _, value in points],
        "StatusCode": flaw.value if is_whole else "PartialData",
    }


def _points(series: Readable, stat: Params, params: Params, hidden: int) -> list[tuple[int, float]]:
    compute, width = statistic(stat["Stat"]), max(stat["Period"] // 60, 1)
    first = minute_of(params["StartTime"])
    points = []
    for start in range(first - first % width, hidden, width):
        if start * 60 >= params["EndTime"].timestamp():
            break
        summary = series.summary(range(start, min(start + width, hidden)))
        if summary is not None:
            points.append((start, compute(summary)))
    return points


def _series(metrics: Metrics, signals: Signals, metric: Params) -> Readable | None:
    signal, recorded = signals.find(*_key(metric)), metrics.find(*_key(metric))
    if signal is not None and recorded is not None:
        return Joined((signal, recorded))
    return signal or recorded


def _flaw(signals: Signals, metric: Params) -> Flaw:
    found = signals.find(*_key(metric))
    return found.flaw if found is not None else Flaw.NONE


def _key(metric: Params) -> tuple[str, str, dict[str, str]]:
    dimensions = {entry["Name"]: entry["Value"] for entry in metric.get("Dimensions", [])}
    return metric["Namespace"], metric["MetricName"], dimensions
