"""Alarms: how they begin, what moves them, and what missing data means."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from contract.case import Ground, Need, case
from contract.readings import LAG, metric, served
from contract.scene import Scene, refusal_of

_MISSING = {
    "missing": "INSUFFICIENT_DATA",
    "ignore": "INSUFFICIENT_DATA",
    "notBreaching": "OK",
    "breaching": "ALARM",
}


def _put(scene: Scene, name: str, **given: Any) -> None:
    """An alarm on a metric that has no data, unless told otherwise."""
    absent = metric(scene, "Invocations", EndpointName=scene.name("absent"), VariantName="stable")
    settings = {
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "ActionsEnabled": False,
    }
    scene.cloudwatch.put_metric_alarm(AlarmName=name, Tags=scene.tags, **{**absent, **settings, **given})


def _state(scene: Scene, name: str, kind: str = "MetricAlarm") -> str:
    (alarm,) = scene.cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=[kind])[f"{kind}s"]
    return str(alarm["StateValue"])


@case("3.4", Ground.CONFIRMED)
def an_alarm_begins_without_data(scene: Scene) -> None:
    """A new metric alarm is INSUFFICIENT_DATA."""
    name = scene.fresh("alarm")
    _put(scene, name)
    assert _state(scene, name) == "INSUFFICIENT_DATA"


@case("3.4", Ground.CONFIRMED)
def an_alarm_put_again_keeps_its_state(scene: Scene) -> None:
    """PutMetricAlarm on an alarm that exists replaces its configuration and keeps its state."""
    name = scene.fresh("alarm")
    _put(scene, name, TreatMissingData="ignore")
    scene.cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="contract")
    _put(scene, name, TreatMissingData="ignore", Threshold=2.0)
    assert _state(scene, name) == "ALARM"


@case("3.4", Ground.CONFIRMED, minutes=6)
def missing_data_is_treated_as_told(scene: Scene) -> None:
    """Of an alarm without any data, notBreaching makes OK, breaching ALARM, missing and ignore leave it as it began."""
    names = {treated: scene.fresh("alarm") for treated in _MISSING}
    for treated, name in names.items():
        _put(scene, name, TreatMissingData=treated)

    def are_moved() -> bool:
        return _state(scene, names["notBreaching"]) == "OK" and _state(scene, names["breaching"]) == "ALARM"

    scene.until("both alarms have moved", are_moved, LAG)
    assert {treated: _state(scene, name) for treated, name in names.items()} == _MISSING


@case("3.4", Ground.RECALLED)
def an_absent_alarm_is_not_found(scene: Scene) -> None:
    """SetAlarmState of an alarm that does not exist is a ResourceNotFound."""
    refusal = refusal_of(
        scene.cloudwatch.set_alarm_state,
        AlarmName=scene.name("absent"),
        StateValue="OK",
        StateReason="contract",
    )
    assert refusal.code in ("ResourceNotFound", "ResourceNotFoundException")


@case("3.4", Ground.CONFIRMED, minutes=2)
def a_composite_alarm_follows_its_children(scene: Scene) -> None:
    """A composite alarm on ALARM(child) is ALARM soon after its child is."""
    child, parent = scene.fresh("alarm"), scene.fresh("composite")
    _put(scene, child, TreatMissingData="ignore")
    scene.cloudwatch.put_composite_alarm(
        AlarmName=parent, AlarmRule=f'ALARM("{child}")', ActionsEnabled=False, Tags=scene.tags
    )
    scene.cloudwatch.set_alarm_state(AlarmName=child, StateValue="ALARM", StateReason="contract")
    scene.until(
        "the composite alarm follows",
        lambda: _state(scene, parent, "CompositeAlarm") == "ALARM",
        timedelta(minutes=5),
    )
    scene.cloudwatch.delete_alarms(AlarmNames=[parent])


@case("1.3", Ground.RECALLED)
def a_mute_rule_is_listed_under_its_alarm_while_it_is_at_work(scene: Scene) -> None:
    """ListAlarmMuteRules with AlarmName and the status ACTIVE shows a rule while it mutes the alarm, and none of others."""
    name, other, rule = scene.fresh("alarm"), scene.fresh("alarm"), scene.fresh("mute")
    for each in (name, other):
        _put(scene, each)
    schedule = {"Expression": f"at({scene.cloud.now:%Y-%m-%dT%H:%M})", "Duration": "PT15M"}
    scene.cloudwatch.put_alarm_mute_rule(
        Name=rule, Rule={"Schedule": schedule}, MuteTargets={"AlarmNames": [name]}, Tags=scene.tags
    )

    def rules(alarm: str) -> list[str]:
        found = scene.cloudwatch.list_alarm_mute_rules(AlarmName=alarm, Statuses=["ACTIVE"])
        arns = [str(each["AlarmMuteRuleArn"]) for each in found["AlarmMuteRuleSummaries"]]
        return [arn.rpartition(":alarm-mute-rule:")[2] for arn in arns]

    scene.until("the rule is at work", lambda: rules(name) == [rule], timedelta(minutes=5))
    assert rules(other) == []
    scene.cloudwatch.delete_alarm_mute_rule(AlarmMuteRuleName=rule)


@case("3.4", Ground.CONFIRMED, Need.ENDPOINT, 9)
def an_alarm_goes_off_and_recovers_with_its_data(scene: Scene) -> None:
    """Requests above the threshold make ALARM, and without further requests notBreaching makes OK again."""
    scene.endpoint()
    name = scene.fresh("alarm")
    _put(scene, name, TreatMissingData="notBreaching", **metric(scene, "Invocations"))
    served(scene)
    scene.until("the alarm goes off", lambda: _state(scene, name) == "ALARM", LAG)
    scene.until("the alarm recovers", lambda: _state(scene, name) == "OK", timedelta(minutes=20))
