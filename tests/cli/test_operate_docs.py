"""docs/operate.md shows what is answered: the keys of its objects are those of a real installation's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.app import build_app
from pointsman.question import Ask
from tests.cli.installation import ENDPOINT, World, running

PAGE = (Path(__file__).parents[2] / "docs" / "operate.md").read_text(encoding="utf-8")
REPORT, DOCTOR, LETTERS, ENTRY = (
    json.loads(each) for each in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
)
STEERING = ("pause", "resume", "promote", "approve", "abort", "rollback", "retry")


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Version 2 bakes. Only its own test steers it."""
    with running() as installation:
        installation.approve()
        installation.pass_minutes(11)
        yield installation


def shape(value: Any) -> Any:
    """Keys of an object, through and through; lists and plain values are what they are."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items() if key != "quarantined"}
    return type(value).__name__ if not isinstance(value, int | float) else "number"


def test_an_entry_of_a_status_is_as_documented(world: World) -> None:
    [entry] = json.loads(world.run("status --json").out)["rollouts"]
    assert shape(entry) == shape(ENTRY)


def test_the_report_of_steering_is_as_documented(world: World) -> None:
    ran = world.run(f"pause {ENDPOINT} --reason why --yes --json")
    assert shape(json.loads(ran.out)) == shape(REPORT)


def test_a_finding_of_the_doctor_is_as_documented(world: World) -> None:
    told = json.loads(world.run("doctor --json").out)
    assert set(told) == set(DOCTOR)
    assert {tuple(each) for each in told["findings"]} == {tuple(DOCTOR["findings"][0])}


@pytest.mark.parametrize("name", ["releases", "rollout"])
def test_every_key_of_an_answer_is_in_the_page(world: World, name: str) -> None:
    query = {"query": name, "rollout": ENDPOINT, "endpoint": ENDPOINT}
    answer = world.here.dispatcher.invoke("operator_query", query)
    told = answer["releases"][0] if name == "releases" else answer
    assert [key for key in told if f"`{key}`" not in PAGE and f'"{key}"' not in PAGE] == []


def test_every_question_and_every_command_is_in_the_page() -> None:
    assert [ask for ask in Ask if f"| `{ask}` |" not in PAGE] == []
    assert [command for command in STEERING if f"| `{command}` |" not in PAGE] == []
    there_are = {name for name in build_app() if not name.startswith("-")}
    mine = {*STEERING, "status", "history", "releases", "explain", "doctor", "version", "completion", "names"}
    assert [name for name in mine & there_are if f"pointsman {name}" not in PAGE] == []


def test_a_dead_letter_is_as_documented(world: World) -> None:
    sample = (
        Path(__file__).parents[2] / "events/unmatched/lambda_async_onfailure_destination.json"
    ).read_text()
    mine = sample.replace("function:endpoint-events", "function:pointsman-endpoint-changed")
    url = world.here.dead_letters.failed_invocations_url
    world.here.client("sqs").send_message(QueueUrl=url, MessageBody=mine)
    told = json.loads(world.run("dlq list --json").out)
    world.here.client("sqs").purge_queue(QueueUrl=url)
    [letter], [documented] = told.pop("letters"), LETTERS["letters"]
    assert told.keys() == LETTERS.keys() - {"letters"}
    assert shape(letter | {"payload": {}}) == shape(documented)
