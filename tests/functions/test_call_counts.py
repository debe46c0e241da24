"""What stands between an alarm and the call that moves traffic back: counted as boto3 calls."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pointsman.core.phases import Phase
from tests.functions.account import VARIANT
from tests.functions.world import Here

ALARM_EVENT = "alarm_changed--metric.json"
SHORTEST = [
    ("dynamodb", "GetItem"),
    ("sagemaker", "DescribeEndpoint"),
    ("sagemaker", "DescribeEndpointConfig"),
    ("cloudwatch", "DescribeAlarms"),
    ("cloudwatch", "ListAlarmMuteRules"),
    ("dynamodb", "TransactWriteItems"),
    ("sagemaker", "UpdateEndpointWeightsAndCapacities"),
]


def calls_of(here: Here, event: str) -> list[tuple[str, str]]:
    """Calls that a sample's handler makes."""
    here.asked.clear()
    here.deliver(event)
    return list(here.asked)


def test_from_the_alarm_to_the_call_back_there_are_six_calls(baking: Here) -> None:
    baking.set_alarm("ALARM")
    assert calls_of(baking, ALARM_EVENT)[:7] == SHORTEST


def test_the_twin_counts_the_same_calls(baking: Here) -> None:
    baking.set_alarm("ALARM")
    baking.kernel.calls.clear()
    baking.deliver(ALARM_EVENT)
    twins = {"sagemaker", "cloudwatch"}
    assert [(service, operation) for _, service, operation, _ in baking.kernel.calls] == [
        call for call in SHORTEST if call[0] in twins
    ]


def test_after_the_call_back_there_are_only_the_message_to_people_and_the_event(baking: Here) -> None:
    baking.set_alarm("ALARM")
    assert calls_of(baking, ALARM_EVENT)[7:] == [
        ("sns", "Publish"),
        ("events", "PutEvents"),
        ("dynamodb", "DeleteItem"),
    ]


def test_a_share_that_was_asked_for_and_not_observed_yet_goes_back_as_quickly(here: Here) -> None:
    here.approve()
    here.drive_to(Phase.SHIFTING)
    here.kernel.advance(timedelta(seconds=10))
    here.set_alarm("ALARM")
    assert calls_of(here, ALARM_EVENT)[:7] == SHORTEST


@pytest.mark.parametrize("phase", [Phase.FINALIZING, Phase.WATCHING])
def test_late_in_a_rollout_an_alarm_still_costs_at_most_one_of_each(here: Here, phase: Phase) -> None:
    here.approve()
    here.drive_to(phase)
    here.kernel.advance(timedelta(seconds=40))
    here.fire()
    calls = calls_of(here, ALARM_EVENT)
    before = calls[: next(at for at, call in enumerate(calls) if call[1].startswith("UpdateEndpoint"))]
    assert sorted(before) == sorted(set(before))
    assert set(before) - set(SHORTEST) <= {("application-autoscaling", "DescribeScalableTargets")}


def test_an_alarm_that_is_quiet_again_costs_a_look_and_no_write(baking: Here) -> None:
    calls = calls_of(baking, ALARM_EVENT)
    assert ("cloudwatch", "DescribeAlarms") in calls
    assert ("dynamodb", "TransactWriteItems") not in calls
    assert baking.weights()[VARIANT] == 50


def test_a_tick_is_two_queries_one_receive_and_one_send(baking: Here) -> None:
    calls = calls_of(baking, "rollout_tick--events-rule-scheduled-event.json")
    assert sorted(calls) == [
        ("dynamodb", "Query"),
        ("dynamodb", "Query"),
        ("sqs", "ReceiveMessage"),
        ("sqs", "SendMessageBatch"),
    ]


def test_an_event_of_an_endpoint_without_a_policy_costs_nothing(baking: Here) -> None:
    assert calls_of(baking, "endpoint_changed--unknown-endpoint.json") == []
