"""The Lambda API runs the deployed handlers and answers as Lambda does, errors included."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.functions_api import functions_answering
from local.installation import Installation
from pointsman.triggers import TRIGGERS

ABORT = {"command": "abort", "target": "chat-llm", "reason": "none", "by": "me", "request_id": "1"}


@pytest.fixture
def functions(empty: Installation) -> Iterator[Any]:
    """A client of Lambda."""
    with functions_answering(empty):
        yield empty.client("lambda")


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def test_there_is_one_function_for_each_trigger(functions: Any) -> None:
    listed = functions.list_functions()["Functions"]

    assert [each["FunctionName"] for each in listed] == [
        f"pointsman-{trigger.name.replace('_', '-')}" for trigger in TRIGGERS
    ]
    assert {each["Handler"] for each in listed} == {trigger.handler for trigger in TRIGGERS}


@pytest.mark.parametrize(
    "name",
    [
        "pointsman-operator-request",
        "pointsman-operator-request:live",
        "111122223333:function:pointsman-operator-request",
        "arn:aws:lambda:us-east-1:111122223333:function:pointsman-operator-request",
        "arn:aws:lambda:us-east-1:111122223333:function:pointsman-operator-request:$LATEST",
    ],
)
def test_an_invocation_runs_the_handler_and_brings_its_answer(functions: Any, name: str) -> None:
    answer = functions.invoke(FunctionName=name, Payload=json.dumps(ABORT))

    assert answer["StatusCode"] == 200
    assert "FunctionError" not in answer
    assert "no rollout is open on endpoint chat-llm" in json.load(answer["Payload"])["message"]


def test_a_handler_that_raises_is_a_function_error(functions: Any, empty: Installation) -> None:
    empty.client("dynamodb").delete_table(TableName=empty.settings.state_table)

    answer = functions.invoke(FunctionName="pointsman-rollout-tick")

    told = json.load(answer["Payload"])
    assert answer["StatusCode"] == 200
    assert answer["FunctionError"] == "Unhandled"
    assert told["errorType"] == "Transient"
    assert empty.settings.state_table in told["errorMessage"]


def test_an_asynchronous_invocation_runs_when_time_moves(functions: Any, empty: Installation) -> None:
    heard: list[str] = []
    empty.dispatcher.answered = lambda name, _answer: heard.append(name)

    answer = functions.invoke(FunctionName="pointsman-rollout-tick", InvocationType="Event")

    assert answer["StatusCode"] == 202
    assert heard == []
    empty.dispatcher.advance_to(empty.kernel.now)
    assert heard == ["rollout_tick"]


def test_a_dry_run_runs_nothing(functions: Any, empty: Installation) -> None:
    heard: list[str] = []
    empty.dispatcher.answered = lambda name, _answer: heard.append(name)

    answer = functions.invoke(FunctionName="pointsman-rollout-tick", InvocationType="DryRun")

    assert answer["StatusCode"] == 204
    assert heard == []


@pytest.mark.parametrize("name", ["pointsman-rollout-tock", "rollout-tick", "other"])
def test_a_function_that_is_not_there_is_not_found(functions: Any, name: str) -> None:
    with pytest.raises(ClientError) as refused:
        functions.invoke(FunctionName=name)

    assert code_of(refused) == "ResourceNotFoundException"
    assert name in str(refused.value)


def test_a_payload_that_is_no_json_is_refused(functions: Any) -> None:
    with pytest.raises(ClientError) as refused:
        functions.invoke(FunctionName="pointsman-rollout-tick", Payload=b"{")

    assert code_of(refused) == "InvalidRequestContentException"


def test_an_operation_that_the_local_run_does_not_have_is_named(functions: Any) -> None:
    with pytest.raises(ClientError, match="does not know lambda ListAliases"):
        functions.list_aliases(FunctionName="pointsman-rollout-tick")


def test_a_configuration_tells_the_settings(functions: Any, empty: Installation) -> None:
    told = functions.get_function_configuration(FunctionName="pointsman-rollout-tick")
    whole = functions.get_function(FunctionName="pointsman-rollout-tick")

    assert told["Environment"]["Variables"]["POINTSMAN_STATE_TABLE"] == empty.settings.state_table
    assert told["Timeout"] == 60
    assert whole["Configuration"]["FunctionArn"] == told["FunctionArn"]
