"""The environment, read once: everything that is missing is named at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from pointsman.errors import Misconfigured
from pointsman.settings import Settings

WHOLE = {
    "POINTSMAN_STATE_TABLE": "state",
    "POINTSMAN_AUDIT_TABLE": "audit",
    "POINTSMAN_DUE_QUEUE_URL": "due",
    "POINTSMAN_JOURNAL_QUEUE_URL": "journal",
    "POINTSMAN_TOPIC_ARN": "topic",
    "POINTSMAN_BUS_NAME": "bus",
    "POINTSMAN_POLICIES_FILE": "policies.json",
}


def test_every_variable_finds_its_place() -> None:
    assert Settings.from_env(WHOLE | {"PATH": "elsewhere"}) == Settings(
        state_table="state",
        audit_table="audit",
        due_queue_url="due",
        journal_queue_url="journal",
        topic_arn="topic",
        bus_name="bus",
        policies_file=Path("policies.json"),
    )


@pytest.mark.parametrize(
    ("given", "found"),
    [("policies.json", "/var/task/policies.json"), ("/elsewhere/policies.json", "/elsewhere/policies.json")],
)
def test_policies_lie_where_lambda_unpacked_the_zip_unless_their_path_is_whole(
    given: str, found: str
) -> None:
    environ = WHOLE | {"LAMBDA_TASK_ROOT": "/var/task", "POINTSMAN_POLICIES_FILE": given}
    assert Settings.from_env(environ).policies_file == Path(found)


@pytest.mark.parametrize("variable", WHOLE)
@pytest.mark.parametrize("is_empty", [True, False])
def test_one_that_is_missing_or_empty_is_named(variable: str, *, is_empty: bool) -> None:
    environ = {name: value for name, value in WHOLE.items() if name != variable}
    if is_empty:
        environ[variable] = ""
    with pytest.raises(Misconfigured, match=f"missing environment variables: {variable}$"):
        Settings.from_env(environ)


def test_all_that_are_missing_are_named_at_once() -> None:
    with pytest.raises(Misconfigured) as caught:
        Settings.from_env({})
    assert all(variable in str(caught.value) for variable in WHOLE)
