"""`pointsman judged`: what the judge said of releases, and what came of them, in an installation whose judge only reports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cli.judged_sums import Outcome, judged, sums
from cli.policy_file import load_policy
from local.stories import demo_policy
from local.trace import generate_trace
from pointsman.policy import Comparison, Judging
from tests.cli.installation import DEMO_POLICY, ENDPOINT, World, running
from tests.cli.pages import decision

HEALTH = demo_policy(load_policy(DEMO_POLICY), generate_trace(7)).plan.health
REPORTS = replace(HEALTH, alarms=(), created=(), comparison=Comparison(mode=Judging.REPORT))


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Version 2 is good; 3 fails and is taken back by a person; 4 fails and is watched to its end; 5 is taken back for nothing seen."""
    with running(steps=(50, 100), watch=timedelta(minutes=10), health=REPORTS) as installation:
        installation.approve()
        installation.pass_minutes(90)
        installation.approve(bad=True)
        installation.pass_minutes(25)
        installation.run(f"abort {ENDPOINT} --yes --reason broken")
        installation.pass_minutes(30)
        installation.approve(bad=True)
        installation.pass_minutes(90)
        installation.approve()
        installation.pass_minutes(15)
        installation.run(f"abort {ENDPOINT} --yes --reason rumour")
        installation.pass_minutes(30)
        yield installation


def test_each_release_is_classed_by_what_was_said_and_what_came_of_it(world: World) -> None:
    told = json.loads(world.run(f"judged {ENDPOINT} --json").out)

    outcomes = {each["version"]: each["outcome"] for each in told["rollouts"]}
    assert outcomes == {2: "quiet", 3: "right", 4: "false", 5: "missed"}
    assert [each["version"] for each in told["rollouts"]] == [5, 4, 3, 2]
    right = next(each for each in told["rollouts"] if each["outcome"] == "right")
    assert right["cause"] == "aborted"
    assert 0 < right["ahead_s"] < 25 * 60
    assert "it would have taken this back" in right["sentence"]
    assert told["sums"] == {"right": 1, "false": 1, "missed": 1, "quiet": 1, "decided": 0, "unknown": 0}


@pytest.mark.parametrize("line", ["judged", f"judged {ENDPOINT}", f"judged {ENDPOINT} --records 5000"])
def test_the_sums_are_told_in_words(world: World, line: str) -> None:
    ran = world.run(line)

    assert ran.code == 0
    assert "Of 4 rollouts that had traffic\n  1 right: it spoke against it" in ran.out
    assert "Of 2 that it would have taken back, 1 were taken back later." in ran.out
    assert "Of 2 that an alarm or a person took back, it spoke against 1." in ran.out


def test_an_endpoint_without_rollouts_says_so(world: World) -> None:
    assert "No rollout that had traffic is recorded." in world.run("judged other").out


def test_a_wrong_number_of_records_is_refused(world: World) -> None:
    ran = world.run("judged --records 0")
    assert (ran.code, "--records must be 1 or more" in ran.err) == (2, True)


def moves(*ending: dict[str, Any]) -> list[dict[str, Any]]:
    """A rollout with traffic, and how it ended."""
    return [decision(5, "VALIDATING", "SHIFTING", 500, "shift"), *ending]


@pytest.mark.parametrize(
    ("ending", "outcome"),
    [
        (
            [
                decision(
                    9, "BAKING", "ROLLING_BACK", 0, "shift", cause="judged_bad", numbers={"verdict": "FAIL"}
                )
            ],
            "decided",
        ),
        (
            [decision(9, "BAKING", "ROLLING_BACK", 0, "shift", cause="alarm", numbers={"verdict": "FAIL"})],
            "right",
        ),
        (
            [decision(9, "BAKING", "ROLLING_BACK", 0, "shift", cause="alarm", numbers={"verdict": "PASS"})],
            "missed",
        ),
        ([decision(9, "BAKING", "ROLLING_BACK", 0, "shift", cause="patience_over")], "unknown"),
        ([decision(9, "BAKING", "NEEDS_HUMAN", 500, None)], "unknown"),
        (
            [
                decision(9, "WATCHING", "SUCCEEDED", 10_000, None),
                decision(99, "SUCCEEDED", "ROLLING_BACK", 0, "shift", cause="aborted"),
                decision(100, "ROLLING_BACK", "ROLLED_BACK", 0, None, cause="aborted"),
            ],
            "missed",
        ),
    ],
)
def test_endings_are_told_apart(ending: list[dict[str, Any]], outcome: str) -> None:
    [found] = judged(moves(*ending))

    assert found.outcome == outcome
    assert sums([found])[Outcome(outcome)] == 1


def test_a_rollout_that_never_had_traffic_is_left_out() -> None:
    assert judged([decision(0, "PENDING", "PREPARING", 0, "prepare")]) == []
