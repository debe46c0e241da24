"""CloudWatch alarms with what a release depends on: what they watch, how they take missing data, whether anybody hears of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.alarm_mutes import MuteRules, suppression_of
from pointsman.adapters.aws.faults import mapped
from pointsman.adapters.aws.survey_shapes import alarm_of
from pointsman.core.alarms import children_of
from pointsman.core.guard_alarms import METRIC_LAG, ONE_MINUTE, AlarmDetail
from pointsman.errors import PointsmanError
from pointsman.survey import SeenAlarm, Watched

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

MAX_NAMES = 100
"""DescribeAlarms takes this many names at once."""
KINDS = ("MetricAlarms", "CompositeAlarms")
MAX_QUERIES = 500
"""GetMetricData takes this many at once."""
WITHOUT_DATA = "INSUFFICIENT_DATA"

Json = dict[str, Any]


class AlarmDetails:
    """Implements `surroundings.AlarmBook`, and what a pass before the first change reads."""

    def __init__(self, client: CloudWatchClient, is_late: Callable[[], bool] = lambda: False) -> None:
        """Take a client, and what says when to give up asking for mute rules, which takes a call for each alarm."""
        self._client: Any = client
        self._mutes = MuteRules(client)
        self._is_late = is_late

    def read(self, names: tuple[str, ...], now: datetime) -> dict[str, AlarmDetail]:
        """The alarms of these names that exist, with what mutes them. Data and mutes are left out where they cannot be read.

        Raises:
            Denied, Transient: not even the alarms can be read.

        """
        known = self._known(names)
        with suppress(PointsmanError):
            known = known if self._is_late() else self._fed(known, now)
        return {
            name: replace(each, suppressed=each.suppressed or self._muted(name))
            for name, each in _whole(names, known)
        }

    def at_start(self, names: tuple[str, ...], now: datetime) -> tuple[AlarmDetail, ...]:
        """The alarms of these names that exist, composite ones with their children: two calls, three at most with data.

        Raises:
            Denied, Transient: they, or data of one in INSUFFICIENT_DATA, cannot be read.

        """
        return tuple(each for _, each in _whole(names, self._fed(self._known(names), now)))

    def _known(self, names: tuple[str, ...]) -> dict[str, AlarmDetail]:
        found = self._described(names)
        children = {child for each in found.values() for child in children_of(each.seen)} - set(found)
        return found | (self._described(tuple(sorted(children))) if children else {})

    def _fed(self, known: dict[str, AlarmDetail], now: datetime) -> dict[str, AlarmDetail]:
        """The alarms, those in INSUFFICIENT_DATA with whether all that they watch had data. One call, or none."""
        asked = {
            name: each.seen.watched
            for name, each in known.items()
            if each.seen.state == WITHOUT_DATA and each.seen.watched
        }
        numbered = [(name, watched) for name, every in asked.items() for watched in every][:MAX_QUERIES]
        if not numbered:
            return known
        queries = [_samples(number, watched) for number, (_, watched) in enumerate(numbered)]
        since, until = now, now
        for name, watched in numbered:
            begins, ends = _looked_at(known[name].seen, watched, now)
            since, until = min(since, begins), max(until, ends)
        with mapped("GetMetricData"):
            answer: Json = self._client.get_metric_data(
                MetricDataQueries=queries, StartTime=since, EndTime=until
            )
        points = {str(each["Id"]): each["Timestamps"] for each in answer["MetricDataResults"]}
        silent = {
            name
            for number, (name, watched) in enumerate(numbered)
            if not _is_within(points.get(f"m{number}", []), *_looked_at(known[name].seen, watched, now))
        }
        return known | {name: replace(known[name], has_data=name not in silent) for name in asked}

    def _described(self, names: tuple[str, ...]) -> dict[str, AlarmDetail]:
        found: dict[str, AlarmDetail] = {}
        for start in range(0, len(names), MAX_NAMES):
            with mapped("DescribeAlarms"):
                answer: Json = self._client.describe_alarms(
                    AlarmNames=list(names[start : start + MAX_NAMES]),
                    AlarmTypes=["MetricAlarm", "CompositeAlarm"],
                    MaxRecords=MAX_NAMES,
                )
            for kind in KINDS:
                found |= {str(each["AlarmName"]): detail_of(each) for each in answer.get(kind, [])}
        return found

    def _muted(self, name: str) -> str:
        """A mute rule that is at work now. Who may not read the rules is not told of them."""
        return "" if self._is_late() else self._mutes.find(name)


def detail_of(alarm: Json) -> AlarmDetail:
    """One alarm of DescribeAlarms."""
    return AlarmDetail(
        alarm_of(alarm),
        missing_data=str(alarm.get("TreatMissingData") or "missing"),
        acts=bool(alarm.get("ActionsEnabled", True)),
        suppressed=suppression_of(alarm),
    )


def _whole(names: tuple[str, ...], known: dict[str, AlarmDetail]) -> Iterator[tuple[str, AlarmDetail]]:
    for name in names:
        if name in known:
            alarm = known[name]
            children = tuple(known[child] for child in children_of(alarm.seen) if child in known)
            yield name, replace(alarm, children=children)


def _samples(number: int, watched: Watched) -> Json:
    """How many values a metric had, whatever their unit: an alarm that names a unit sees those of that unit only."""
    dimensions = [{"Name": name, "Value": value} for name, value in watched.dimensions.items()]
    metric = {"Namespace": watched.namespace, "MetricName": watched.metric, "Dimensions": dimensions}
    period = round(max(watched.period, ONE_MINUTE).total_seconds())
    stat = {"Metric": metric, "Period": period, "Stat": "SampleCount"}
    return {"Id": f"m{number}", "MetricStat": stat}


def _looked_at(alarm: SeenAlarm, watched: Watched, now: datetime) -> tuple[datetime, datetime]:
    """The periods that it must have evaluated by now: as many as it looks at, ended before CloudWatch is behind."""
    period = max(watched.period, ONE_MINUTE)
    last = (now - METRIC_LAG).timestamp() // period.total_seconds() * period.total_seconds()
    until = datetime.fromtimestamp(last, UTC)
    return until - period * max(alarm.evaluations, 1), until


def _is_within(moments: list[datetime], since: datetime, until: datetime) -> bool:
    return any(since <= moment < until for moment in moments)
