"""Every single fault of a story, one run each: a pass killed or paused at every call, every refusal, every event, every outage."""

import os

import pytest

from tests.properties.scenarios import SCENARIOS
from tests.properties.schedules import event_mishaps, kills_and_pauses, outages, refusals
from tests.properties.stories import first_failure

EVERY = sorted(SCENARIOS)
IS_SOAK = "POINTSMAN_SCHEDULES" in os.environ
MAIN = EVERY if IS_SOAK else ["abort", "good", "turns-bad"]
SHORT = EVERY if IS_SOAK else ["abort-early", "denied", "never-healthy", "quota"]
"""`make soak` takes every story; in every run the others get the random schedules."""
PEOPLE = [] if IS_SOAK else ["lost-approval", "promoted-under-an-alarm"]


@pytest.mark.parametrize("name", sorted({*MAIN, *SHORT}))
def test_a_pass_killed_or_paused_at_any_call_does_no_harm(name: str) -> None:
    assert first_failure(kills_and_pauses(name)) is None


def test_a_pass_killed_or_paused_once_a_person_spoke_does_no_harm() -> None:
    """What comes before is as in other stories."""
    assert first_failure(kills_and_pauses("promoted-under-an-alarm", since_s=90)) is None


@pytest.mark.parametrize("name", sorted(EVERY if IS_SOAK else {*SHORT, "turns-bad"} - {"abort-early"}))
def test_any_call_refused_or_unanswered_does_no_harm(name: str) -> None:
    assert first_failure(refusals(name)) is None


@pytest.mark.parametrize("name", sorted({*MAIN, *SHORT, *PEOPLE}))
def test_any_event_lost_doubled_or_late_does_no_harm(name: str) -> None:
    assert first_failure(event_mishaps(name)) is None


@pytest.mark.parametrize("name", MAIN)
def test_tables_that_cannot_be_used_for_a_while_do_no_harm(name: str) -> None:
    assert first_failure(outages(name)) is None
