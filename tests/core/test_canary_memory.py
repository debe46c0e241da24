"""The memory of the canary judge: small, and nothing is lost on its way through JSON."""

from __future__ import annotations

import json

import pytest

from pointsman.core.canary_judge import begin, take
from pointsman.core.canary_memory import state_from_json, state_to_json
from tests.core.canary_minutes import PLAN, judged, rollout

GOOD = 0.005


@pytest.mark.parametrize("rpm", [5, 1_000])
def test_a_judge_whose_state_went_through_json_goes_on_alike(rpm: int) -> None:
    state = begin(PLAN)
    for minute, (_state, expected) in zip(
        rollout(4, rpm, 2 * GOOD), judged(PLAN, rollout(4, rpm, 2 * GOOD)), strict=True
    ):
        state, answer = take(state_from_json(json.loads(json.dumps(state_to_json(state)))), minute)
        assert answer.opinion is expected.opinion
        assert answer.evidence == pytest.approx(expected.evidence, rel=1e-6)


def test_the_state_is_less_than_two_kilobytes() -> None:
    longest = max(
        len(json.dumps(state_to_json(state))) for state, _answer in judged(PLAN, rollout(17, 1_000, 7 * GOOD))
    )

    assert longest < 2_000


def test_a_state_of_another_version_is_not_read() -> None:
    with pytest.raises(ValueError, match="version 0"):
        state_from_json(state_to_json(begin(PLAN)) | {"v": 0})
