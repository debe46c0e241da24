"""CloudWatch alarms with what a release depends on: what they watch, how they take missing data, whether anybody hears of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.faults import mapped
from pointsman.adapters.aws.survey_shapes import alarm_of
from pointsman.core.alarms import children_of
from pointsman.core.guard_alarms import AlarmDetail
from pointsman.errors import PointsmanError

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

MAX_NAMES = 100
"""DescribeAlarms takes this many names at once."""
KINDS = ("MetricAlarms", "CompositeAlarms")

Json = dict[str, Any]


class AlarmDetails:
    """Implements `forecast.AlarmBook`."""

    def __init__(self, client: CloudWatchClient, is_late: Callable[[], bool] = lambda: False) -> None:
        """Take a client, and what says when to give up asking for mute rules, which takes a call for each alarm."""
        self._client: Any = client
        self._is_late = is_late

    def read(self, names: tuple[str, ...]) -> dict[str, AlarmDetail]:
        """The alarms of these names that exist, composite ones with their children. Raises Denied or Transient."""
        found = self._described(names)
        children = {child for each in found.values() for child in children_of(each.seen)} - set(found)
        known = found | (self._described(tuple(sorted(children))) if children else {})
        return {name: self._whole(each, known) for name, each in found.items()}

    def _whole(self, alarm: AlarmDetail, known: dict[str, AlarmDetail]) -> AlarmDetail:
        children = tuple(known[name] for name in children_of(alarm.seen) if name in known)
        return replace(alarm, children=children, suppressed=alarm.suppressed or self._muted(alarm.seen.name))

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
        if self._is_late():
            return ""
        try:
            with mapped("ListAlarmMuteRules"):
                answer: Json = self._client.list_alarm_mute_rules(AlarmName=name, Statuses=["ACTIVE"])
        except PointsmanError:
            return ""
        rules = answer.get("AlarmMuteRuleSummaries", [])
        return f"is muted by rule {rules[0]['AlarmMuteRuleArn']}" if rules else ""


def detail_of(alarm: Json) -> AlarmDetail:
    """One alarm of DescribeAlarms."""
    by = alarm.get("ActionsSuppressedBy")
    return AlarmDetail(
        alarm_of(alarm),
        missing_data=str(alarm.get("TreatMissingData") or "missing"),
        acts=bool(alarm.get("ActionsEnabled", True)),
        suppressed=f"has its actions suppressed by {by}" if by else "",
    )
