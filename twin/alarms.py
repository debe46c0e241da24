"""Metric alarms: their configuration, state and events. How a state is found from data lives in evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from twin.errors import TwinError
from twin.evaluation import Finding, evaluated
from twin.metrics import Metrics
from twin.paging import Pages
from twin.plain import copied
from twin.stats import statistic
from twin.world import World

Params = dict[str, Any]

_PAGES = Pages(
    "DescribeAlarms",
    default=50,
    size_member="MaxRecords",
    size_code="ValidationError",
    page_code="InvalidNextToken",
)
_CREATION_REASON = "Unchecked: Initial alarm creation"


@dataclass(slots=True)
class Alarm:
    """One alarm. `spec` is what PutMetricAlarm was given."""

    name: str
    arn: str
    metric_id: str
    spec: Params
    configured: datetime
    changed: datetime
    state: str = "INSUFFICIENT_DATA"
    reason: str = _CREATION_REASON
    reason_data: str | None = None


class Alarms:
    """Alarms by name, evaluated once a minute (facts 3.4)."""

    def __init__(self, world: World, metrics: Metrics) -> None:
        self._world = world
        self._metrics = metrics
        self._alarms: dict[str, Alarm] = {}

    def put(self, params: Params) -> Params:
        """PutMetricAlarm on one metric; an alarm that exists keeps its state."""
        if "Metrics" in params or "MetricName" not in params:
            raise TwinError("ValidationError", "The twin does not do this yet: alarms on metric math.")
        statistic(_stat(params))
        if params.get("DatapointsToAlarm", 1) > params["EvaluationPeriods"]:
            raise TwinError(
                "ValidationError", "DatapointsToAlarm must not be greater than EvaluationPeriods."
            )
        now = self._world.agenda.now
        name = params["AlarmName"]
        spec: Params = copied({member: value for member, value in params.items() if member != "Tags"})
        existing = self._alarms.get(name)
        if existing is not None:
            existing.spec, existing.configured = spec, now
        else:
            arn = self._world.arns.alarm(name)
            self._alarms[name] = Alarm(name, arn, self._world.bus.new_id(), spec, now, now)
        return {}

    def describe(self, params: Params) -> Params:
        """DescribeAlarms, by names, prefix or state."""
        names = params.get("AlarmNames")
        prefix, state = params.get("AlarmNamePrefix", ""), params.get("StateValue")
        found = [
            alarm
            for alarm in self._alarms.values()
            if (names is None or alarm.name in names)
            and alarm.name.startswith(prefix)
            and state in (None, alarm.state)
            and "MetricAlarm" in params.get("AlarmTypes", ["MetricAlarm"])
        ]
        page, more = _PAGES.cut(found, params, lambda alarm: (alarm.name, ""))
        return {"MetricAlarms": [_description(alarm) for alarm in page], "CompositeAlarms": [], **more}

    def delete(self, params: Params) -> Params:
        """DeleteAlarms: all of them or, if one is unknown, none."""
        for name in params["AlarmNames"]:
            self._get(name)
        for name in params["AlarmNames"]:
            del self._alarms[name]
        return {}

    def set_state(self, params: Params) -> Params:
        """SetAlarmState: change the state at once; the next evaluation may change it back."""
        alarm = self._get(params["AlarmName"])
        self._enter(
            alarm, Finding(params["StateValue"], params["StateReason"], params.get("StateReasonData"))
        )
        return {}

    def _get(self, name: str) -> Alarm:
        if name not in self._alarms:
            raise TwinError("ResourceNotFound", f"Alarm {name} was not found.", 404)
        return self._alarms[name]

    def are_any(self) -> bool:
        """Say whether there is anything to evaluate."""
        return bool(self._alarms)

    def evaluate(self) -> None:
        """Look at every alarm once."""
        for alarm in self._alarms.values():
            finding = evaluated(
                self._metrics, alarm.spec, _stat(alarm.spec), alarm.state, self._world.agenda.now
            )
            if finding is not None:
                self._enter(alarm, finding)

    def _enter(self, alarm: Alarm, finding: Finding) -> None:
        if finding.state == alarm.state:
            return
        before = _state(alarm)
        alarm.state, alarm.reason, alarm.reason_data = finding.state, finding.reason, finding.data
        alarm.changed = self._world.agenda.now
        detail = {
            "alarmName": alarm.name,
            "configuration": _configuration(alarm),
            "previousState": before,
            "state": _state(alarm),
        }
        self._world.bus.emit("aws.cloudwatch", "CloudWatch Alarm State Change", alarm.arn, detail)


def _stat(spec: Params) -> str:
    name: str = spec.get("ExtendedStatistic") or spec.get("Statistic", "")
    return name


def _state(alarm: Alarm) -> Params:
    stamp = alarm.changed.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"
    state: Params = {"reason": alarm.reason, "timestamp": stamp, "value": alarm.state}
    if alarm.reason_data is not None:
        state["reasonData"] = alarm.reason_data
    return state


def _configuration(alarm: Alarm) -> Params:
    spec = alarm.spec
    dimensions = {entry["Name"]: entry["Value"] for entry in spec.get("Dimensions", [])}
    metric = {"dimensions": dimensions, "name": spec["MetricName"], "namespace": spec["Namespace"]}
    stat = {"metric": metric, "period": spec["Period"], "stat": _stat(spec)}
    shown: Params = {"metrics": [{"id": alarm.metric_id, "metricStat": stat, "returnData": True}]}
    if "AlarmDescription" in spec:
        shown["description"] = spec["AlarmDescription"]
    return shown


def _description(alarm: Alarm) -> Params:
    answer: Params = {
        "ActionsEnabled": True,
        "OKActions": [],
        "AlarmActions": [],
        "InsufficientDataActions": [],
        "Dimensions": [],
        **copied(alarm.spec),
        "AlarmArn": alarm.arn,
        "AlarmConfigurationUpdatedTimestamp": alarm.configured,
        "StateValue": alarm.state,
        "StateReason": alarm.reason,
        "StateUpdatedTimestamp": alarm.changed,
        "StateTransitionedTimestamp": alarm.changed,
    }
    if alarm.reason_data is not None:
        answer["StateReasonData"] = alarm.reason_data
    return answer
