"""CloudWatch: counts of both sides minute by minute, and states of alarms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.alarm_mutes import MuteRules, suppression_of
from pointsman.adapters.aws.faults import mapped
from pointsman.core.judge import ONE_MINUTE, Minute, Side
from pointsman.core.observed import AlarmReading, Mute, Sides
from pointsman.errors import Transient
from pointsman.policy import EndpointName, ErrorKind, Health
from pointsman.policy_alarms import METRIC_OF, NAMESPACE

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

    from pointsman.core.guard_alarms import AlarmDetail

MAX_NAMES = 100
"""DescribeAlarms takes this many names at once."""
MAX_MUTED = 5
"""So many firing alarms are asked for mute rules, one call each, as long as each is muted. The others count as not muted."""

Series = dict[datetime, float]


class CloudWatchMetrics:
    """Implements `ports.Metrics`: one GetMetricData for both sides."""

    def __init__(self, client: CloudWatchClient) -> None:
        """Take a client."""
        self._client: Any = client

    def read(self, sides: Sides, health: Health, since: datetime, until: datetime) -> list[Minute]:
        """Every minute of [since, until), None for a side without data points, or with some of them only."""
        names = {"c": sides.candidate} | ({"b": sides.baseline} if sides.baseline else {})
        queries = [
            query for key, name in names.items() for query in _queries(key, sides.endpoint, name, health)
        ]
        series = self._series(queries, since, until)
        minutes, at = [], since
        while at < until:
            minutes.append(Minute(at, _side("b", series, at, health), _side("c", series, at, health)))
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

    def __init__(self, client: CloudWatchClient, quick: CloudWatchClient) -> None:
        """Take a client, and one that gives up soon: the way back does not wait for mute rules that cannot be read."""
        self._client: Any = client
        self._mutes = MuteRules(quick)

    def read(self, names: tuple[str, ...]) -> AlarmReading:
        """DescribeAlarms by name: metric and composite alarms alike."""
        found: dict[str, dict[str, Any]] = {}
        for start in range(0, len(names), MAX_NAMES):
            with mapped("DescribeAlarms"):
                answer = self._client.describe_alarms(
                    AlarmNames=list(names[start : start + MAX_NAMES]),
                    AlarmTypes=["MetricAlarm", "CompositeAlarm"],
                    MaxRecords=MAX_NAMES,
                )
            for kind in ("MetricAlarms", "CompositeAlarms"):
                found |= {str(alarm["AlarmName"]): alarm for alarm in answer.get(kind, [])}
        firing = tuple(name for name in names if name in found and found[name]["StateValue"] == "ALARM")
        suppressed = {name: suppression_of(found[name]) for name in firing}
        return AlarmReading(
            firing=firing,
            missing=tuple(name for name in names if name not in found),
            mutes=tuple(Mute(name, why) for name, why in suppressed.items() if why),
        )

    def with_mutes(self, reading: AlarmReading) -> AlarmReading:
        """One ListAlarmMuteRules after the other, up to the first alarm that no rule mutes: that one decides."""
        mutes = list(reading.mutes)
        for name in reading.vetoes[:MAX_MUTED]:
            why = self._mutes.find(name)
            if not why:
                break
            mutes.append(Mute(name, why))
        return replace(reading, mutes=tuple(mutes))

    def details(self, names: tuple[str, ...], now: datetime) -> tuple[AlarmDetail, ...]:
        """DescribeAlarms again, which is kept apart: what takes traffic back does not load how alarms are weighed."""
        from pointsman.adapters.aws.alarm_details import AlarmDetails  # noqa: PLC0415 - see above

        return AlarmDetails(self._client).at_start(names, now)


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


def _side(side: str, series: dict[str, Series], at: datetime, health: Health) -> Side | None:
    """One side's minute; None while it is not complete: errors come as 0 wherever there was traffic (facts/aws.md, 3.1)."""

    def point(name: str) -> float | None:
        return series.get(f"{side}_{name}", {}).get(at)

    requests, timed, quick_percent = point("n"), point("ln") or 0.0, point("lp")
    counted = {kind: point(f"e{index}") for index, kind in enumerate(health.errors)}
    if requests is None or None in counted.values() or (timed and quick_percent is None):
        return None
    slow = timed * (100 - (quick_percent or 0.0)) / 100
    return Side(round(requests), min(round(requests), _errors(counted)), round(slow))


def _errors(counted: Mapping[ErrorKind, float | None]) -> int:
    """Failed requests: a model's error mostly shows as a 5xx as well, so the larger is taken; a 4xx is another request."""
    server, model, client = (
        counted.get(kind) or 0.0 for kind in (ErrorKind.SERVER, ErrorKind.MODEL, ErrorKind.CLIENT)
    )
    return round(max(server, model) + client)
