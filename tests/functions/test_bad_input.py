"""What is malformed, foreign or hostile is dropped with one line and counted, through every handler."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.functions.account import ENDPOINT, Json, sample
from tests.functions.world import Here

GOOD = {
    "model_package_changed": "model_package_changed--approved.json",
    "alarm_changed": "alarm_changed--metric.json",
    "endpoint_changed": "endpoint_changed--in-service.json",
    "rollout_due": "rollout_due--message.json",
    "operator_request": "operator_request--abort.json",
}
NAME_OF = {
    "model_package_changed": ("detail", "ModelPackageArn"),
    "alarm_changed": ("detail", "alarmName"),
    "endpoint_changed": ("detail", "EndpointName"),
    "operator_request": ("target",),
}
NO_EVENT: list[Any] = [None, True, 7, 0.5, "", "text", [], [None], {}, {"Records": []}, {"detail": None}]
NO_NAME: list[Any] = [None, "", 7, True, [], ["Fraud-Prod"], {"Fraud-Prod": 1}]
HOSTILE = [
    "<script>alert(1)</script>",
    "Fraud-Prod\n",
    "Fraud-Prod\u0000",
    "\u001b[31mFraud-Prod",
    "../../etc/passwd",
    "..%2f..%2fstate",
    "Fraud-Prod#lane",
    "Fraud Prod",
    "Fräud-Prod",
    "\u202eFraud-Prod",
    "-Fraud-Prod",
    "F" * 64,
    "F" + "-" * 5000 + "d",
    "F" * 300_000,
]


def with_name(handler: str, value: Any) -> Json:
    event: Json = copy.deepcopy(sample(GOOD[handler]))
    place: Any = event
    *path, last = NAME_OF[handler]
    for key in path:
        place = place[key]
    place[last] = value
    return event


def require_dropped(here: Here, handler: str, event: object) -> None:
    """One line, one count, no call to anybody; a person is answered instead."""
    before = here.counted("EventDropped"), len(here.said("event dropped"))
    answer = here.handle(handler, event)
    assert here.asked == []
    if handler == "operator_request":
        assert answer["ok"] is False
        return
    assert answer["dropped"]
    assert (here.counted("EventDropped"), len(here.said("event dropped"))) == (before[0] + 1, before[1] + 1)
    assert len(here.lines()[-2:]) == 2


@pytest.mark.parametrize("handler", GOOD)
def test_what_is_no_event_is_dropped(here: Here, handler: str) -> None:
    for event in NO_EVENT:
        require_dropped(here, handler, event)


@pytest.mark.parametrize("handler", NAME_OF)
def test_a_name_of_another_type_is_dropped(here: Here, handler: str) -> None:
    for value in NO_NAME:
        require_dropped(here, handler, with_name(handler, value))


@pytest.mark.parametrize("handler", ["endpoint_changed", "operator_request", "model_package_changed"])
def test_a_hostile_name_is_dropped_and_cannot_forge_a_log_line(here: Here, handler: str) -> None:
    for value in HOSTILE:
        require_dropped(here, handler, with_name(handler, value))
    assert all(len(json.dumps(line)) < 2000 for line in here.lines())


def test_a_hostile_name_in_a_queue_message_is_dropped(here: Here) -> None:
    for value in [*HOSTILE, *NO_NAME]:
        event = {"Records": [{"body": json.dumps({"endpoint": value})}]}
        require_dropped(here, "rollout_due", event)


@pytest.mark.parametrize(
    "body", ["", "{", "null", "[]", '"Fraud-Prod"', "[" * 100_000, '{"endpoint"', "\u0000", None, 7, {}]
)
def test_a_queue_message_that_is_no_json_object_is_dropped(here: Here, body: Any) -> None:
    require_dropped(here, "rollout_due", {"Records": [{"body": body}]})


def test_a_queue_event_of_several_messages_is_dropped(here: Here) -> None:
    record = {"body": json.dumps({"endpoint": ENDPOINT})}
    require_dropped(here, "rollout_due", {"Records": [record, record]})


@pytest.mark.parametrize("handler", ["model_package_changed", "alarm_changed", "endpoint_changed"])
@pytest.mark.parametrize("key", ["source", "detail-type", "detail"])
def test_an_event_of_another_source_or_kind_is_dropped(here: Here, handler: str, key: str) -> None:
    values: list[Any] = [None, "", "aws.s3", "my.own", 7, [], ["aws.sagemaker"], {}, {"a": []}]
    for value in values:
        require_dropped(here, handler, sample(GOOD[handler]) | {key: value})


@pytest.mark.parametrize("handler", ["model_package_changed", "alarm_changed", "endpoint_changed"])
def test_an_event_without_its_envelope_is_dropped(here: Here, handler: str) -> None:
    require_dropped(here, handler, sample(GOOD[handler])["detail"])


@pytest.mark.parametrize("key", ["command", "target", "reason", "by", "request_id"])
def test_a_request_that_lacks_something_is_answered_with_what_it_lacks(here: Here, key: str) -> None:
    values: list[Any] = [None, "", "   ", 7, [], "x" * 256]
    for value in values:
        answer = here.handle("operator_request", sample(GOOD["operator_request"]) | {key: value})
        assert answer["ok"] is False
        assert key in answer["message"]
    assert here.asked == []


@pytest.mark.parametrize("value", ["yesterday", "", -1e30, 10**30, float("nan"), [], {}, None, True])
def test_a_time_that_is_none_falls_back_to_the_registry(here: Here, value: Any) -> None:
    here.judge_in_registry("Approved")
    event = sample(GOOD["model_package_changed"])
    event["detail"]["LastModifiedTime"] = value
    here.handle("model_package_changed", event)
    assert here.rollout().id == "Fraud-Prod.v7.20261120T140530Z"


@pytest.mark.parametrize("value", [None, "ModelApprovalStatus", 7, {}, [None, {}]])
def test_changed_fields_of_another_type_do_not_raise(here: Here, value: Any) -> None:
    here.judge_in_registry("Approved")
    event = sample(GOOD["model_package_changed"])
    event["detail"]["UpdatedModelPackageFields"] = value
    here.handle("model_package_changed", event)
    assert here.counted("EventDropped") == 0


def test_a_package_that_was_deleted_opens_nothing(here: Here) -> None:
    event = sample(GOOD["model_package_changed"])
    event["detail"]["ModelPackageArn"] = event["detail"]["ModelPackageArn"].replace("/7", "/99")
    assert here.handle("model_package_changed", event) == []
    assert here.lane().rollout is None


def test_a_package_of_another_group_than_the_event_says_opens_nothing(here: Here) -> None:
    here.call("CreateModelPackageGroup", ModelPackageGroupName="other")
    created = here.call(
        "CreateModelPackage",
        ModelPackageGroupName="other",
        ModelApprovalStatus="Approved",
        InferenceSpecification={"Containers": [{"Image": "i"}], "SupportedContentTypes": ["text/csv"]},
    )
    event = sample(GOOD["model_package_changed"])
    event["detail"]["ModelPackageArn"] = created["ModelPackageArn"]
    here.handle("model_package_changed", event)
    assert here.lane().rollout is None
    assert "is of group other" in here.said("event dropped")[0]["why"]
