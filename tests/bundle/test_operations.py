"""The list of operations holds what the functions' code calls, all of it and nothing else."""

from __future__ import annotations

import ast
import re

import pytest

from bundle.operations import OPERATIONS, READ
from bundle.staging import ROOT
from tests.bundle.calls import called_by_functions, calls_in, imported_from

ADAPTER = """
from mypy_boto3_sqs import SQSClient

class Queues:
    def __init__(self, client: SQSClient, url: str) -> None:
        self._client: Any = client

    def first(self):
        return self._client.{call}

    def _call(self, operation):
        return getattr(self._client, operation)()
"""


def test_the_list_is_what_the_code_calls() -> None:
    listed = {(service, operation) for service, names in OPERATIONS.items() for operation in names}
    assert listed == called_by_functions()


def test_only_endpoints_are_searched_for() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "pointsman").rglob("*.py"))
    assert re.findall(r"\.search\(Resource=\"(\w+)\"", sources) == ["Endpoint"]
    assert READ["sagemaker", "SearchRecord"] == {"Endpoint"}


@pytest.mark.parametrize(
    ("call", "operation"),
    [
        ("send_message(QueueUrl=1)", "SendMessage"),
        ("receive_message", "ReceiveMessage"),
        ("meta or self._call('delete_message')", "DeleteMessage"),
    ],
)
def test_a_call_is_found_however_it_is_written(call: str, operation: str) -> None:
    assert calls_in(ast.parse(ADAPTER.format(call=call))) == {("sqs", operation)}


def test_what_is_no_operation_is_not_passed_over() -> None:
    with pytest.raises(KeyError, match="get_paginator"):
        calls_in(ast.parse(ADAPTER.format(call="get_paginator('list_queues')")))


def test_imports_within_functions_count() -> None:
    assert "pointsman.adapters.aws.around" in imported_from(iter(["pointsman.wiring"]))
