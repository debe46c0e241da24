"""The words in which mistakes are told."""

from __future__ import annotations

import pytest
import yaml

from cli.policy_file import PolicyErrors, Problem, policy_from_text
from tests.cli.policy_samples import RIGHT, having


def problems_in(data: object) -> tuple[Problem, ...]:
    with pytest.raises(PolicyErrors) as caught:
        policy_from_text(yaml.safe_dump(data), "x.yaml")
    return caught.value.problems


@pytest.mark.parametrize("key", sorted(RIGHT))
def test_a_section_that_is_missing_is_named_with_what_belongs_there(key: str) -> None:
    data = {name: value for name, value in RIGHT.items() if name != key}

    (problem,) = problems_in(data)

    assert (problem.where, problem.found) == (key, "is missing")
    assert problem.allowed.startswith("allowed: ")


def test_the_last_step_says_why_it_must_be_100() -> None:
    (problem,) = problems_in(having("rollout.steps", [1, 50]))

    assert (problem.where, problem.found) == ("rollout.steps[1]", "found 50")
    assert problem.allowed == (
        "the last step must be 100: it proves that the candidate can carry everything "
        "before it takes the baseline's place"
    )


def test_a_misspelt_key_is_answered_with_the_right_one() -> None:
    (problem,) = problems_in(having("health.min_request", 5))

    assert "did you mean min_requests?" in problem.allowed


def test_all_mistakes_of_a_file_are_told_at_once_with_their_lines() -> None:
    text = yaml.safe_dump(RIGHT, sort_keys=False).replace("instance_count: 2", "instance_count: true")
    text = text.replace("endpoint: x\n", "endpoint: x_y\n") + "watch: long\nwatch: 24 h\n"

    with pytest.raises(PolicyErrors) as caught:
        policy_from_text(text, "x.yaml")

    lines = text.splitlines()
    told = {problem.where: lines[(problem.line or 0) - 1].strip() for problem in caught.value.problems}
    assert told == {
        "endpoint": "endpoint: x_y",
        "serve.instance_count": "instance_count: true",
        "watch": "watch: 24 h",
    }


def test_a_key_given_twice_is_refused_even_if_both_are_right() -> None:
    with pytest.raises(PolicyErrors) as caught:
        policy_from_text(yaml.safe_dump(RIGHT) + "watch: 1h\nwatch: 2h\n")
    (problem,) = caught.value.problems
    assert (problem.where, problem.found) == ("watch", "given twice")


def test_hostile_text_is_shown_cut_and_escaped() -> None:
    hostile = "\x1b[31m\u202e" + "long" * 500

    problems = problems_in({**RIGHT, "endpoint": hostile, hostile: 1})

    assert all(str(problem).isprintable() and len(str(problem)) < 500 for problem in problems)
    assert "\\x1b[31m\\u202e" in str(problems[0])


def test_a_key_of_a_created_alarm_says_what_it_may_hold_and_a_misspelt_one_is_answered() -> None:
    wrong = {"create": "latency", "over": "3s", "minutes": 0, "percentil": 99}
    minutes, misspelt = problems_in(having("health.alarms", ["a", wrong]))

    assert (minutes.where, minutes.allowed) == (
        "health.alarms[1].minutes",
        "allowed: a whole number from 1 to 60",
    )
    assert misspelt.where == "health.alarms[1].percentil"
    assert misspelt.allowed.startswith("no such key; did you mean percentile? keys here: ")


def test_a_pair_of_metadata_is_not_taken_for_the_key_of_the_same_name() -> None:
    (problem,) = problems_in(having("metadata", {"watch": "<b>"}))

    assert problem.where == "metadata.watch"
    assert "at most 50 pairs of text" in problem.allowed


def test_an_alarm_stricter_than_the_judge_is_refused_with_what_would_do() -> None:
    alarms = [{"create": "errors", "over_percent": 0.5}]
    (errors,) = problems_in(having("health.alarms", alarms))
    (latency,) = problems_in(having("health.alarms", [{"create": "latency", "over": "2s"}]))

    assert errors.allowed == "health.errors tolerates 1 %: set over_percent to that or more"
    assert latency.allowed == (
        "health.latency tolerates that 5 % take longer than 2s: raise over above that, or take a percentile of at most 95"
    )
