"""What CloudWatch is told of an alarm that a policy asks for, and how it is written down."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta

import pytest
from botocore.session import Session
from botocore.validate import ParamValidator

from pointsman.policy import CreatedAlarm, EndpointName, ErrorKind, ErrorsAlarm, LatencyAlarm
from pointsman.policy_alarms import (
    alarm_name,
    alarm_words,
    created_from_json,
    created_to_json,
    parameters_of,
)
from pointsman.policy_json import plan_from_json, plan_to_json
from tests.cli.policy_variations import full_policy

ENDPOINT = EndpointName("fraud-prod")
ERRORS = ErrorsAlarm(ErrorKind.SERVER, 2.5, minutes=3, min_requests=20, variant="AllTraffic")
LATENCY = LatencyAlarm(99.9, timedelta(milliseconds=150), minutes=5, min_requests=50, variant="blue")
EVERY: list[CreatedAlarm] = [
    ERRORS,
    dataclasses.replace(ERRORS, kind=ErrorKind.MODEL),
    dataclasses.replace(ERRORS, kind=ErrorKind.CLIENT, minutes=1),
    LATENCY,
    dataclasses.replace(LATENCY, percentile=50.0),
]
every = pytest.mark.parametrize("alarm", EVERY, ids=lambda alarm: alarm_name(ENDPOINT, alarm))


def test_an_alarm_on_errors_is_on_the_percentage_of_the_requests_of_a_minute() -> None:
    told = parameters_of(ENDPOINT, ERRORS)
    [share, failed, requests] = told["Metrics"]
    assert told["AlarmName"] == "pointsman/fraud-prod/5xx"
    assert share["Expression"] == "IF(requests >= 20, 100 * failed / requests, 0)"
    assert (told["ComparisonOperator"], told["Threshold"]) == ("GreaterThanThreshold", 2.5)
    assert (told["DatapointsToAlarm"], told["EvaluationPeriods"]) == (3, 3)
    names = [
        (each["MetricStat"]["Metric"]["MetricName"], each["MetricStat"]["Stat"])
        for each in (failed, requests)
    ]
    assert names == [("Invocation5XXErrors", "Sum"), ("Invocations", "Sum")]


def test_an_alarm_on_latency_compares_microseconds() -> None:
    told = parameters_of(ENDPOINT, LATENCY)
    [guarded, slow, requests] = told["Metrics"]
    assert told["AlarmName"] == "pointsman/fraud-prod/p99.9"
    assert guarded["Expression"] == "IF(requests >= 50, slow, 0)"
    assert told["Threshold"] == 150_000
    assert [each["MetricStat"]["Stat"] for each in (slow, requests)] == ["p99.9", "SampleCount"]
    assert {each["MetricStat"]["Metric"]["MetricName"] for each in (slow, requests)} == {"ModelLatency"}


@every
def test_it_watches_the_endpoints_variant_and_takes_silence_for_good(alarm: CreatedAlarm) -> None:
    told = parameters_of(ENDPOINT, alarm)
    watched = [each["MetricStat"]["Metric"] for each in told["Metrics"] if "MetricStat" in each]
    dimensions = [{pair["Name"]: pair["Value"] for pair in metric["Dimensions"]} for metric in watched]
    assert dimensions == 2 * [{"EndpointName": "fraud-prod", "VariantName": alarm.variant}]
    assert told["TreatMissingData"] == "notBreaching"


@every
def test_cloudwatch_takes_it_as_it_is(alarm: CreatedAlarm) -> None:
    model = Session().get_service_model("cloudwatch").operation_model("PutMetricAlarm").input_shape
    assert model is not None
    report = ParamValidator().validate(parameters_of(ENDPOINT, alarm), model)
    assert not report.has_errors(), report.generate_report()


@every
def test_the_description_says_when_it_fires_and_where_it_is_changed(alarm: CreatedAlarm) -> None:
    said = parameters_of(EndpointName("e" * 63), alarm)["AlarmDescription"]
    assert alarm_words(alarm) in said
    assert "health.alarms" in said
    assert len(said) <= 1024


def test_no_two_have_the_same_name() -> None:
    assert len({alarm_name(ENDPOINT, alarm) for alarm in EVERY}) == len(EVERY)
    longest = max(len(alarm_name(EndpointName("e" * 63), alarm)) for alarm in EVERY)
    assert longest <= 255


@every
def test_it_is_read_as_it_was_written(alarm: CreatedAlarm) -> None:
    assert created_from_json(json.loads(json.dumps(created_to_json(alarm)))) == alarm


def test_what_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="'memory'"):
        created_from_json(created_to_json(ERRORS) | {"create": "memory"})


def test_the_plan_of_a_rollout_that_began_before_there_were_such_alarms_is_read() -> None:
    raw = plan_to_json(full_policy().plan)
    assert plan_from_json(raw) == full_policy().plan
    del raw["health"]["created"]
    assert plan_from_json(raw).health.created == ()
