"""What a person's word does to a rollout, and what it does not: pause, resume, promote, approve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from pointsman.core.decision import Decision
from pointsman.core.phases import FORWARD, Hold, Phase
from pointsman.core.rollout import Rollout, enter
from pointsman.core.steer import Answer, Word, pause, promote, resume
from tests.core.builders import HOUR, MINUTE, NOW, rollout_in

WORD = Word("dana", "I saw to it")
SAID = "dana: I saw to it"
OTHER = Word("kim", "me too")
NOT_FORWARD = sorted(set(Phase) - FORWARD)


def done(answer: Decision | Answer) -> Decision:
    assert isinstance(answer, Decision)
    return answer


def refused(answer: Decision | Answer) -> str:
    assert isinstance(answer, Answer)
    assert not answer.is_done
    return answer.message


def already(answer: Decision | Answer) -> str:
    assert isinstance(answer, Answer)
    assert answer.is_done
    return answer.message


class TestPause:
    @pytest.mark.parametrize("phase", sorted(FORWARD))
    def test_whatever_goes_forward_can_be_paused(self, phase: Phase) -> None:
        rollout = rollout_in(phase)

        decision = done(pause(rollout, WORD, NOW))

        kept: dict[str, Any] = {"paused": SAID, "paused_at": NOW, "hold": Hold.PAUSED, "stands_since": NOW}
        assert decision.rollout == replace(rollout, **kept)
        assert decision.act is None
        assert decision.is_told
        assert decision.reason == f"paused in {phase} by {SAID}"

    @pytest.mark.parametrize("phase", NOT_FORWARD)
    def test_what_goes_back_or_is_watched_or_waits_for_a_person_cannot(self, phase: Phase) -> None:
        message = refused(pause(rollout_in(phase), WORD, NOW))

        assert f"is in {phase}: only what goes forward can be paused" in message

    def test_a_second_pause_is_done_already_and_names_who_was_first(self) -> None:
        paused = done(pause(rollout_in(Phase.BAKING), WORD, NOW)).rollout

        assert SAID in already(pause(paused, OTHER, NOW))

    def test_under_a_freeze_it_stays_frozen_so_that_people_hear_of_each_once(self) -> None:
        frozen = rollout_in(Phase.BAKING, hold=Hold.FROZEN)

        paused = done(pause(frozen, WORD, NOW)).rollout

        assert (paused.hold, paused.stands_since) == (Hold.FROZEN, frozen.stands_since)


class TestResume:
    def test_it_goes_on_where_it_stood_and_the_time_of_the_pause_does_not_count(self) -> None:
        baking = rollout_in(Phase.BAKING, minutes=4)
        paused = done(pause(baking, WORD, NOW)).rollout

        resumed = done(resume(paused, OTHER, NOW + HOUR)).rollout

        assert resumed == replace(baking, stood_for=HOUR)
        assert resumed.lasted(NOW + HOUR) == 4 * MINUTE
        assert resumed.lasted(NOW + 2 * HOUR) == 4 * MINUTE + HOUR

    def test_two_pauses_add_up(self) -> None:
        rollout = rollout_in(Phase.BAKING, minutes=4)
        for start in (NOW, NOW + 2 * HOUR):
            rollout = done(pause(rollout, WORD, start)).rollout
            rollout = done(resume(rollout, WORD, start + HOUR)).rollout

        assert rollout.stood_for == 2 * HOUR
        assert rollout.lasted(NOW + 3 * HOUR) == 4 * MINUTE + HOUR

    def test_what_is_frozen_as_well_stays_frozen(self) -> None:
        frozen = rollout_in(Phase.BAKING, hold=Hold.FROZEN)
        paused = done(pause(frozen, WORD, NOW)).rollout

        resumed = done(resume(paused, WORD, NOW + HOUR)).rollout

        assert (resumed.hold, resumed.paused) == (Hold.FROZEN, "")
        assert resumed.lasted(NOW + HOUR) == frozen.lasted(NOW)

    @pytest.mark.parametrize("phase", sorted(set(Phase) - {Phase.NEEDS_HUMAN}))
    def test_what_is_not_paused_needs_no_resuming(self, phase: Phase) -> None:
        assert f"is not paused; it is in {phase}" in already(resume(rollout_in(phase), WORD, NOW))

    @pytest.mark.parametrize(
        ("hold", "changes", "after"),
        [
            (Hold.PATIENCE_OVER, {}, Phase.BAKING),
            (Hold.SHARE_CHANGED, {}, Phase.SHIFTING),
            (Hold.SHARE_CHANGED, {"traffic_has_moved": False}, Phase.AWAITING_APPROVAL),
            (Hold.APPROVAL_WAITED_FOR, {}, Phase.AWAITING_APPROVAL),
            (Hold.APPROVAL_WAITED_FOR, {"traffic_has_moved": False}, Phase.AWAITING_APPROVAL),
            *(
                (hold, {"baseline": None, "traffic_has_moved": False}, Phase.PENDING)
                for hold in (Hold.PATIENCE_OVER, Hold.NOT_ELIGIBLE, Hold.ENDPOINT_FAILED, Hold.ENDPOINT_GONE)
            ),
        ],
    )
    def test_after_a_hand_over_it_goes_on_at_the_point_that_was_asked_about(
        self, hold: Hold, changes: dict[str, object], after: Phase
    ) -> None:
        waiting = rollout_in(Phase.NEEDS_HUMAN, hold=hold, minutes=600, **changes)

        resumed = done(resume(waiting, WORD, NOW))

        assert resumed.phase is after
        assert (resumed.rollout.entered_at, resumed.rollout.hold) == (NOW, None)
        assert resumed.reason == f"resumed from {hold} into {after} by {SAID}"

    @pytest.mark.parametrize(
        "hold",
        [Hold.CHANGED_OUTSIDE, Hold.ENDPOINT_FAILED, Hold.UPDATE_ROLLBACK_FAILED, Hold.ENDPOINT_GONE],
    )
    def test_where_others_decided_there_is_only_the_way_back(self, hold: Hold) -> None:
        message = refused(resume(rollout_in(Phase.NEEDS_HUMAN, hold=hold), WORD, NOW))

        assert f"cannot be resumed from {hold}" in message
        assert "abort" in message


class TestPromote:
    @pytest.mark.parametrize("phase", [Phase.BAKING, Phase.WATCHING])
    def test_a_bake_and_a_watch_are_waved_through(self, phase: Phase) -> None:
        rollout = rollout_in(phase)

        decision = done(promote(rollout, WORD, NOW))

        assert decision.rollout == replace(rollout, waved=SAID)
        assert decision.reason == f"the rest of {phase} is skipped by {SAID}"

    @pytest.mark.parametrize("phase", [Phase.PENDING, Phase.VALIDATING, Phase.BAKING])
    def test_a_person_outranks_a_closed_window(self, phase: Phase) -> None:
        rollout = rollout_in(phase, hold=Hold.OUTSIDE_WINDOW)

        assert done(promote(rollout, WORD, NOW)).rollout.waved == SAID

    @pytest.mark.parametrize("phase", sorted(set(Phase) - {Phase.BAKING, Phase.WATCHING}))
    def test_elsewhere_there_is_no_bake_to_skip(self, phase: Phase) -> None:
        refused(promote(rollout_in(phase), WORD, NOW))

    @pytest.mark.parametrize("hold", [Hold.WAITS_FOR_ENDPOINT, Hold.PREFLIGHT, Hold.ALARM_FIRING])
    def test_it_passes_neither_the_order_nor_the_pre_flight_checks(self, hold: Hold) -> None:
        assert f"({hold})" in refused(promote(rollout_in(Phase.PENDING, hold=hold), WORD, NOW))

    def test_a_gate_is_approved_and_not_waved(self) -> None:
        for phase in (Phase.AWAITING_APPROVAL, Phase.NEEDS_HUMAN):
            asks = replace(rollout_in(Phase.AWAITING_APPROVAL), phase=phase)
            assert "approve that instead" in refused(promote(asks, WORD, NOW))

    def test_what_is_paused_is_resumed_first(self) -> None:
        paused = done(pause(rollout_in(Phase.BAKING), OTHER, NOW)).rollout

        assert "resume it first" in refused(promote(paused, WORD, NOW))

    def test_a_second_word_is_done_already(self) -> None:
        waved = done(promote(rollout_in(Phase.BAKING), WORD, NOW)).rollout

        assert SAID in already(promote(waved, OTHER, NOW))

    def test_a_frozen_one_is_said_to_wait_for_the_thaw(self) -> None:
        decision = done(promote(rollout_in(Phase.BAKING, hold=Hold.FROZEN), WORD, NOW))

        assert decision.reason.endswith("it goes on when the freeze is lifted")
        assert decision.rollout.hold is Hold.FROZEN

    def test_patience_that_is_over_is_a_bake_that_can_be_skipped(self) -> None:
        waiting = rollout_in(Phase.NEEDS_HUMAN, hold=Hold.PATIENCE_OVER)

        decision = done(promote(waiting, WORD, NOW))

        assert (decision.phase, decision.rollout.waved) == (Phase.BAKING, SAID)

    @pytest.mark.parametrize("step", [10, 50])
    def test_who_names_a_step_promotes_that_step_alone(self, step: int) -> None:
        word = replace(WORD, step=step)
        baking = rollout_in(Phase.BAKING, step=1, share_bps=5000)

        answer = promote(baking, word, NOW)

        if step == 50:
            assert done(answer).rollout.waved == SAID
        else:
            assert already(answer) == f"{baking.id} is at 50 %, not at 10 % any more"

    def test_a_step_that_is_not_reached_cannot_be_promoted(self) -> None:
        message = refused(promote(rollout_in(Phase.BAKING), replace(WORD, step=50), NOW))

        assert message.endswith("is at 10 %, not yet at 50 %")

    @pytest.mark.parametrize("phase", [Phase.FINALIZING, Phase.WATCHING, Phase.SUCCEEDED])
    def test_who_meant_the_last_bake_does_not_end_the_watch(self, phase: Phase) -> None:
        message = already(promote(rollout_in(phase), replace(WORD, step=100), NOW))

        assert "the bake at 100 % is over" in message
        assert "to end the watch, promote it without a step" in message


@pytest.mark.parametrize("do", [pause, promote])
def test_no_word_counts_for_a_later_wait(do: Callable[[Rollout, Word, datetime], Decision | Answer]) -> None:
    stood = rollout_in(Phase.BAKING, stood_for=HOUR)
    later = enter(done(do(stood, WORD, NOW)).rollout, Phase.SHIFTING, NOW)

    assert (later.paused, later.paused_at, later.waved) == ("", None, "")
    assert (later.stands_since, later.stood_for) == (None, timedelta())
