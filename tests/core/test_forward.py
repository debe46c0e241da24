"""The steps of the way forward, where no guard has something to say: shares, bakes, patience."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pointsman.core import forward
from pointsman.core.decision import ACT_WINDOW
from pointsman.core.phases import Act, Cause, Hold, Phase
from pointsman.core.rollout import Intent
from pointsman.core.verdict import Opinion
from pointsman.policy import OnPatience
from tests.core.builders import (
    NOW,
    asked,
    plan,
    rollout_in,
    seen,
    serving_both,
    verdict,
)

# SHIFTING


def test_the_bake_starts_when_the_share_was_observed() -> None:
    rollout = rollout_in(Phase.SHIFTING, minutes=50)

    decision = forward.shifting(rollout, seen(rollout), NOW)

    assert (decision.phase, decision.act) == (Phase.BAKING, None)
    assert decision.rollout.entered_at == NOW
    assert decision.reason == "10 % observed on the candidate: the bake begins"


@pytest.mark.parametrize("percent", [0, 9, 11, 100])
def test_a_share_that_is_not_the_one_asked_for_is_asked_for_again(percent: float) -> None:
    late = rollout_in(Phase.SHIFTING, intent=asked(Act.SHIFT, 1000, seconds_left=0))
    running = replace(late, intent=asked(Act.SHIFT, 1000, seconds_left=1))

    again = forward.shifting(late, seen(late, endpoint=serving_both(late, percent)), NOW)
    waits = forward.shifting(running, seen(running, endpoint=serving_both(late, percent)), NOW)

    assert again.act is Act.SHIFT
    assert again.phase is Phase.SHIFTING
    assert again.rollout.intent == Intent(Act.SHIFT, NOW + ACT_WINDOW, 2, 1000)
    assert again.reason == "ask again for 10 % on the candidate"
    assert waits.act is None


def test_a_share_that_never_arrives_is_given_up_when_patience_is_over() -> None:
    patient, over = rollout_in(Phase.SHIFTING, minutes=119), rollout_in(Phase.SHIFTING, minutes=120)

    again = forward.shifting(patient, seen(patient, endpoint=serving_both(patient, 0)), NOW)
    gives_up = forward.shifting(over, seen(over, endpoint=serving_both(over, 0)), NOW)
    arrives = forward.shifting(over, seen(over), NOW)

    assert again.act is Act.SHIFT
    assert (gives_up.phase, gives_up.rollout.cause) == (Phase.ROLLING_BACK, Cause.PATIENCE_OVER)
    assert gives_up.reason == "10 % never arrived on the candidate within the policy's patience"
    assert arrives.phase is Phase.BAKING


def test_a_later_step_that_finds_no_traffic_on_the_candidate_was_taken_off() -> None:
    first = rollout_in(Phase.SHIFTING)
    second = rollout_in(Phase.SHIFTING, step=1, share_bps=5000)
    bad = verdict(Opinion.NOT_ENOUGH)

    taken_off = forward.shifting(second, seen(second, endpoint=serving_both(second, 0), verdict=bad), NOW)
    on_its_way = forward.shifting(second, seen(second, endpoint=serving_both(second, 10)), NOW)

    assert forward.shifting(first, seen(first, endpoint=serving_both(first, 0)), NOW).act is Act.SHIFT
    assert taken_off.rollout.cause is Cause.TAKEN_BACK_OUTSIDE
    assert taken_off.numbers["verdict"] == "NOT_ENOUGH"
    assert on_its_way.act is Act.SHIFT


# BAKING


def test_proof_after_the_shortest_bake_moves_the_next_share() -> None:
    rollout = rollout_in(Phase.BAKING, minutes=10)

    decision = forward.baking(rollout, seen(rollout, verdict=verdict()), NOW)

    assert (decision.phase, decision.act) == (Phase.SHIFTING, Act.SHIFT)
    assert (decision.rollout.step, decision.rollout.share_bps) == (1, 5000)
    assert decision.numbers["share_percent"] == 50
    assert decision.numbers["candidate_errors"] == 2
    assert decision.reason == "2 of 1,000 failed: move 50 % to the candidate"


def test_proof_before_the_shortest_bake_waits() -> None:
    rollout = rollout_in(Phase.BAKING, minutes=9)

    decision = forward.baking(rollout, seen(rollout, verdict=verdict()), NOW)

    assert decision.rollout == rollout
    assert decision.reason == "2 of 1,000 failed; bakes for at least 1 min more"
    assert decision.numbers["verdict"] == "PASS"


def test_proof_of_the_last_step_finalizes_with_the_live_count() -> None:
    rollout = rollout_in(Phase.BAKING, minutes=10, step=2, share_bps=10_000)
    both = serving_both(rollout, 100)
    scaled = replace(both, variants=(both.variants[0], replace(both.variants[1], current_count=5)))

    decision = forward.baking(rollout, seen(rollout, endpoint=scaled, verdict=verdict()), NOW)

    assert (decision.phase, decision.act) == (Phase.FINALIZING, Act.FINALIZE)
    assert decision.rollout.final_count == 5
    assert decision.rollout.share_bps == 10_000
    assert decision.numbers["final_instances"] == 5
    assert decision.numbers["baseline_requests"] == 9000
    assert decision.is_told
    assert decision.reason == "2 of 1,000 failed: every step is proved, finalize"


def test_a_baseline_that_scaled_beyond_the_candidate_sets_the_count() -> None:
    rollout = rollout_in(Phase.BAKING, minutes=10, step=2, share_bps=10_000)
    both = serving_both(rollout, 100)
    scaled = replace(both, variants=(replace(both.variants[0], current_count=7), both.variants[1]))

    decision = forward.baking(rollout, seen(rollout, endpoint=scaled, verdict=verdict()), NOW)

    assert decision.rollout.final_count == 7


@pytest.mark.parametrize("opinion", [Opinion.NOT_ENOUGH, Opinion.BLIND])
def test_missing_data_holds(opinion: Opinion) -> None:
    rollout = rollout_in(Phase.BAKING, minutes=29)

    decision = forward.baking(rollout, seen(rollout, verdict=verdict(opinion, "nothing to see")), NOW)

    assert decision.rollout == rollout
    assert decision.act is None
    assert decision.reason == "nothing to see"
    assert decision.numbers["verdict"] == opinion


def test_no_verdict_at_all_is_blindness() -> None:
    rollout = rollout_in(Phase.BAKING, minutes=10)

    decision = forward.baking(rollout, seen(rollout), NOW)

    assert decision.rollout == rollout
    assert decision.reason == "metrics cannot be read: no metrics were asked for"


def test_a_bake_over_its_maximum_says_so_and_goes_on_waiting() -> None:
    rollout = rollout_in(Phase.BAKING, minutes=30)

    decision = forward.baking(rollout, seen(rollout, verdict=verdict(Opinion.NOT_ENOUGH, "40 of 100")), NOW)

    assert (decision.phase, decision.rollout.hold) == (Phase.BAKING, Hold.THIN_EVIDENCE)
    assert decision.reason == "the bake is over its maximum without proof: 40 of 100"
    assert decision.numbers["verdict"] == "NOT_ENOUGH"
    assert decision.is_told


@pytest.mark.parametrize(
    ("choice", "after", "cause", "hold"),
    [
        (OnPatience.ROLLBACK, Phase.ROLLING_BACK, Cause.PATIENCE_OVER, None),
        (OnPatience.HOLD, Phase.NEEDS_HUMAN, None, Hold.PATIENCE_OVER),
    ],
)
def test_the_policy_says_what_happens_when_patience_is_over(
    choice: OnPatience, after: Phase, cause: Cause | None, hold: Hold | None
) -> None:
    rollout = rollout_in(Phase.BAKING, minutes=120, plan=plan(on_patience=choice))

    decision = forward.baking(rollout, seen(rollout, verdict=verdict(Opinion.NOT_ENOUGH, "40 of 100")), NOW)

    assert decision.phase is after
    assert decision.rollout.cause is cause
    assert decision.rollout.hold is hold
    assert decision.reason == "no proof within the policy's patience of 120 min: 40 of 100"
    assert decision.numbers["verdict"] == "NOT_ENOUGH"


def test_patience_is_not_over_a_minute_early() -> None:
    rollout = rollout_in(Phase.BAKING, minutes=119)

    assert forward.baking(rollout, seen(rollout), NOW).phase is Phase.BAKING


def test_proof_that_comes_late_is_proof() -> None:
    rollout = rollout_in(Phase.BAKING, minutes=600, hold=Hold.THIN_EVIDENCE)

    decision = forward.baking(rollout, seen(rollout, verdict=verdict()), NOW)

    assert decision.phase is Phase.SHIFTING
    assert decision.rollout.hold is None


@pytest.mark.parametrize(("phase", "wanted"), [(Phase.BAKING, "10 %"), (Phase.FINALIZING, "100 %")])
def test_a_late_call_of_ours_is_put_right_and_a_person_is_not(phase: Phase, wanted: str) -> None:
    do = forward.baking if phase is Phase.BAKING else forward.finalizing
    late_call, person = rollout_in(phase, minutes=1.9), rollout_in(phase, minutes=2)

    again = do(late_call, seen(late_call, endpoint=serving_both(late_call, 30), verdict=verdict()), NOW)
    stands = do(person, seen(person, endpoint=serving_both(person, 30), verdict=verdict()), NOW)

    assert (again.phase, again.act) == (Phase.SHIFTING, Act.SHIFT)
    assert again.rollout.share_bps == late_call.share_bps
    assert again.reason == f"30 % observed instead of {wanted}: set again"
    assert (stands.phase, stands.act, stands.rollout.hold) == (Phase.NEEDS_HUMAN, None, Hold.SHARE_CHANGED)
    assert stands.reason == (
        f"30 % observed instead of {wanted}: somebody changed the weights. "
        "Resume it to set them again, or abort it to take the traffic back"
    )


@pytest.mark.parametrize("phase", [Phase.BAKING, Phase.FINALIZING])
def test_traffic_that_was_taken_off_the_candidate_is_not_put_back(phase: Phase) -> None:
    rollout = rollout_in(phase, minutes=20)
    do = forward.baking if phase is Phase.BAKING else forward.finalizing

    decision = do(rollout, seen(rollout, endpoint=serving_both(rollout, 0), verdict=verdict()), NOW)

    assert (decision.phase, decision.act) == (Phase.ROLLING_BACK, None)
    assert decision.rollout.cause is Cause.TAKEN_BACK_OUTSIDE
    assert decision.numbers["verdict"] == "PASS"
    assert (
        decision.reason == "all traffic was taken off the candidate although this rollout did not ask for it"
    )


def test_a_share_below_one_percent_is_said_in_full() -> None:
    rollout = rollout_in(Phase.SHIFTING, share_bps=150)

    decision = forward.shifting(rollout, seen(rollout, endpoint=serving_both(rollout, 0)), NOW)

    assert decision.reason == "ask again for 1.5 % on the candidate"
