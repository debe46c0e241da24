"""How decisions are put together: repeats, holds, who is told, and the numbers that are recorded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pointsman.core.decision import ACT_WINDOW, RETRY_SOON, Decision, drive, go_back, hold, move, numbers_of
from pointsman.core.phases import TRANSITIONS, Act, Cause, Hold, Phase
from pointsman.core.rollout import Intent
from pointsman.core.verdict import Opinion, blind
from tests.core.builders import MINUTE, NOW, asked, rollout_in, verdict

BAKING = rollout_in(Phase.BAKING)
LOUD = {Phase.WATCHING, Phase.SUCCEEDED, Phase.ROLLED_BACK, Phase.SUPERSEDED, Phase.NEEDS_HUMAN}


def test_people_hear_of_an_act_once_however_often_it_is_tried() -> None:
    first = drive(BAKING, Act.SHIFT, "why", NOW, is_told=True)
    second = drive(first.rollout, Act.SHIFT, "why", NOW + ACT_WINDOW, is_told=True)
    third = drive(second.rollout, Act.SHIFT, "why", NOW + 2 * ACT_WINDOW, is_told=True)

    assert [each.is_told for each in (first, second, third)] == [True, False, False]
    assert [each.numbers for each in (first, second, third)] == [{}, {"attempt": 2}, {"attempt": 3}]
    assert third.rollout.intent == Intent(Act.SHIFT, NOW + 3 * ACT_WINDOW, 3, BAKING.share_bps)
    assert not drive(BAKING, Act.SHIFT, "why", NOW).is_told


@pytest.mark.parametrize("other", [asked(Act.REMOVE, 1000), asked(Act.SHIFT, 999)])
def test_another_act_in_hand_does_not_hold_this_one_up(other: Intent) -> None:
    decision = drive(replace(BAKING, intent=other), Act.SHIFT, "why", NOW)

    assert decision.act is Act.SHIFT
    assert decision.numbers == {}


def test_a_hold_begins_loudly_and_lasts_quietly() -> None:
    begins = hold(BAKING, Hold.FROZEN, "quarter end")
    lasts = hold(begins.rollout, Hold.FROZEN, "quarter end")
    changes = hold(begins.rollout, Hold.THIN_EVIDENCE, "40 of 100")

    assert begins == Decision(replace(BAKING, hold=Hold.FROZEN), "quarter end", is_told=True)
    assert lasts == Decision(begins.rollout, "quarter end")
    assert changes.is_told


def test_a_refusal_that_repeats_is_waited_out_again_without_a_word() -> None:
    tried = replace(BAKING, hold=Hold.CANNOT_REMOVE, intent=asked(Act.REMOVE), update_was_seen=True)

    decision = hold(tried, Hold.CANNOT_REMOVE, "no capacity", NOW + RETRY_SOON)

    assert decision.rollout == replace(tried, retry_at=NOW + RETRY_SOON, intent=None, update_was_seen=False)
    assert not decision.is_told


@pytest.mark.parametrize(
    ("before", "then"),
    [(before, then) for before, all_then in TRANSITIONS.items() for then in sorted(all_then)],
)
def test_a_phase_begins_when_it_is_entered_and_people_hear_of_those_that_matter(
    before: Phase, then: Phase
) -> None:
    decision = move(rollout_in(before), then, "why", NOW + MINUTE)

    assert decision.rollout.entered_at == NOW + MINUTE
    assert decision.act is None
    assert decision.is_told is (then in LOUD)


@pytest.mark.parametrize(
    ("cause", "is_touched", "after"),
    [
        (Cause.SUPERSEDED, False, Phase.SUPERSEDED),
        (Cause.ABORTED, False, Phase.ROLLED_BACK),
        (Cause.SUPERSEDED, True, Phase.ROLLING_BACK),
        (Cause.ABORTED, True, Phase.ROLLING_BACK),
    ],
)
def test_what_changed_nothing_is_back_at_once(cause: Cause, is_touched: bool, after: Phase) -> None:  # noqa: FBT001
    rollout = rollout_in(Phase.NEEDS_HUMAN)
    rollout = rollout if is_touched else replace(rollout, baseline=None)

    decision = go_back(rollout, cause, "why", NOW, verdict())

    assert decision.phase is after
    assert (decision.rollout.share_bps, decision.rollout.cause) == (0, cause)
    assert decision.rollout.cause_reason == decision.reason == "why"
    assert decision.is_told


def test_the_numbers_of_a_verdict_are_recorded_on_both_sides() -> None:
    assert numbers_of(verdict(Opinion.FAIL)) == {
        "verdict": "FAIL",
        "minutes": 12,
        "candidate_requests": 1000,
        "candidate_errors": 2,
        "candidate_slow": 3,
        "baseline_requests": 9000,
        "baseline_errors": 9,
        "baseline_slow": 30,
    }


def test_blindness_has_no_numbers() -> None:
    assert numbers_of(blind("throttled")) == {"verdict": "BLIND", "minutes": 0}
    assert numbers_of(None) == {}
