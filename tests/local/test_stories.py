"""The four stories end as they are told, on generated traffic, and the same seed tells them again to the letter."""

import io
from functools import cache
from pathlib import Path

import pytest

from cli.demo import POLICY
from cli.policy_file import load_policy
from local.stories import STORIES, Ending, Frame, Stage, Story, demo_policy, play
from local.trace import Trace, generate_trace, read_trace
from pointsman.core.phases import Phase

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
TRAFFIC = generate_trace(7, requests_per_minute=120)


def tell(story: Story, trace: Trace = TRAFFIC) -> tuple[Ending, list[Frame]]:
    frames: list[Frame] = []
    stage = Stage(demo_policy(load_policy(POLICY), trace), trace, 7, io.StringIO())
    return play(story, stage, frames.append), frames


@cache
def told(story: Story) -> tuple[Ending, list[Frame]]:
    return tell(story)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.number)
def test_a_story_ends_as_its_title_says(story: Story) -> None:
    ending, _ = told(story)

    assert ending.phase is story.ends_in
    assert ending.chain_problems == ()
    assert ending.dead_letters == 0
    assert ending.peak_instances == 6


def test_a_good_version_is_seen_at_every_share_of_its_plan() -> None:
    _, frames = told(STORIES[0])

    seen = {frame.share_percent for frame in frames}

    assert {5.0, 10.0, 25.0, 50.0, 100.0} <= seen


def test_a_version_that_is_slow_under_load_passes_the_small_shares_first() -> None:
    _, frames = told(STORIES[2])

    decisions = [record.facts() for frame in frames for record in frame.records]
    back = next(facts for facts in decisions if facts.get("after") == Phase.ROLLING_BACK)

    assert back["cause"] == "judged_bad"
    assert back["step"] >= 3
    assert "slower than" in back["reason"]


def test_a_version_that_never_starts_costs_nobody_a_request() -> None:
    ending, frames = told(STORIES[3])

    assert ending.served.get(ending.candidate) is None or ending.served[ending.candidate].requests == 0
    assert {frame.share_percent for frame in frames} == {0.0}


def test_the_same_seed_gives_the_same_records() -> None:
    first, second = (
        [record for frame in told(STORIES[3])[1] for record in frame.records],
        [record for frame in tell(STORIES[3])[1] for record in frame.records],
    )

    assert first == second
    assert len(first) > 5


@pytest.mark.skipif(not SHARED.exists(), reason="the recorded traces lie beside the project, not in it")
@pytest.mark.parametrize("name", ["azure-llm-2023-code.csv", "azure-llm-2023-conv.csv"])
def test_the_failing_version_is_taken_back_on_recorded_traffic_as_well(name: str) -> None:
    ending, _ = tell(STORIES[1], read_trace(SHARED / name))

    assert ending.is_as_told
