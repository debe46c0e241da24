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
