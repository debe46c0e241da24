"""Faults on request: calls that fail before or after their effect, events that get lost, doubled or late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.twin.cloud import Cloud, refused


def test_a_call_fails_as_often_as_asked_and_without_effect(live: Cloud) -> None:
    live.kernel.faults.fail("sagemaker", "UpdateEndpointWeightsAndCapacities", "ThrottlingException", times=2)
    for _ in range(2):
        assert refused(lambda: live.weigh(stable=2.0)).code == "ThrottlingException"
    assert live.status() == "InService"
    live.weigh(stable=2.0)
    assert live.status() == "Updating"


def test_a_lost_answer_leaves_its_effect_behind(live: Cloud) -> None:
    live.kernel.faults.fail(
        "sagemaker", "UpdateEndpointWeightsAndCapacities", "InternalFailure", "lost", after_effect=True
    )
    error = refused(lambda: live.weigh(stable=2.0))
    assert (error.message, error.status) == ("lost", 500)
    assert live.status() == "Updating"


def test_a_lost_answer_hides_a_refusal_too(live: Cloud) -> None:
    live.kernel.faults.fail("sagemaker", "UpdateEndpoint", "RequestTimeout", after_effect=True)
    assert refused(lambda: live.update("nobody")).code == "RequestTimeout"


def test_a_fault_meets_its_own_operation_only(live: Cloud) -> None:
    live.kernel.faults.fail("cloudwatch", "DescribeAlarms", "AccessDeniedException")
    assert live.status() == "InService"
    assert refused(lambda: live.watch("DescribeAlarms")).code == "AccessDeniedException"


def test_a_fault_can_meet_every_operation_of_a_service(live: Cloud) -> None:
    live.kernel.faults.fail("sagemaker", "*", "ServiceUnavailable", times=2)
    assert refused(live.endpoint).status == 503
    assert refused(lambda: live.weigh(stable=2.0)).status == 503


def test_the_next_sagemaker_events_can_be_lost(live: Cloud) -> None:
    live.kernel.faults.lose_events(1)
    live.weigh(stable=2.0)
    live.pass_minutes(2)
    assert live.statuses() == ["IN_SERVICE"]


@pytest.mark.parametrize(("probability", "arrived"), [(1.0, 0), (0.0, 40)])
def test_events_can_be_lost_with_a_probability(live: Cloud, probability: float, arrived: int) -> None:
    live.kernel.faults.lose_events(probability)
    for _ in range(20):
        live.weigh(stable=2.0)
        live.pass_minutes(1)
    assert len(live.events) == arrived


def test_alarm_events_are_never_lost(live: Cloud) -> None:
    live.kernel.faults.lose_events(1.0)
    live.watch(
        "PutMetricAlarm",
        AlarmName="a",
        Namespace="Ours",
        MetricName="Verdict",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanThreshold",
    )
    live.watch("SetAlarmState", AlarmName="a", StateValue="ALARM", StateReason="drill")
    live.kernel.advance(timedelta(seconds=2))
    assert [event["source"] for event in live.events] == ["aws.cloudwatch"]


def test_a_duplicate_has_an_id_of_its_own(live: Cloud) -> None:
    live.kernel.faults.duplicate_events(1)
    live.weigh(stable=2.0)
    live.pass_minutes(2)
    first, second, third = live.events
    assert first["detail"] == second["detail"]
    assert len({first["id"], second["id"], third["id"]}) == 3


def test_a_late_event_can_be_overtaken(live: Cloud) -> None:
    live.kernel.faults.delay_events(timedelta(minutes=5), 1)
    live.weigh(stable=2.0)
    live.pass_minutes(10)
    assert live.statuses() == ["IN_SERVICE", "UPDATING"]


def test_clear_ends_every_fault(live: Cloud) -> None:
    faults = live.kernel.faults
    faults.fail("sagemaker", "*", "ThrottlingException", times=9)
    faults.lose_events(9)
    faults.lose_events(1.0)
    faults.duplicate_events(9)
    faults.delay_events(timedelta(hours=1), 9)
    faults.clear()
    live.weigh(stable=2.0)
    live.pass_minutes(2)
    assert live.statuses() == ["UPDATING", "IN_SERVICE"]
