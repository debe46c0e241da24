"""The memory of the canary judge: small, and nothing is lost on its way through JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pointsman.core.canary_evidence import Minute, Output
from pointsman.core.canary_judge import begin, take
from pointsman.core.canary_memory import state_from_json, state_to_json
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
