"""Composite alarms: they follow their children at once, tell it in the documented shape, and outlive none of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.twin.cloud import Cloud, refused

SAMPLE = Path(__file__).parents[2] / "events" / "alarm_changed--composite.json"
EITHER = 'ALARM("p99") OR ALARM("5xx")'


def put(cloud: Cloud, rule: str = EITHER, name: str = "health", **given: Any) -> None:
    cloud.watch("PutCompositeAlarm", AlarmName=name, AlarmRule=rule, **given)


def set_state(cloud: Cloud, name: str, state: str) -> None:
    cloud.watch("SetAlarmState", AlarmName=name, StateValue=state, StateReason="set by the test")


def seen(cloud: Cloud, name: str = "health") -> dict[str, Any]:
    [shown] = cloud.watch("DescribeAlarms", AlarmNames=[name], AlarmTypes=["CompositeAlarm"])[
        "CompositeAlarms"
    ]
    return dict(shown)


def told(cloud: Cloud, name: str = "health") -> list[dict[str, Any]]:
    """Details of the events about an alarm so far."""
    cloud.pass_minutes(1 / 30)
    details = [event["detail"] for event in cloud.events]
    return [detail for detail in details if detail.get("alarmName") == name]


@pytest.fixture
def watched(live: Cloud) -> Cloud:
    """Two metric alarms without data, which stay as they are set, both OK."""
    for name in ("p99", "5xx"):
        live.watch(
            "PutMetricAlarm",
            AlarmName=name,
            Namespace="Ours",
            MetricName=name,
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1.0,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="ignore",
            AlarmActions=["arn:aws:sns:us-east-1:111122223333:people"],
        )
        set_state(live, name, "OK")
    return live


def test_a_new_composite_alarm_is_evaluated_at_once(watched: Cloud) -> None:
    put(watched)
    assert seen(watched)["StateValue"] == "OK"
    [first] = told(watched)
    assert (first["previousState"]["value"], first["state"]["value"]) == ("INSUFFICIENT_DATA", "OK")
    assert first["state"]["reason"].endswith(":alarm:health was created and its alarm rule evaluates to OK")


def test_it_follows_its_children_at_once(watched: Cloud) -> None:
    put(watched)
    set_state(watched, "5xx", "ALARM")
    assert seen(watched)["StateValue"] == "ALARM"
    set_state(watched, "5xx", "OK")
    assert seen(watched)["StateValue"] == "OK"
    assert [detail["state"]["value"] for detail in told(watched)] == ["OK", "ALARM", "OK"]


def test_a_change_that_changes_nothing_for_it_is_not_told(watched: Cloud) -> None:
    put(watched)
    set_state(watched, "5xx", "ALARM")
    set_state(watched, "p99", "ALARM")
    assert len(told(watched)) == 2


def test_it_follows_the_data_through_its_children(live: Cloud) -> None:
    dimensions = [
        {"Name": "EndpointName", "Value": "Fraud-Prod"},
        {"Name": "VariantName", "Value": "stable"},
    ]
    live.watch(
        "PutMetricAlarm",
        AlarmName="busy",
        Namespace="AWS/SageMaker",
        MetricName="Invocations",
        Dimensions=dimensions,
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=5.0,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",
    )
    put(live, "ALARM(busy)")
    live.send(per_minute=10, minutes=5)
    live.pass_minutes(5)
    assert seen(live)["StateValue"] == "ALARM"
    live.pass_minutes(10)
    assert seen(live)["StateValue"] == "OK"


def test_a_composite_of_composites_follows_too(watched: Cloud) -> None:
    put(watched)
    put(watched, "NOT ALARM(health)", "calm")
    assert seen(watched, "calm")["StateValue"] == "ALARM"
    set_state(watched, "p99", "ALARM")
    assert seen(watched, "calm")["StateValue"] == "OK"


def test_a_state_that_was_set_stays_until_a_child_changes(watched: Cloud) -> None:
    put(watched)
    set_state(watched, "health", "ALARM")
    watched.pass_minutes(5)
    assert seen(watched)["StateValue"] == "ALARM"
    set_state(watched, "p99", "INSUFFICIENT_DATA")
    assert seen(watched)["StateValue"] == "OK"


def test_the_event_has_the_shape_of_the_sample(watched: Cloud) -> None:
    put(watched, AlarmDescription="the health of fraud")
    set_state(watched, "p99", "ALARM")
    detail = told(watched)[-1]
    sample = json.loads(SAMPLE.read_text(encoding="utf-8"))["detail"]
    assert detail.keys() == sample.keys()
    assert detail["state"].keys() == sample["state"].keys()
    assert detail["previousState"].keys() == sample["previousState"].keys()
    assert detail["configuration"] == {"alarmRule": EITHER, "description": "the health of fraud"}
    arn = "arn:aws:cloudwatch:us-east-1:111122223333:alarm:p99"
    assert (
        detail["state"]["reason"] == f"{arn} transitioned to ALARM at Friday 20 November, 2026 14:10:00 UTC"
    )
    assert json.loads(detail["state"]["reasonData"]) == {
        "triggeringAlarms": [
            {"arn": arn, "state": {"value": "ALARM", "timestamp": "2026-11-20T14:10:00.000+0000"}}
        ]
    }


def test_alarms_are_described_by_type_metric_ones_unless_asked(watched: Cloud) -> None:
    put(watched)
    default, both = (
        watched.watch("DescribeAlarms"),
        watched.watch("DescribeAlarms", AlarmTypes=["CompositeAlarm", "MetricAlarm"]),
    )
    assert (len(default["MetricAlarms"]), default["CompositeAlarms"]) == (2, [])
    assert (len(both["MetricAlarms"]), len(both["CompositeAlarms"])) == (2, 1)
    shown = both["CompositeAlarms"][0]
    assert (shown["AlarmRule"], shown["ActionsEnabled"]) == (EITHER, True)
    assert "triggeringAlarms" in shown["StateReasonData"]
    assert "StateReasonData" not in default["MetricAlarms"][0]
    assert not shown.keys() & {"Dimensions", "Threshold"}


def test_alarms_are_described_by_action(watched: Cloud) -> None:
    found = watched.watch("DescribeAlarms", ActionPrefix="arn:aws:sns:us-east-1")["MetricAlarms"]
    assert len(found) == 2
    assert watched.watch("DescribeAlarms", ActionPrefix="arn:aws:lambda")["MetricAlarms"] == []


def test_a_child_stays_while_a_rule_looks_at_it(watched: Cloud) -> None:
    put(watched)
    error = refused(lambda: watched.watch("DeleteAlarms", AlarmNames=["p99"]))
    assert "in the rule of the composite alarm health" in error.message
    watched.watch("DeleteAlarms", AlarmNames=["p99", "health"])
    assert [alarm["AlarmName"] for alarm in watched.watch("DescribeAlarms")["MetricAlarms"]] == ["5xx"]


def test_composite_alarms_are_deleted_one_at_a_time(watched: Cloud) -> None:
    put(watched)
    put(watched, name="other")
    error = refused(lambda: watched.watch("DeleteAlarms", AlarmNames=["health", "other"]))
    assert error.code == "ValidationError"


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ("ALARM(nobody)", {}),
        ("ALARM(health)", {}),
        ("ALARM(above)", {}),
        ("ALARM(", {}),
        (EITHER, {"name": "p99"}),
        (EITHER, {"ActionsSuppressor": "5xx"}),
    ],
)
def test_a_wrong_composite_alarm_is_refused(watched: Cloud, rule: str, given: dict[str, str]) -> None:
    put(watched)
    put(watched, "ALARM(health)", "above")
    assert refused(lambda: put(watched, rule, **given)).code == "ValidationError"
    assert seen(watched)["AlarmRule"] == EITHER


def test_a_metric_alarm_does_not_take_the_name_of_a_composite_one(watched: Cloud) -> None:
    put(watched)
    [shown] = watched.watch("DescribeAlarms", AlarmNames=["p99"])["MetricAlarms"]
    spec = {
        name: shown[name]
        for name in ("Namespace", "MetricName", "Statistic", "Period", "EvaluationPeriods", "Threshold")
    }
    asked = {**spec, "AlarmName": "health", "ComparisonOperator": "GreaterThanThreshold"}
    assert refused(lambda: watched.watch("PutMetricAlarm", **asked)).code == "ValidationError"
