"""Alarms: evaluated every minute over what is visible, telling each transition once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.twin.cloud import ENDPOINT, Cloud, refused
from twin.traffic import Profile

ARN = "arn:aws:cloudwatch:us-east-1:111122223333:alarm:Fraud-p99"


def put(cloud: Cloud, **given: Any) -> None:
    spec = {
        "AlarmName": "Fraud-p99",
        "Namespace": "AWS/SageMaker",
        "MetricName": "ModelLatency",
        "Dimensions": [
            {"Name": "EndpointName", "Value": ENDPOINT},
            {"Name": "VariantName", "Value": "stable"},
        ],
        "ExtendedStatistic": "p99",
        "Period": 60,
        "EvaluationPeriods": 3,
        "Threshold": 250_000.0,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    if "Statistic" in given:
        del spec["ExtendedStatistic"]
    cloud.watch("PutMetricAlarm", **spec | given)


def state(cloud: Cloud) -> str:
    [shown] = cloud.watch("DescribeAlarms")["MetricAlarms"]
    return str(shown["StateValue"])


def behave(cloud: Cloud, milliseconds: float, error_rate: float = 0.0) -> None:
    cloud.kernel.profiles["old"] = Profile(
        base_ms=milliseconds, ms_per_context_token=0, ms_per_generated_token=0, error_rate=error_rate
    )


def transitions(cloud: Cloud) -> list[tuple[str, str]]:
    details = [event["detail"] for event in cloud.events if event["source"] == "aws.cloudwatch"]
    return [(detail["previousState"]["value"], detail["state"]["value"]) for detail in details]


@pytest.fixture
def busy(live: Cloud) -> Cloud:
    behave(live, 80)
    live.send(per_minute=20, minutes=120)
    return live


def test_an_alarm_starts_without_data(busy: Cloud) -> None:
    put(busy)
    assert state(busy) == "INSUFFICIENT_DATA"


def test_an_alarm_follows_the_data(busy: Cloud) -> None:
    put(busy)
    busy.pass_minutes(10)
    behave(busy, 500)
    busy.pass_minutes(10)
    behave(busy, 80)
    busy.pass_minutes(10)
    assert transitions(busy) == [("INSUFFICIENT_DATA", "OK"), ("OK", "ALARM"), ("ALARM", "OK")]


def test_three_of_three_waits_for_three_visible_minutes(busy: Cloud) -> None:
    put(busy)
    busy.pass_minutes(10)
    behave(busy, 500)
    busy.pass_minutes(4)
    assert state(busy) == "OK"
    busy.pass_minutes(1)
    assert state(busy) == "ALARM"


def test_one_of_three_alarms_at_the_first_bad_minute(busy: Cloud) -> None:
    put(busy, DatapointsToAlarm=1)
    busy.pass_minutes(10)
    behave(busy, 500)
    busy.pass_minutes(3)
    assert state(busy) == "ALARM"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"MetricName": "Invocation5XXErrors", "Statistic": "Average", "Threshold": 0.2}, "ALARM"),
        ({"MetricName": "Invocation5XXErrors", "Statistic": "Average", "Threshold": 0.9}, "OK"),
        ({"MetricName": "Invocations", "Statistic": "Sum", "Threshold": 20.0}, "OK"),
        (
            {
                "MetricName": "Invocations",
                "Statistic": "Sum",
                "Threshold": 20.0,
                "ComparisonOperator": "LessThanOrEqualToThreshold",
            },
            "ALARM",
        ),
    ],
)
def test_sums_averages_and_comparisons(busy: Cloud, given: dict[str, Any], expected: str) -> None:
    behave(busy, 80, error_rate=0.5)
    put(busy, **given)
    busy.pass_minutes(10)
    assert state(busy) == expected


@pytest.mark.parametrize(
    ("treatment", "expected"),
    [("missing", "INSUFFICIENT_DATA"), ("ignore", "OK"), ("breaching", "ALARM"), ("notBreaching", "OK")],
)
def test_silence_is_treated_as_the_alarm_says(live: Cloud, treatment: str, expected: str) -> None:
    behave(live, 80)
    live.send(per_minute=20, minutes=10)
    put(live, TreatMissingData=treatment)
    live.pass_minutes(10)
    assert state(live) == "OK"
    live.pass_minutes(20)
    assert state(live) == expected


def test_an_alarm_on_a_metric_nobody_writes_keeps_the_state_it_was_given(live: Cloud) -> None:
    put(live, Namespace="Ours", MetricName="Verdict", TreatMissingData="ignore")
    live.watch("SetAlarmState", AlarmName="Fraud-p99", StateValue="OK", StateReason="before the start")
    live.pass_minutes(30)
    assert state(live) == "OK"
    live.watch("SetAlarmState", AlarmName="Fraud-p99", StateValue="ALARM", StateReason="judged bad")
    live.pass_minutes(30)
    assert state(live) == "ALARM"


def test_setting_a_state_sends_an_event_and_the_data_wins_again(busy: Cloud) -> None:
    put(busy)
    busy.pass_minutes(10)
    busy.watch("SetAlarmState", AlarmName="Fraud-p99", StateValue="ALARM", StateReason="drill")
    busy.pass_minutes(2)
    assert transitions(busy)[1:] == [("OK", "ALARM"), ("ALARM", "OK")]


def test_the_event_has_the_shape_eventbridge_delivers(busy: Cloud) -> None:
    put(busy, AlarmDescription="p99 of the model")
    busy.pass_minutes(10)
    behave(busy, 500)
    busy.pass_minutes(10)
    event = busy.events[-1]
    detail = event["detail"]
    assert (event["detail-type"], event["resources"]) == ("CloudWatch Alarm State Change", [ARN])
    assert detail.keys() == {"alarmName", "configuration", "previousState", "state"}
    [metric] = detail["configuration"].pop("metrics")
    assert detail["configuration"] == {"description": "p99 of the model"}
    assert metric["metricStat"] == {
        "metric": {
            "dimensions": {"EndpointName": ENDPOINT, "VariantName": "stable"},
            "name": "ModelLatency",
            "namespace": "AWS/SageMaker",
        },
        "period": 60,
        "stat": "p99",
    }
    assert metric["returnData"] is True
    assert metric["id"]
    assert detail["state"].keys() == {"reason", "reasonData", "timestamp", "value"}
    assert detail["state"]["timestamp"].endswith(":00.000+0000")


def test_the_reason_counts_and_lists_what_crossed(busy: Cloud) -> None:
    put(busy)
    busy.pass_minutes(10)
    behave(busy, 500)
    busy.pass_minutes(10)
    reason = busy.events[-1]["detail"]["state"]["reason"]
    assert reason.startswith("Threshold Crossed: 3 out of the last 3 datapoints [")
    assert reason.endswith(
        "were greater than the threshold (250000.0) (minimum 3 datapoints for OK -> ALARM transition)."
    )


def test_the_reason_data_is_json_text(busy: Cloud) -> None:
    put(busy)
    busy.pass_minutes(10)
    data = json.loads(busy.events[-1]["detail"]["state"]["reasonData"])
    assert (data["statistic"], data["period"], data["threshold"]) == ("p99", 60, 250_000.0)
    assert data["evaluatedDatapoints"][0]["sampleCount"] == 20.0


def test_the_state_of_a_new_alarm_has_no_reason_data(busy: Cloud) -> None:
    put(busy)
    busy.pass_minutes(10)
    before = busy.events[-1]["detail"]["previousState"]
    assert before["reason"] == "Unchecked: Initial alarm creation"
    assert "reasonData" not in before


def test_describe_shows_configuration_and_state(busy: Cloud) -> None:
    put(busy, AlarmActions=["arn:aws:sns:us-east-1:111122223333:topic"])
    [shown] = busy.watch("DescribeAlarms", AlarmNames=["Fraud-p99"])["MetricAlarms"]
    assert (shown["AlarmArn"], shown["Threshold"]) == (ARN, 250_000.0)
    assert shown["AlarmActions"] == ["arn:aws:sns:us-east-1:111122223333:topic"]
    assert shown["Dimensions"][1] == {"Name": "VariantName", "Value": "stable"}
    assert busy.watch("DescribeAlarms", AlarmNames=["other"])["MetricAlarms"] == []
    assert busy.watch("DescribeAlarms", StateValue="ALARM")["MetricAlarms"] == []
    assert busy.watch("DescribeAlarms", AlarmNamePrefix="Fraud-")["MetricAlarms"] == [shown]


def test_putting_an_alarm_again_keeps_its_state(busy: Cloud) -> None:
    put(busy)
    busy.pass_minutes(10)
    put(busy, Threshold=300_000.0)
    [shown] = busy.watch("DescribeAlarms")["MetricAlarms"]
    assert (shown["Threshold"], shown["StateValue"]) == (300_000.0, "OK")


def test_deleting_an_unknown_alarm_is_told_after_the_others_are_gone(busy: Cloud) -> None:
    put(busy)
    error = refused(lambda: busy.watch("DeleteAlarms", AlarmNames=["Fraud-p99", "other"]))
    assert (error.code, error.status) == ("ResourceNotFound", 404)
    assert busy.watch("DescribeAlarms")["MetricAlarms"] == []


def test_the_state_of_an_unknown_alarm_cannot_be_set(busy: Cloud) -> None:
    ask = {"AlarmName": "other", "StateValue": "OK", "StateReason": "none"}
    assert refused(lambda: busy.watch("SetAlarmState", **ask)).code == "ResourceNotFound"


@pytest.mark.parametrize(
    "wrong", [{"ExtendedStatistic": "nonsense"}, {"DatapointsToAlarm": 4}, {"Metrics": [{"Id": "e"}]}]
)
def test_a_wrong_alarm_is_refused(busy: Cloud, wrong: dict[str, Any]) -> None:
    assert refused(lambda: put(busy, **wrong)).code == "ValidationError"


def test_gaps_do_not_hide_the_points_around_them(live: Cloud) -> None:
    behave(live, 500)
    for minute in range(0, 40, 2):
        live.send(per_minute=20, minutes=1, start=live.kernel.now + timedelta(minutes=minute))
    put(live, EvaluationPeriods=2, TreatMissingData="notBreaching")
    live.pass_minutes(20)
    assert state(live) == "ALARM"
