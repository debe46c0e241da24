"""GetMetricData: queries against the metric store. Metric math, SEARCH and SQL are not simulated."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from twin.errors import TwinError
from twin.metrics import Metrics, minute_of
from twin.stats import statistic

Params = dict[str, Any]

MOST_QUERIES = 500


def get_metric_data(metrics: Metrics, params: Params) -> Params:
    """GetMetricData (facts 3.3): StartTime inclusive, EndTime exclusive, missing minutes absent, newest first."""
    queries = params["MetricDataQueries"]
    if len(queries) > MOST_QUERIES:
        raise TwinError(
            "ValidationError", f"The collection MetricDataQueries must not have more than {MOST_QUERIES}."
        )
    if params["StartTime"] >= params["EndTime"]:
        raise TwinError("ValidationError", "The parameter StartTime must be less than the parameter EndTime.")
    results = [_result(metrics, query, params) for query in queries if query.get("ReturnData", True)]
    return {"MetricDataResults": results, "Messages": []}


def _result(metrics: Metrics, query: Params, params: Params) -> Params:
    stat = query.get("MetricStat")
    if stat is None:
        raise TwinError("ValidationError", "The twin does not do this yet: metric math expressions.")
    points = _points(metrics, stat, minute_of(params["StartTime"]), params["EndTime"])
    if params.get("ScanBy", "TimestampDescending") == "TimestampDescending":
        points.reverse()
    return {
        "Id": query["Id"],
        "Label": query.get("Label", stat["Metric"]["MetricName"]),
        "Timestamps": [datetime.fromtimestamp(minute * 60, UTC) for minute, _ in points],
        "Values": [value for _, value in points],
        "StatusCode": "Complete",
    }


def _points(metrics: Metrics, stat: Params, first: int, end: datetime) -> list[tuple[int, float]]:
    compute = statistic(stat["Stat"])
    metric = stat["Metric"]
    dimensions = {entry["Name"]: entry["Value"] for entry in metric.get("Dimensions", [])}
    series = metrics.find(metric["Namespace"], metric["MetricName"], dimensions)
    if series is None:
        return []
    width = max(stat["Period"] // 60, 1)
    hidden = metrics.hidden_from()
    points = []
    for start in range(first - first % width, hidden, width):
        if start * 60 >= end.timestamp():
            break
        summary = series.summary(range(start, min(start + width, hidden)))
        if summary is not None:
            points.append((start, compute(summary)))
    return points
