"""The memory of the canary judge: small, and nothing is lost on its way through JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from pointsman.core.canary_evidence import Minute, Output
from pointsman.core.canary_judge import begin, take
from pointsman.core.canary_memory import state_from_json, state_to_json
from pointsman.core.canary_state import State
from tests.core.canary_minutes import PLAN, judged, rollout

GOOD = 0.005


EVERYTHING = replace(PLAN, error_margin=0.0125)


def told(rpm: int, error_rate: float) -> list[Minute]:
    """A rollout in which both sides tell their output as well."""
    output = Output(1_234_567, 29_876_543.21)
    return [
        replace(
            minute,
            baseline=minute.baseline and replace(minute.baseline, output=output),
            candidate=minute.candidate and replace(minute.candidate, output=output),
        )
        for minute in rollout(4, rpm, error_rate)
    ]


def leaves(value: Any) -> Iterator[Any]:
    """All that a state holds, one after the other."""
    if is_dataclass(value):
        for field in fields(value):
            yield field.name
            yield from leaves(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for each in value:
            yield from leaves(each)
    else:
        yield value


def numbers_in(document: Any) -> Iterator[Any]:
    """All numbers of a JSON value."""
    if isinstance(document, dict):
        document = list(document.values())
    if isinstance(document, list):
        for each in document:
            yield from numbers_in(each)
    elif isinstance(document, int | float):
        yield document


def silenced(minutes: list[Minute]) -> list[Minute]:
    """The same rollout, in which the candidate reports nothing at last."""
    return [*minutes[:-4], *[replace(minute, candidate=None) for minute in minutes[-4:]]]


STATES: dict[str, Callable[[], State]] = {
    "before the first minute": lambda: begin(EVERYTHING),
    "in a step with proofs": lambda: judged(EVERYTHING, rollout(4, 1_000, 2 * GOOD)[:40])[-1][0],
    "with output": lambda: judged(EVERYTHING, told(1_000, GOOD))[-1][0],
    "in a silence": lambda: judged(EVERYTHING, silenced(rollout(4, 1_000, GOOD)[:33]))[-1][0],
}


@pytest.mark.parametrize("name", STATES)
def test_nothing_of_a_state_is_lost(name: str) -> None:
    state = STATES[name]()
    read = state_from_json(json.loads(json.dumps(state_to_json(state))))

    for mine, theirs in zip(leaves(read), leaves(state), strict=True):
        assert mine == (pytest.approx(theirs, rel=1e-8) if isinstance(theirs, float) else theirs)


@pytest.mark.parametrize("name", STATES)
def test_numbers_keep_nine_digits_and_counts_are_whole(name: str) -> None:
    document = state_to_json(STATES[name]())
    found = [each for each in numbers_in(document) if isinstance(each, float)]

    assert [each for each in found if each != float(f"{each:.9g}")] == []
    assert {type(each) for each in document["tracks"]["gross"][2]} == {int}


def test_sums_of_tokens_are_kept_to_the_last_one() -> None:
    state = STATES["with output"]()
    many = replace(state, tpot=replace(state.tpot, sums=replace(state.tpot.sums, requests=12_345_678_901)))

    assert state_from_json(state_to_json(many)).tpot.sums.requests == 12_345_678_901


@pytest.mark.parametrize("rpm", [5, 1_000])
def test_a_judge_whose_state_went_through_json_goes_on_alike(rpm: int) -> None:
    state, minutes = begin(EVERYTHING), rollout(4, rpm, 2 * GOOD)[:30] + told(rpm, 2 * GOOD)[30:]
    for minute, (_state, expected) in zip(minutes, judged(EVERYTHING, minutes), strict=True):
        state, answer = take(state_from_json(json.loads(json.dumps(state_to_json(state)))), minute)
        assert answer.opinion is expected.opinion
        for mine, theirs in zip(answer.readings, expected.readings, strict=True):
            assert mine.lately.minutes == theirs.lately.minutes
            assert mine.step.bad == pytest.approx(theirs.step.bad, rel=1e-6)
            assert mine.lately.sums.bad == pytest.approx(theirs.lately.sums.bad, rel=1e-6)
        assert answer.evidence == pytest.approx(expected.evidence, rel=1e-6)


def test_the_state_is_less_than_two_kilobytes() -> None:
    longest = max(
        len(json.dumps(state_to_json(state)))
        for minutes in (rollout(17, 1_000, 7 * GOOD), told(1_000, 7 * GOOD))
        for state, _answer in judged(EVERYTHING, minutes)
    )

    assert longest < 2_000


def test_a_state_of_another_version_is_not_read() -> None:
    with pytest.raises(ValueError, match="version 0"):
        state_from_json(state_to_json(begin(PLAN)) | {"v": 0})
