"""The undisturbed stories end as they should: otherwise what disturbs them would prove nothing."""

import pytest

from pointsman.core.phases import Phase
from tests.properties.faults import Schedule
from tests.properties.scenarios import SCENARIOS
from tests.properties.schedules import SEEDS
from tests.properties.verdicts import explore, last_phases, problems


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", SCENARIOS)
def test_an_undisturbed_story_ends_as_it_should(name: str, seed: int) -> None:
    run = explore(Schedule(name, seed=seed))
    assert problems(run) == []
    assert last_phases(run) == SCENARIOS[name].ends


def test_the_same_schedule_gives_the_same_run() -> None:
    first, second = (explore(Schedule("queued"), is_told=True) for _ in range(2))
    assert first.story == second.story


def test_the_stories_reach_every_ending() -> None:
    ends = {phase for scenario in SCENARIOS.values() for phase in scenario.ends.values()}
    assert ends == {Phase.SUCCEEDED, Phase.ROLLED_BACK, Phase.SUPERSEDED, Phase.NEEDS_HUMAN}
