"""An event says where to look, never what to do: whichever function looks at an endpoint carries its release all the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from pointsman.core.phases import Phase
from tests.functions.account import VARIANT
from tests.functions.world import Here, require_whole_chain

LOOKS = {
    "alarm_changed": "alarm_changed--metric.json",
    "endpoint_changed": "endpoint_changed--in-service.json",
    "rollout_due": "rollout_due--message.json",
}
MOST_LOOKS = 200


Look = Callable[[], None]


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest, here: Here) -> Look:
    """Let one function look once."""
    return lambda: here.deliver(LOOKS[request.param])


def until(here: Here, look: Look, phase: Phase) -> None:
    """Nothing but that one function looks until the rollout is in a phase."""
    for _ in range(MOST_LOOKS):
        if here.phase() is phase:
            return
        here.kernel.advance(timedelta(seconds=20))
        look()
    raise AssertionError(f"never came to {phase}: {here.rollout()}")


def test_it_carries_a_good_version_to_its_end(here: Here, look: Look) -> None:
    here.approve()
    until(here, look, Phase.SUCCEEDED)
    require_whole_chain(here)


def test_it_takes_a_bad_version_back_and_tidies_up(here: Here, look: Look) -> None:
    here.approve()
    until(here, look, Phase.BAKING)
    here.fire()
    until(here, look, Phase.ROLLED_BACK)
    assert here.weights() == {VARIANT: 100.0}
    require_whole_chain(here)


def test_it_takes_it_back_without_a_table_and_says_so_in_the_journal(here: Here, look: Look) -> None:
    here.approve()
    until(here, look, Phase.BAKING)
    here.fire()
    here.break_table()
    look()
    assert here.asked[-1] == ("sqs", "SendMessage")
    here.kernel.advance(timedelta(seconds=20))
    assert here.weights()[VARIANT] == 100.0
