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
    ticks = [each.started_by.every for each in TRIGGERS if isinstance(each.started_by, Schedule)]
    assert ticks == [timedelta(minutes=1)]
    assert min(ticks) > ACT_WINDOW


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
