"""What a dead letter says, read from real shapes: rules, on-failure destinations, queues, and what is none of them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.dead_letters import Home, Kind, in_short, read_letter
from pointsman.adapters.aws.dead_letters import Letter

SAMPLES = Path(__file__).parents[2] / "events" / "unmatched"
HOME = Home("pointsman", "us-east-1", "111122223333")
AT = datetime(2026, 11, 20, 14, tzinfo=UTC)
ARN = "arn:aws:lambda:us-east-1:111122223333:function:pointsman-endpoint-changed:live"


def sample(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def letter(body: object, source: str = "", **attributes: str) -> Letter:
    text = body if isinstance(body, str) else json.dumps(body)
    return Letter("19dd0b57", "pointsman-dead-letters", text, attributes, AT, source, "receipt")


def of_rule(**changed: str) -> Letter:
    [record] = sample("sqs_eventbridge_rule_dlq_record")["Records"]
    attributes = {name: each["stringValue"] for name, each in record["messageAttributes"].items()}
    return letter(record["body"], **(attributes | changed))


def of_function(arn: str) -> Letter:
    body = sample("lambda_async_onfailure_destination")
    body["requestContext"]["functionArn"] = arn
    return letter(body)


def test_what_a_rule_could_not_deliver_is_for_its_target() -> None:
    dead = read_letter(of_rule(TARGET_ARN=ARN), HOME)
    assert (dead.kind, dead.trigger, dead.why_not) == (Kind.UNDELIVERED, "endpoint_changed", "")
    assert dead.cause == "NO_PERMISSIONS: Lambda function cannot be invoked"
    assert dead.tries == 186
    assert in_short(dead.event) == "SageMaker Endpoint State Change of Fraud-Prod"
    assert dead.at == datetime(2026, 11, 20, 14, 20, 11, tzinfo=UTC)


def test_what_a_function_failed_on_is_for_that_function() -> None:
    dead = read_letter(of_function(ARN), HOME)
    assert (dead.kind, dead.trigger, dead.why_not) == (Kind.FAILED, "endpoint_changed", "")
    assert dead.cause == "RuntimeError: boom"
    assert dead.tries == 3
    assert dead.event["detail"]["EndpointName"] == "Fraud-Prod"


@pytest.mark.parametrize(
    ("body", "queue", "function"),
    [
        ({"endpoint": "chat-llm"}, "pointsman-due", "pointsman-rollout-due"),
        (
            {"endpoint": "chat-llm", "at": "2026", "rollout": "r", "act": "a", "reason": "w", "cause": "c"},
            "pointsman-journal",
            "pointsman-rollout-tick",
        ),
    ],
)
@pytest.mark.parametrize("is_named", [True, False])
def test_a_message_of_a_queue_goes_back_to_it(
    body: dict[str, str], queue: str, function: str, *, is_named: bool
) -> None:
    dead = read_letter(letter(body, source=queue if is_named else ""), HOME)
    assert (dead.back_to, dead.function, dead.why_not) == (queue, function, "")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (of_rule(), "is no function of installation pointsman here"),
        (of_rule(TARGET_ARN=ARN.replace("111122223333", "444455556666")), "is no function of installation"),
        (of_rule(TARGET_ARN=ARN.replace("us-east-1", "eu-west-1")), "is no function of installation"),
        (of_rule(TARGET_ARN=ARN, IS_PAYLOAD_TRUNCATED="true"), "cut short"),
        (of_function(ARN.replace("endpoint-changed", "operator-request")), "ask anew"),
        (of_function(ARN.replace("endpoint-changed", "rollout-due")), "started by its queue alone"),
        (of_function(""), "its target is no function"),
        (letter({"endpoint": "x"}, source="pointsman-journal"), "nothing that a function"),
        (letter({"endpoint": "x"}, source="elsewhere"), "nothing that a function"),
        (letter({"anything": 1}), "nothing that a function"),
        (letter("[]"), "no JSON object"),
        (letter("no JSON"), "no JSON object"),
    ],
)
def test_what_cannot_be_mapped_is_not_replayed(given: Letter, why: str) -> None:
    dead = read_letter(given, HOME)
    assert why in dead.why_not
    assert why in dead.facts()["why_not"]


def test_a_letter_of_the_scheduler_names_no_function_and_is_not_replayed() -> None:
    [record] = sample("sqs_scheduler_dlq_record")["Records"]
    attributes = {name: each["stringValue"] for name, each in record["messageAttributes"].items()}
    dead = read_letter(letter(record["body"], **attributes), HOME)
    assert dead.cause == "AWS.Lambda.ResourceNotFoundException: Function not found"
    assert "is no function of installation" in dead.why_not


def test_a_failure_without_an_event_is_not_replayed() -> None:
    body = sample("lambda_async_onfailure_destination") | {"requestPayload": None}
    body["requestContext"]["functionArn"] = ARN
    assert "no JSON object" in read_letter(letter(body), HOME).why_not


def test_an_event_that_grew_too_old_says_so() -> None:
    body = sample("lambda_async_onfailure_destination")
    body["requestContext"] |= {"functionArn": ARN, "condition": "EventAgeExceeded"}
    del body["responsePayload"]
    assert read_letter(letter(body), HOME).cause == "EventAgeExceeded"


def test_another_installation_has_other_names() -> None:
    other = replace(HOME, installation="blue")
    assert read_letter(of_rule(TARGET_ARN=ARN), other).why_not
    assert read_letter(of_rule(TARGET_ARN=ARN.replace("pointsman-", "blue-")), other).why_not == ""
