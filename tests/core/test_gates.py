"""Steps behind a person's approval: asked for, given early, late, twice, or never; and what happens to the share meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pointsman.core.decide import decide
from pointsman.core.decision import Decision
from pointsman.core.observed import AlarmReading, Answer, Observed
from pointsman.core.phases import Act, Cause, Hold, Phase
from pointsman.core.rollout import Rollout, Stop
from pointsman.core.steer import Answer as Told
from pointsman.core.steer import Word, approve
from pointsman.core.verdict import Opinion
from pointsman.policy import OnPatience
from tests.core.builders import (
    GATED,
    HOUR,
    NOW,
    plan,
    rollout_in,
    seen,
    serving_both,
    verdict,
)

WORD = Word("dana", "I read the report")
ASKS = rollout_in(Phase.AWAITING_APPROVAL)
FIRST = plan(gates=(10,))
ASKS_FIRST = rollout_in(Phase.AWAITING_APPROVAL, plan=FIRST, traffic_has_moved=False, share_bps=0)
APPROVED = replace(ASKS, gates_passed=(50,), hold=None)
LATE = rollout_in(Phase.AWAITING_APPROVAL, minutes=24 * 60)
GIVEN_UP = rollout_in(Phase.NEEDS_HUMAN, plan=GATED, hold=Hold.APPROVAL_WAITED_FOR)


def chosen(rollout: Rollout, **look: object) -> Decision:
    return decide(rollout, seen(rollout, **look), NOW)


def done(answer: Decision | Told) -> Decision:
    assert isinstance(answer, Decision)
    return answer


def said(answer: Decision | Told, *, is_done: bool) -> str:
    assert isinstance(answer, Told)
    assert answer.is_done is is_done
    return answer.message


class TestAsking:
    def test_a_proved_step_before_a_gate_is_held_and_people_are_asked(self) -> None:
        baking = rollout_in(Phase.BAKING, minutes=10, plan=GATED)

        decision = chosen(baking, verdict=verdict())

        assert (decision.phase, decision.act) == (Phase.AWAITING_APPROVAL, None)
        assert decision.rollout.hold is Hold.APPROVAL_WAITED_FOR
        assert (decision.rollout.step, decision.rollout.share_bps) == (0, 1000)
        assert decision.is_told
        assert decision.numbers["verdict"] == "PASS"
        assert decision.reason == "2 of 1,000 failed; a person must approve 50 %, as the policy asks"

    def test_before_the_first_step_it_is_asked_for_when_the_candidate_answered(self) -> None:
        validating = rollout_in(Phase.VALIDATING, plan=FIRST)

        decision = chosen(validating, answer=Answer.ANSWERED)

        assert decision.phase is Phase.AWAITING_APPROVAL
        assert (decision.rollout.traffic_has_moved, decision.rollout.share_bps) == (False, 0)

    @pytest.mark.parametrize("rollout", [ASKS, ASKS_FIRST])
    def test_people_are_asked_once(self, rollout: Rollout) -> None:
        decision = chosen(rollout, verdict=verdict())

        assert (decision.rollout, decision.act, decision.is_told) == (rollout, None, False)

    def test_a_step_without_a_gate_begins_by_itself(self) -> None:
        baking = rollout_in(Phase.BAKING, minutes=10, plan=FIRST)

        assert chosen(baking, verdict=verdict()).phase is Phase.SHIFTING

    def test_a_gate_that_was_passed_early_is_not_asked_about(self) -> None:
        baking = rollout_in(Phase.BAKING, minutes=10, plan=GATED, gates_passed=(50,))

        assert chosen(baking, verdict=verdict()).phase is Phase.SHIFTING

    def test_the_promotion_itself_has_no_gate(self) -> None:
        last = rollout_in(Phase.BAKING, minutes=10, step=2, share_bps=10_000, plan=plan(gates=(10, 50, 100)))

        assert last.gate is None
        assert chosen(last, verdict=verdict()).act is Act.FINALIZE


class TestApproving:
    @pytest.mark.parametrize("step", [None, 50])
    def test_the_step_that_was_asked_about_begins_with_the_next_look(self, step: int | None) -> None:
        approved = done(approve(ASKS, replace(WORD, step=step), NOW))
        begins = chosen(approved.rollout, verdict=verdict())

        assert approved.rollout == APPROVED
        assert approved.reason == "50 % is approved by dana: I read the report"
        assert (begins.phase, begins.act, begins.rollout.share_bps) == (Phase.SHIFTING, Act.SHIFT, 5000)
        assert begins.rollout.step == 1

    def test_the_first_step_begins_as_the_first(self) -> None:
        approved = done(approve(ASKS_FIRST, WORD, NOW)).rollout
        begins = decide(approved, Observed(serving_both(approved, 0)), NOW)

        assert (begins.rollout.step, begins.rollout.share_bps, begins.act) == (0, 1000, Act.SHIFT)

    def test_an_approval_twice_is_done_already_and_counts_for_no_later_step(self) -> None:
        two = replace(ASKS, plan=plan(gates=(50, 100)))
        approved = done(approve(two, WORD, NOW)).rollout
        moved = replace(rollout_in(Phase.BAKING, step=1, share_bps=5000), plan=two.plan, gates_passed=(50,))

        assert "approved already" in said(approve(approved, replace(WORD, step=50), NOW), is_done=True)
        assert "waits for no approval now" in said(approve(approved, WORD, NOW), is_done=False)
        assert "approved already" in said(approve(moved, replace(WORD, step=50), NOW), is_done=True)
        assert "to approve 100 % before it is reached, name it" in said(
            approve(moved, WORD, NOW), is_done=False
        )
        assert moved.gate == 100

    def test_it_can_be_given_before_the_step_is_reached_by_naming_it(self) -> None:
        baking = rollout_in(Phase.BAKING, plan=GATED)

        early = done(approve(baking, replace(WORD, step=50), NOW))

        assert early.rollout == replace(baking, gates_passed=(50,))

    def test_a_step_that_needs_none_cannot_be_approved(self) -> None:
        message = said(approve(ASKS, replace(WORD, step=100), NOW), is_done=False)

        assert message == "the policy asks for no approval before 100 %"

    @pytest.mark.parametrize(
        "phase", [Phase.WATCHING, Phase.ROLLING_BACK, Phase.ROLLED_BACK, Phase.SUCCEEDED]
    )
    def test_where_nothing_goes_forward_nothing_is_approved(self, phase: Phase) -> None:
        for step in (None, 50):
            said(approve(rollout_in(phase, plan=GATED), replace(WORD, step=step), NOW), is_done=False)

    @pytest.mark.parametrize(("hold", "kept"), [(Hold.PAUSED, Hold.PAUSED), (Hold.FROZEN, Hold.FROZEN)])
    def test_it_lifts_neither_a_pause_nor_a_freeze(self, hold: Hold, kept: Hold) -> None:
        held = rollout_in(Phase.AWAITING_APPROVAL, hold=hold, paused="kim: lunch")

        approved = done(approve(held, WORD, NOW)).rollout

        assert (approved.hold, approved.gate) == (kept, None)
        assert chosen(approved, verdict=verdict()).act is None

    def test_an_approved_step_waits_until_metrics_can_be_read(self) -> None:
        decision = chosen(APPROVED, verdict=verdict(Opinion.BLIND, "metrics cannot be read: throttled"))

        assert (decision.phase, decision.act) == (Phase.AWAITING_APPROVAL, None)
        assert decision.rollout.hold is Hold.THIN_EVIDENCE
        assert decision.reason == "approved; nothing goes forward unseen: metrics cannot be read: throttled"
        assert chosen(decision.rollout, verdict=verdict()).act is Act.SHIFT

    @pytest.mark.parametrize(
        ("look", "cause"),
        [
            ({"alarms": AlarmReading(firing=("p99",))}, Cause.ALARM),
            ({"verdict": verdict(Opinion.FAIL)}, Cause.JUDGED_BAD),
            ({"stop": Stop(Cause.REJECTED, "kim", "no")}, Cause.REJECTED),
        ],
    )
    @pytest.mark.parametrize("rollout", [ASKS, APPROVED, GIVEN_UP])
    def test_what_takes_back_does_so_before_and_after_the_approval(
        self, rollout: Rollout, look: dict[str, object], cause: Cause
    ) -> None:
        decision = chosen(rollout, **({"endpoint": serving_both(rollout, 10)} | look))

        assert (decision.phase, decision.rollout.cause) == (Phase.ROLLING_BACK, cause)
        assert decision.act is Act.SHIFT


class TestNobodyApproves:
    def test_it_waits_until_the_policys_time_is_over(self) -> None:
        almost = rollout_in(Phase.AWAITING_APPROVAL, minutes=24 * 60 - 1)

        assert chosen(almost).rollout == almost

    def test_then_it_goes_back_or_to_a_person_as_the_policy_says(self) -> None:
        asks = replace(LATE, plan=replace(GATED, on_patience=OnPatience.HOLD))

        back, handed_over = chosen(LATE), chosen(asks)

        assert (back.phase, back.rollout.cause) == (Phase.ROLLING_BACK, Cause.PATIENCE_OVER)
        assert handed_over.phase is Phase.NEEDS_HUMAN
        assert handed_over.rollout.hold is Hold.APPROVAL_WAITED_FOR
        assert handed_over.reason == "nobody approved 50 % within 1440 min"

    def test_the_time_of_a_pause_is_not_counted(self) -> None:
        assert chosen(replace(LATE, stood_for=HOUR)).phase is Phase.AWAITING_APPROVAL

    def test_an_approval_that_comes_too_late_for_the_policy_is_still_a_persons_word(self) -> None:
        approved = done(approve(GIVEN_UP, WORD, NOW))

        assert approved.phase is Phase.AWAITING_APPROVAL
        assert (approved.rollout.gate, approved.rollout.hold) == (None, None)
        assert chosen(approved.rollout, verdict=verdict()).act is Act.SHIFT

    def test_after_another_hand_over_only_resuming_helps(self) -> None:
        other = replace(GIVEN_UP, hold=Hold.CHANGED_OUTSIDE)

        assert "nothing goes forward" in said(approve(other, replace(WORD, step=50), NOW), is_done=False)

    def test_what_has_no_traffic_yet_is_not_judged_while_it_waits_for_a_person(self) -> None:
        waiting = replace(GIVEN_UP, traffic_has_moved=False, share_bps=0)

        assert chosen(waiting, verdict=verdict(Opinion.FAIL)).rollout == waiting
