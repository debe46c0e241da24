"""Calling an installation's functions: what every kind of answer becomes. The service is botocore's own client with canned answers."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from pointsman.adapters.aws.functions import Functions
from pointsman.errors import Denied, Misconfigured, Transient


@pytest.fixture
def service() -> Iterator[Stubber]:
    session = boto3.Session("made up", "made up", region_name="eu-central-1")
    client = session.client("lambda")
    with Stubber(client) as stubber:
        yield stubber


def functions(service: Stubber) -> Functions:
    client: Any = service.client
    return Functions(client, "pointsman", "eu-central-1 of account 111122223333")


def answers(service: Stubber, payload: bytes, **more: Any) -> None:
    body = StreamingBody(io.BytesIO(payload), len(payload))
    asked = {"FunctionName": "pointsman-operator-query", "Payload": b'{"query": "names"}'}
    service.add_response("invoke", {"StatusCode": 200, "Payload": body} | more, asked | {"Qualifier": "live"})


def ask(service: Stubber) -> Any:
    return functions(service).call("operator_query", {"query": "names"})


def test_a_function_has_the_name_of_its_trigger(service: Stubber) -> None:
    assert functions(service).name_of("model_package_changed") == "pointsman-model-package-changed"


def test_the_answer_is_the_functions_own(service: Stubber) -> None:
    answers(service, json.dumps({"ok": True}).encode())
    assert ask(service) == {"ok": True}


def test_no_function_means_no_installation_and_says_where_and_what_to_do(service: Stubber) -> None:
    for tried in ("x:live", "x"):
        service.add_client_error("invoke", "ResourceNotFoundException", f"Function not found: {tried}", 404)
    with pytest.raises(Misconfigured) as caught:
        ask(service)
    said = str(caught.value)
    assert "no installation of Pointsman in eu-central-1 of account 111122223333" in said
    assert "pointsman-operator-query" in said
    assert "pointsman local up" in said


def test_a_caller_who_may_not_invoke_is_told_which_permission(service: Stubber) -> None:
    service.add_client_error("invoke", "AccessDeniedException", "not authorized", 403)
    with pytest.raises(Denied, match="lambda:InvokeFunction on pointsman-operator-query"):
        ask(service)


def test_a_function_that_failed_is_transient_with_its_words(service: Stubber) -> None:
    failed = {"errorType": "Transient", "errorMessage": "table pointsman-state: down"}
    answers(service, json.dumps(failed).encode(), FunctionError="Unhandled")
    with pytest.raises(Transient, match="failed: Transient: table pointsman-state: down"):
        ask(service)


def test_throttling_is_transient(service: Stubber) -> None:
    service.add_client_error("invoke", "TooManyRequestsException", "Rate exceeded", 429)
    with pytest.raises(Transient, match="Rate exceeded"):
        ask(service)


@pytest.mark.parametrize("payload", [b"", b"not json", b"[1]", b"null", b"\xff"])
def test_an_answer_that_is_no_json_object_is_transient(service: Stubber, payload: bytes) -> None:
    answers(service, payload)
    with pytest.raises(Transient, match="pointsman-operator-query answered"):
        ask(service)


def starting(**more: str) -> dict[str, Any]:
    return {
        "FunctionName": "pointsman-rollout-tick",
        "InvocationType": "Event",
        "Payload": b'{"source": "aws.events"}',
    } | more


def start(service: Stubber) -> None:
    functions(service).start("rollout_tick", {"source": "aws.events"})


def test_an_event_starts_a_function_through_its_alias_and_waits_for_nothing(service: Stubber) -> None:
    service.add_response("invoke", {"StatusCode": 202}, starting(Qualifier="live"))
    start(service)
    service.assert_no_pending_responses()


def test_a_function_without_an_alias_is_started_as_it_is(service: Stubber) -> None:
    service.add_client_error("invoke", "ResourceNotFoundException", "Function not found: x:live", 404)
    service.add_response("invoke", {"StatusCode": 202}, starting())
    start(service)
    service.assert_no_pending_responses()


def test_an_event_for_no_function_at_all_says_so(service: Stubber) -> None:
    service.add_client_error("invoke", "ResourceNotFoundException", "Function not found: x:live", 404)
    service.add_client_error("invoke", "ResourceNotFoundException", "Function not found: x", 404)
    with pytest.raises(Misconfigured, match="no installation of Pointsman"):
        start(service)


def test_an_event_that_is_not_accepted_is_an_error(service: Stubber) -> None:
    service.add_response("invoke", {"StatusCode": 200}, starting(Qualifier="live"))
    with pytest.raises(Transient, match="answered 200 instead of accepting"):
        start(service)


def test_an_event_that_may_not_be_sent_is_not_sent_past_the_alias(service: Stubber) -> None:
    service.add_client_error("invoke", "AccessDeniedException", "no", 403)
    with pytest.raises(Denied):
        start(service)
