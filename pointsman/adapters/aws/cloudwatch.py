"""CloudWatch: counts of both sides minute by minute, and states of alarms."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.alarm_mutes import MuteRules, suppression_of
from pointsman.adapters.aws.faults import mapped
from pointsman.adapters.aws.metric_queries import (
    Series,
    hour_queries,
    hours_of,
    minute_queries,
    side_of,
)
from pointsman.core.minutes import ONE_MINUTE, Minute
from pointsman.core.observed import AlarmReading, Mute, Sides
from pointsman.core.usual import Usual, usual_of
from pointsman.errors import Transient
from pointsman.policy import Health

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

    from pointsman.core.guard_alarms import AlarmDetail

ONE_DAY = timedelta(days=1)
MAX_NAMES = 100
"""DescribeAlarms takes this many names at once."""
MAX_MUTED = 5
"""So many firing alarms are asked for mute rules, one call each, as long as each is muted. The others count as not muted."""


class CloudWatchMetrics:
    """Implements `ports.Metrics`: one GetMetricData for both sides."""

    def __init__(self, client: CloudWatchClient) -> None:
        """Take a client."""
        self._client: Any = client

    def read(self, sides: Sides, health: Health, since: datetime, until: datetime) -> list[Minute]:
        """Every minute of [since, until), None for a side without data points, or with some of them only."""
        series = series_of(self._client, minute_queries(sides, health), since, until)
        minutes, at = [], since
        while at < until:
            minutes.append(Minute(at, side_of("b", series, at, health), side_of("c", series, at, health)))
            at += ONE_MINUTE
        return minutes

    def read_usual(self, sides: Sides, health: Health, before: datetime) -> Usual:
        """Clock hours of the day before, and the one under way: one GetMetricData."""
        under_way = before.replace(minute=0, second=0, microsecond=0)
        series = series_of(self._client, hour_queries(sides, health), under_way - ONE_DAY, before)
        return usual_of(hours_of(series, under_way, health))


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


def series_of(
    client: Any,  # noqa: ANN401 - boto3's clients have no common type
    queries: list[dict[str, Any]],
    since: datetime,
    until: datetime,
) -> dict[str, Series]:
    """Points of [since, until) by the query's id, from GetMetricData to its last page. Raises Transient, and what `mapped` makes of errors."""
    series: dict[str, Series] = {}
    token: dict[str, str] = {}
    while True:
        with mapped("GetMetricData"):
            answer = client.get_metric_data(
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
