"""CloudWatch: counts of both sides minute by minute, and states of alarms."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.faults import mapped
from pointsman.core.judge import ONE_MINUTE, Minute, Side
from pointsman.core.observed import AlarmReading
from pointsman.errors import Transient
from pointsman.policy import EndpointName, ErrorKind, Health
from pointsman.ports import Sides

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

NAMESPACE = "AWS/SageMaker"
METRIC_OF = {
    ErrorKind.SERVER: "Invocation5XXErrors",
    ErrorKind.MODEL: "InvocationModelErrors",
    ErrorKind.CLIENT: "Invocation4XXErrors",
}
MAX_NAMES = 100
"""DescribeAlarms takes this many names at once."""

Series = dict[datetime, float]


class CloudWatchMetrics:
    """Implements `ports.Metrics`: one GetMetricData for both sides."""

    def __init__(self, client: CloudWatchClient) -> None:
        """Take a client."""
        self._client: Any = client

    def read(self, sides: Sides, health: Health, since: datetime, until: datetime) -> list[Minute]:
        """Every minute of [since, until), None for a side without data points."""
        names = {"c": sides.candidate} | ({"b": sides.baseline} if sides.baseline else {})
        queries = [
            query for key, name in names.items() for query in _queries(key, sides.endpoint, name, health)
        ]
        series = self._series(queries, since, until)
        minutes, at = [], since
        while at < until:
            minutes.append(Minute(at, _side("b", series, at), _side("c", series, at)))
            at += ONE_MINUTE
        return minutes

    def _series(self, queries: list[dict[str, Any]], since: datetime, until: datetime) -> dict[str, Series]:
        series: dict[str, Series] = {}
        token: dict[str, str] = {}
        while True:
            with mapped("GetMetricData"):
                answer = self._client.get_metric_data(
                    MetricDataQueries=queries,
                    StartTime=since,
                    EndTime=until,
                    ScanBy="TimestampAscending",
                    **token,
                )
            for result in answer["MetricDataResults"]:
                if result.get("StatusCode") in {"InternalError", "Forbidden"}:
                    raise Transient(f"CloudWatch answered {result['StatusCode']} for {result['Id']}")
                points = zip(result["Timestamps"], result["Values"], strict=True)
                series.setdefault(result["Id"], {}).update(
                    {moment.astimezone(UTC): value for moment, value in points}
                )
            if not answer.get("NextToken"):
                return series
            token = {"NextToken": answer["NextToken"]}


class CloudWatchAlarms:
    """Implements `ports.Alarms`."""

    def __init__(self, client: CloudWatchClient) -> None:
        """Take a client."""
        self._client: Any = client

    def read(self, names: tuple[str, ...]) -> AlarmReading:
        """DescribeAlarms by name: metric and composite alarms alike."""
        found: dict[str, str] = {}
        for start in range(0, len(names), MAX_NAMES):
            with mapped("DescribeAlarms"):
                answer = self._client.describe_alarms(
                    AlarmNames=list(names[start : start + MAX_NAMES]),
                    AlarmTypes=["MetricAlarm", "CompositeAlarm"],
                    MaxRecords=MAX_NAMES,
                )
            for kind in ("MetricAlarms", "CompositeAlarms"):
                found |= {str(alarm["AlarmName"]): str(alarm["StateValue"]) for alarm in answer.get(kind, [])}
        return AlarmReading(
            firing=tuple(name for name in names if found.get(name) == "ALARM"),
            missing=tuple(name for name in names if name not in found),
        )


def _queries(side: str, endpoint: EndpointName, variant: str, health: Health) -> list[dict[str, Any]]:
    """Requests, each kind of error, requests with a latency, and the percentage of them that is not slow."""
    slow_us = round(health.slow_over.total_seconds() * 1_000_000)
    wanted = [
        ("n", "Invocations", "Sum"),
        ("ln", "ModelLatency", "SampleCount"),
        ("lp", "ModelLatency", f"PR(:{slow_us})"),
    ]
    wanted += [(f"e{index}", METRIC_OF[kind], "Sum") for index, kind in enumerate(health.errors)]
    dimensions = [{"Name": "EndpointName", "Value": endpoint}, {"Name": "VariantName", "Value": variant}]
    return [
        {
            "Id": f"{side}_{name}",
            "MetricStat": {
                "Metric": {"Namespace": NAMESPACE, "MetricName": metric, "Dimensions": dimensions},
                "Period": 60,
                "Stat": stat,
            },
        }
        for name, metric, stat in wanted
    ]


def _side(side: str, series: dict[str, Series], at: datetime) -> Side | None:
    requests = series.get(f"{side}_n", {}).get(at)
    if requests is None:
        return None
    kinds = [points.get(at, 0.0) for name, points in series.items() if name.startswith(f"{side}_e")]
    timed = series.get(f"{side}_ln", {}).get(at, 0.0)
    quick_percent = series.get(f"{side}_lp", {}).get(at, 100.0)
    # One failed request can show in several error metrics (a model's 5xx is also a model error): the largest is taken.
    errors = max(kinds, default=0.0)
    return Side(
        round(requests), min(round(requests), round(errors)), round(timed * (100 - quick_percent) / 100)
    )
