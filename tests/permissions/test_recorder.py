"""Which function a call belongs to, and which runs say something of permissions that nobody uses."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.functions.world import installed
from tests.permissions.actions import Use
from tests.permissions.recorder import _read, _written, is_whole, note, seen_by

ARGUMENTS = pytest.Config.ArgsSource


def config(source: ARGUMENTS, **options: Any) -> Any:
    return SimpleNamespace(
        args_source=source, getoption=lambda name, default=None: options.get(name, default)
    )


def test_a_call_belongs_to_the_function_that_an_adapter_works_for() -> None:
    with installed() as here:
        here.handle("operator_query", {"query": "status", "endpoint": "Fraud-Prod"})
    actions = {use.action for use in seen_by("operator_query")}
    assert {"sagemaker:DescribeEndpoint", "dynamodb:GetItem"} <= actions


def test_a_call_that_a_test_makes_belongs_to_nobody() -> None:
    note("sagemaker", "DeleteModel", {"ModelName": "somebodys"})
    everybody = [use for name in ("", "operator_query") for use in seen_by(name)]
    assert not any(use.action == "sagemaker:DeleteModel" for use in everybody)


def test_a_record_is_the_same_after_it_was_handed_over() -> None:
    seen = {("alarm_changed", Use("iam:PassRole", "role", (("iam:PassedToService", "x"),)))}
    assert _read(_written(seen)) == seen


@pytest.mark.parametrize(
    ("asked", "is_enough"),
    [
        (config(ARGUMENTS.TESTPATHS), True),
        (config(ARGUMENTS.ARGS), False),
        (config(ARGUMENTS.TESTPATHS, keyword="alarm"), False),
        (config(ARGUMENTS.TESTPATHS, lf=True), False),
    ],
)
def test_only_a_run_of_everything_is_kept(asked: Any, is_enough: bool) -> None:  # noqa: FBT001
    assert is_whole(asked) is is_enough
