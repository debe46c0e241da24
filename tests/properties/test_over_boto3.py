"""Schedules through the real adapters, boto3, the wire and moto: what holds in memory holds there too."""

import os

import pytest

from tests.properties.faults import Fault, Kind, Schedule
from tests.properties.over_boto3 import OverBoto3
from tests.properties.schedules import random_schedules
from tests.properties.verdicts import explore, last_phases, problems

RUNS = 20 + int(os.environ.get("POINTSMAN_SCHEDULES", "0")) // 200
ALL = [
    Schedule("turns-bad", (Fault(Kind.UNWRITABLE, 150, 120),)),
    Schedule("abort", (Fault(Kind.UNANSWERED, 60), Fault(Kind.PAUSE_AFTER, 20, 55))),
    *random_schedules(RUNS, seed=41),
]


@pytest.mark.parametrize("schedule", ALL, ids=str)
def test_a_schedule_over_boto3_does_no_harm(schedule: Schedule) -> None:
    with OverBoto3() as make:
        assert problems(explore(schedule, make=make)) == []


def test_an_undisturbed_story_makes_the_same_records_over_boto3_as_in_memory() -> None:
    in_memory = explore(Schedule("turns-bad"))
    with OverBoto3() as make:
        over_boto3 = explore(Schedule("turns-bad"), make=make)
        assert last_phases(over_boto3) == last_phases(in_memory)
        assert len(over_boto3.memory.records()) == len(in_memory.memory.records())
