"""The table of triggers: what it promises beside names and handlers, which `test_house.py` checks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pointsman.core.decision import ACT_WINDOW
from pointsman.core.lane import GRACE
from pointsman.triggers import TRIGGERS, Direct, Pattern, Queue, Schedule, Trigger

BY_NAME = {trigger.name: trigger for trigger in TRIGGERS}


@pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda trigger: trigger.name)
def test_no_function_outlives_the_time_in_which_late_calls_are_expected(trigger: Trigger) -> None:
    assert timedelta(0) < trigger.timeout < GRACE


def test_a_tick_comes_after_the_deadline_of_an_act() -> None:
    tick = BY_NAME["rollout_tick"].started_by
    assert tick == Schedule(timedelta(minutes=1))
    assert isinstance(tick, Schedule)
    assert tick.every > ACT_WINDOW


def test_the_registry_is_asked_often_enough_that_a_lost_approval_waits_no_longer_than_a_bake() -> None:
    assert BY_NAME["registry_sweep"].started_by == Schedule(timedelta(minutes=15))


def test_an_alarm_does_not_queue() -> None:
    assert isinstance(BY_NAME["alarm_changed"].started_by, Pattern)


def test_rollouts_come_through_a_queue_and_people_directly() -> None:
    assert isinstance(BY_NAME["rollout_due"].started_by, Queue)
    assert isinstance(BY_NAME["operator_request"].started_by, Direct)


@pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda trigger: trigger.name)
def test_a_pattern_listens_to_aws_alone(trigger: Trigger) -> None:
    if isinstance(trigger.started_by, Pattern):
        [source] = trigger.started_by.pattern["source"]
        assert source.startswith("aws.")


def test_every_way_of_starting_a_function_is_used() -> None:
    assert {type(trigger.started_by) for trigger in TRIGGERS} == {Pattern, Schedule, Queue, Direct}
