"""Schedules can be printed, read back, shrunk and told."""

import pytest

from tests.properties.faults import Fault, Kind, Schedule, read_schedule
from tests.properties.schedules import random_schedules
from tests.properties.stories import story_of
from tests.properties.verdicts import explore


def test_a_schedule_reads_back_as_it_was_printed() -> None:
    for schedule in random_schedules(50):
        assert read_schedule(str(schedule)) == schedule


def test_a_word_that_is_no_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="meteor"):
        read_schedule("good meteor:3")


def test_a_story_names_its_replay_and_what_struck() -> None:
    story = story_of(Schedule("good", (Fault(Kind.KILL_BEFORE, 12),)))
    assert "python -m tests.properties.replay good seed:7 kill-before:12" in story
    assert "killed before it" in story


def test_a_killed_pass_makes_no_further_call() -> None:
    run = explore(Schedule("good", (Fault(Kind.KILL_BEFORE, 5),)))
    killed = run.gate.points[5].owner
    assert [number for number, point in enumerate(run.gate.points) if point.owner == killed][-1] == 5


def test_others_run_while_a_pass_is_paused_and_it_goes_on_afterwards() -> None:
    run = explore(Schedule("good", (Fault(Kind.PAUSE_BEFORE, 7, 55),)))
    paused = run.gate.points[7].owner
    owners = [point.owner for point in run.gate.points]
    last = max(number for number, owner in enumerate(owners) if owner == paused)
    assert {owner for owner in owners[8:last] if owner != paused}


def test_a_pause_beyond_the_timeout_of_a_function_ends_the_pass() -> None:
    run = explore(Schedule("good", (Fault(Kind.PAUSE_BEFORE, 5, 61),)))
    paused = run.gate.points[5].owner
    assert [number for number, point in enumerate(run.gate.points) if point.owner == paused][-1] == 5
