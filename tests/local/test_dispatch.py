"""The local dispatcher serves triggers as the deployed services do: routing, schedules, queues, retries, dead letters."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cli.demo import POLICY
from cli.policy_file import load_policy
from local.installation import Installation, installed
from pointsman.triggers import Queue, Schedule, Trigger

EVENTS = Path(__file__).parents[2] / "events"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def here() -> Iterator[Installation]:
    with installed([load_policy(POLICY)], io.StringIO()) as installation:
        installation.dispatcher.start()
        yield installation


@pytest.fixture
def scheduled() -> Iterator[Installation]:
    """One function every minute, another every three; the second has nothing to do with such an event and says so."""
    with installed([load_policy(POLICY)], io.StringIO()) as installation:
        installation.dispatcher.triggers = (
            Trigger("rollout_tick", Schedule(MINUTE)),
            Trigger("endpoint_changed", Schedule(3 * MINUTE)),
            Trigger("rollout_due", Queue("due")),
        )
        installation.dispatcher.start()
        yield installation


def answers(here: Installation) -> list[tuple[str, object]]:
    heard: list[tuple[str, object]] = []
    here.dispatcher.answered = lambda name, answer: heard.append((name, answer))
    return heard


def test_the_tick_comes_every_minute(here: Installation) -> None:
    heard = answers(here)

    here.pass_time(3 * MINUTE)

    assert [name for name, _ in heard] == ["rollout_tick"] * 3


def test_each_schedule_keeps_its_own_period(scheduled: Installation) -> None:
    heard = answers(scheduled)

    scheduled.pass_time(6 * MINUTE)

    assert [name for name, _ in heard] == 2 * [
        "rollout_tick",
        "rollout_tick",
        "rollout_tick",
        "endpoint_changed",
    ]


def test_a_disabled_schedule_starts_nothing_and_makes_up_for_nothing(scheduled: Installation) -> None:
    heard = answers(scheduled)
    scheduled.dispatcher.is_enabled = lambda trigger: trigger.name != "rollout_tick"

    scheduled.pass_time(2 * MINUTE)
    scheduled.dispatcher.is_enabled = lambda _trigger: True
    scheduled.pass_time(MINUTE)

    assert [name for name, _ in heard] == ["rollout_tick", "endpoint_changed"]


def test_a_disabled_rule_delivers_no_event(here: Installation) -> None:
    heard = answers(here)
    here.dispatcher.is_enabled = lambda trigger: trigger.name != "endpoint_changed"

    here.dispatcher.take({"source": "aws.sagemaker", "detail-type": "SageMaker Endpoint State Change"})
    here.pass_time(timedelta(seconds=1))

    assert heard == []


def test_an_event_starts_the_function_whose_pattern_it_matches(here: Installation) -> None:
    heard = answers(here)
    event = json.loads(
        (EVENTS / "unmatched" / "sagemaker_model_state_change.json").read_text(encoding="utf-8")
    )

    here.dispatcher.take(event)
    here.dispatcher.take(
        event | {"detail-type": "SageMaker Endpoint State Change", "detail": {"EndpointName": "x"}}
    )
    here.pass_time(timedelta(seconds=1))

    assert [name for name, _ in heard] == ["endpoint_changed"]


def test_a_message_on_the_queue_starts_one_pass(here: Installation) -> None:
    heard = answers(here)

    here.world.queues.put_due([load_policy(POLICY).endpoint])
    here.pass_time(timedelta(seconds=1))

    assert [name for name, _ in heard] == ["rollout_due"]


def test_a_failing_function_is_tried_three_times_and_then_kept(here: Installation) -> None:
    here.client("dynamodb").delete_table(TableName="pointsman-state")
    here.world.queues.put_due([load_policy(POLICY).endpoint])

    here.pass_time(5 * MINUTE)

    assert [dead["function"] for dead in here.dispatcher.dead if dead["function"] == "rollout_due"] == [
        "rollout_due"
    ]
    assert "Transient" in here.dispatcher.dead[0]["error"]
