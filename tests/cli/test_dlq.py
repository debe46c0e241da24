"""`pointsman dlq`: what failed lies there with its cause, and is replayed once it can be handled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.refusals import Refusal
from pointsman.core.phases import Phase
from tests.cli.installation import ENDPOINT, World, running
from twin.errors import TwinError

MANY = 1_000_000


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQS's servers need a second to be looked through; the one here does not, and would wait in real time."""
    monkeypatch.setattr("pointsman.adapters.aws.dead_letters.WAIT_S", 0)


@pytest.fixture
def world() -> Iterator[World]:
    with running() as installation:
        yield installation


@pytest.fixture
def missed(world: World) -> World:
    """An approval on which its function failed three times, because the table did not answer; the table is well again.

    Ticks are off, so that nothing else finds the approval.
    """
    for name in ("pointsman-rollout-tick", "pointsman-registry-sweep"):
        world.here.client("events").disable_rule(Name=name)
    world.here.dispatcher.is_enabled = lambda trigger: trigger.name == "model_package_changed"
    world.here.refusals.planned.append(Refusal("dynamodb", "*", "InternalServerError", MANY))
    world.approve()
    world.pass_minutes(4)
    world.here.refusals.planned.clear()
    return world


def listed(world: World) -> list[dict[str, Any]]:
    letters: list[dict[str, Any]] = json.loads(world.run("dlq list --json").out)["letters"]
    return letters


def test_nothing_that_failed_is_a_good_answer(world: World) -> None:
    assert world.run("dlq list").out == "No dead letters: every event got through.\n"
    ran = world.run("dlq redrive --yes")
    assert (ran.code, ran.out) == (0, "No dead letters: nothing to replay.\n")


def test_an_event_on_which_a_function_failed_three_times_lies_there_with_its_cause(missed: World) -> None:
    [letter] = listed(missed)
    assert letter["queue"] == "pointsman-failed-invocations"
    assert letter["function"] == "pointsman-model-package-changed"
    assert (letter["kind"], letter["tries"], letter["why_not"]) == ("failed", 3, None)
    assert letter["cause"].startswith("Transient: ")
    assert "InternalServerError" in letter["cause"]
    assert letter["event"] == "SageMaker Model Package State Change of chat-llm"
    assert letter["payload"]["detail"]["ModelApprovalStatus"] == "Approved"

    ran = missed.run("dlq list")
    assert ran.code == 0
    assert "cause: Transient: " in ran.out
    assert ran.out.endswith("1 event. Mend the cause, then: pointsman dlq redrive\n")


def test_looking_takes_nothing_away(missed: World) -> None:
    assert [letter["id"] for letter in listed(missed)] == [letter["id"] for letter in listed(missed)]
    assert missed.here.dead_letters.count() == 1


def test_a_replay_does_what_the_event_was_for_and_empties_the_queue(missed: World) -> None:
    ran = missed.run("dlq redrive --yes")
    missed.pass_minutes(0.1)

    assert ran.code == 0
    assert "Would replay 1 event:" in ran.out
    assert "Replayed 1 of 1 event." in ran.out
    assert listed(missed) == []
    rollout = missed.here.world.store.get_lane(missed.policy.endpoint).rollout
    assert rollout is not None
    assert rollout.endpoint == ENDPOINT
    assert rollout.phase is Phase.PREPARING


def test_an_event_that_is_replayed_twice_is_one_release(missed: World) -> None:
    [letter] = listed(missed)
    missed.run("dlq redrive --yes")
    missed.pass_minutes(0.1)
    before = len(missed.here.records())
    missed.here.dispatcher.take(letter["payload"])
    missed.pass_minutes(0.1)
    assert [record.facts()["kind"] for record in missed.here.records()[before:]] == []


def test_what_fails_again_comes_back(missed: World) -> None:
    missed.here.refusals.planned.append(Refusal("dynamodb", "*", "InternalServerError", MANY))
    assert missed.run("dlq redrive --yes").code == 0
    missed.pass_minutes(4)
    missed.here.refusals.planned.clear()
    assert [letter["tries"] for letter in listed(missed)] == [3]


def test_without_a_person_to_ask_it_only_says_what_it_would_do(missed: World) -> None:
    ran = missed.run("dlq redrive")
    assert ran.code == 0
    assert ran.out.endswith("Nothing was done: repeat with --yes to replay.\n")
    told = json.loads(missed.run("dlq redrive --json").out)
    assert told["is_dry_run"] is True
    assert told["would_replay"] == [letter["id"] for letter in listed(missed)]


@pytest.mark.parametrize(("typed", "code", "left"), [("n\n", 1, 1), ("y\n", 0, 0)])
def test_a_person_is_asked_once(missed: World, typed: str, code: int, left: int) -> None:
    ran = missed.run("dlq redrive", typed=typed)
    assert ran.code == code
    assert ran.out.count("[y/N]") == 1
    assert missed.here.dead_letters.count() == left


def test_only_the_letter_that_is_named_is_replayed(missed: World) -> None:
    sqs = missed.here.client("sqs")
    url = missed.here.dead_letters.dead_letters_url
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"endpoint": ENDPOINT}))
    ids = {letter["kind"]: letter["id"] for letter in listed(missed)}

    told = json.loads(missed.run(f"dlq redrive --only {ids['from queue']} --yes --json").out)

    assert told["replayed"] == [ids["from queue"]]
    assert [letter["id"] for letter in listed(missed)] == [ids["failed"]]
    assert missed.run("dlq redrive --only nothing --yes").code == 2


def test_a_letter_stays_when_its_function_does_not_take_the_event(
    missed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.functions_api.Functions._find", refuse)
    ran = missed.run("dlq redrive --yes")
    assert ran.code == 1
    assert "Not replayed: " in ran.out
    assert "Rate exceeded" in ran.out
    assert "Replayed 0 of 1 event" in ran.out
    assert missed.here.dead_letters.count() == 1


def refuse(*_: object) -> None:
    raise TwinError("TooManyRequestsException", "Rate exceeded", 429)


def test_an_installation_without_these_queues_is_said_to_be_none(world: World) -> None:
    ran = world.run("dlq list --installation other")
    assert ran.code == 3
    assert "queue other-dead-letters does not exist here: deploy it" in ran.err


def test_a_limit_below_one_is_wrong_use(world: World) -> None:
    assert world.run("dlq list --limit 0").code == 2
    assert world.run("dlq redrive --limit 0").code == 2
