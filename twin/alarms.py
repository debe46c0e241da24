"""Alarms, metric and composite: put, described, deleted, and their states. How data makes a state lives in evaluation."""

from __future__ import annotations

from typing import Any

from twin.alarm_shapes import Alarm, configuration_of, described, state_of
from twin.composites import check_deletion, children_of, found_after, found_at_creation, rule_of
from twin.datapoints import check
from twin.errors import TwinError
from twin.evaluation import Finding, evaluated
from twin.metrics import Metrics
from twin.mutes import Mutes
from twin.paging import Pages
from twin.plain import copied
from twin.rules import Rule
from twin.world import World

Params = dict[str, Any]

_PAGES = Pages(
    "DescribeAlarms",
    default=50,
    size_member="MaxRecords",
    size_code="ValidationError",
    page_code="InvalidNextToken",
)


class Alarms:
    """Alarms by name: metric alarms are evaluated once a minute, composite ones when a child changes (facts 3.4)."""

    def __init__(self, world: World, metrics: Metrics) -> None:
        self._world = world
        self._metrics = metrics
        self.mutes = Mutes(world)
        self._alarms: dict[str, Alarm] = {}

    def put(self, params: Params) -> Params:
        """PutMetricAlarm on one metric or on metric math; an alarm that exists keeps its state."""
        check(params)
        if params.get("DatapointsToAlarm", 1) > params["EvaluationPeriods"]:
            raise TwinError(
                "ValidationError", "DatapointsToAlarm must not be greater than EvaluationPeriods."
            )
        self._keep(params, None)
        return {}

    def put_composite(self, params: Params) -> Params:
        """PutCompositeAlarm: created without data, as every alarm, and evaluated at once; evaluated anew when put again."""
        alarm = self._keep(params, rule_of(params, self._alarms))
        self._enter(alarm, found_at_creation(alarm, self._alarms))
        return {}

    def _keep(self, params: Params, rule: Rule | None) -> Alarm:
        now = self._world.agenda.now
        name = params["AlarmName"]
        spec: Params = copied({member: value for member, value in params.items() if member != "Tags"})
        alarm = self._alarms.get(name)
        if alarm is None:
            metric_id = self._world.bus.new_id() if rule is None else ""
            alarm = Alarm(name, self._world.arns.alarm(name), spec, now, now, metric_id, rule)
            self._alarms[name] = alarm
        elif (alarm.rule is None) != (rule is None):
            raise TwinError("ValidationError", f"There is an alarm {name} of the other kind already.")
        alarm.spec, alarm.configured, alarm.rule = spec, now, rule
        return alarm

    def describe(self, params: Params) -> Params:
        """DescribeAlarms, by names, prefix, state, action or type; metric alarms only unless told otherwise."""
        if params.keys() & {"ChildrenOfAlarmName", "ParentsOfAlarmName"}:
            raise TwinError("ValidationError", "The twin does not do this yet: alarms by parent or child.")
        found = [alarm for alarm in self._alarms.values() if _is_wanted(alarm, params)]
        page, more = _PAGES.cut(found, params, lambda alarm: (alarm.name, ""))
        return {
            "MetricAlarms": [described(alarm) for alarm in page if alarm.rule is None],
            "CompositeAlarms": [described(alarm) for alarm in page if alarm.rule is not None],
            **more,
        }

    def describe_for_metric(self, params: Params) -> Params:
        """DescribeAlarmsForMetric: alarms on this very metric, not those on math over it."""
        wanted = _metric_of(params)
        found = [
            described(alarm)
            for alarm in self._alarms.values()
            if "MetricName" in alarm.spec
            and _metric_of(alarm.spec) == wanted
            and all(
                params[member] == alarm.spec.get(member)
                for member in ("Statistic", "ExtendedStatistic", "Period", "Unit")
                if member in params
            )
        ]
        return {"MetricAlarms": found}

    def delete(self, params: Params) -> Params:
        """DeleteAlarms: those that exist are gone even if others are unknown, which is ResourceNotFound (recalled)."""
        names = set(params["AlarmNames"])
        check_deletion(names, self._alarms)
        unknown = sorted(names - self._alarms.keys())
        for name in names & self._alarms.keys():
            del self._alarms[name]
        if unknown:
            raise _absent(unknown[0])
        return {}

    def set_state(self, params: Params) -> Params:
        """SetAlarmState: change the state at once; data, or the change of a child, may change it back."""
        alarm = self._get(params["AlarmName"])
        self._enter(
            alarm, Finding(params["StateValue"], params["StateReason"], params.get("StateReasonData"))
        )
        return {}

    def _get(self, name: str) -> Alarm:
        if name not in self._alarms:
            raise _absent(name)
        return self._alarms[name]

    def are_any(self) -> bool:
        """Say whether there is anything to evaluate."""
        return bool(self._alarms)

    def evaluate(self) -> None:
        """Look at every metric alarm once."""
        for alarm in self._alarms.values():
            if alarm.rule is None:
                finding = evaluated(self._metrics, alarm.spec, alarm.state, self._world.agenda.now)
                if finding is not None:
                    self._enter(alarm, finding)

    def _enter(self, alarm: Alarm, finding: Finding) -> None:
        if finding.state == alarm.state:
            return
        before = state_of(alarm)
        alarm.state, alarm.reason, alarm.reason_data = finding.state, finding.reason, finding.data
        alarm.changed = self._world.agenda.now
        detail = {
            "alarmName": alarm.name,
            "configuration": configuration_of(alarm),
            "previousState": before,
            "state": state_of(alarm),
            **self.mutes.detail_of(alarm.name),
        }
        self._world.bus.emit("aws.cloudwatch", "CloudWatch Alarm State Change", alarm.arn, detail)
        for parent in tuple(self._alarms.values()):
            if alarm.name in children_of(parent):
                self._enter(parent, found_after(alarm, parent, self._alarms))


def _is_wanted(alarm: Alarm, params: Params) -> bool:
    kind = "MetricAlarm" if alarm.rule is None else "CompositeAlarm"
    names, action = params.get("AlarmNames"), params.get("ActionPrefix")
    return (
        kind in params.get("AlarmTypes", ["MetricAlarm"])
        and (names is None or alarm.name in names)
        and alarm.name.startswith(params.get("AlarmNamePrefix", ""))
        and params.get("StateValue") in (None, alarm.state)
        and (action is None or any(arn.startswith(action) for arn in _actions(alarm)))
    )


def _actions(alarm: Alarm) -> list[str]:
    members = ("OKActions", "AlarmActions", "InsufficientDataActions")
    return [arn for member in members for arn in alarm.spec.get(member, [])]


def _metric_of(spec: Params) -> tuple[str, str, frozenset[tuple[str, str]]]:
    dimensions = frozenset((entry["Name"], entry["Value"]) for entry in spec.get("Dimensions", []))
    return spec["Namespace"], spec["MetricName"], dimensions


def _absent(name: str) -> TwinError:
    return TwinError("ResourceNotFound", f"Alarm {name} was not found.", 404)
