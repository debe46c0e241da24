"""The beginning of the way forward: pre-flight, the candidate's fleet, its first answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pointsman.core import forward
from pointsman.core.decision import ACT_WINDOW
from pointsman.core.observed import AlarmReading, Answer
from pointsman.core.phases import Act, Cause, Hold, Phase
from pointsman.core.rollout import Intent, Rollout
from tests.core.builders import (
    BASELINE,
    NOW,
    PACKAGE,
    asked,
    rollout_in,
    seen,
    serving_both,
    serving_old,
    variant,
)


def standing(rollout: Rollout, count: int) -> object:
    both = serving_both(rollout, 0)
    old, new = both.variants
    return replace(both, variants=(old, replace(new, current_count=count)))


# PENDING


def test_an_approved_version_asks_for_its_fleet_and_remembers_the_baseline() -> None:
    rollout = rollout_in(Phase.PENDING)

    decision = forward.pending(rollout, seen(rollout, scale_in_suspended=False), NOW)

    assert decision.phase is Phase.PREPARING
    assert decision.act is Act.PREPARE
    assert decision.rollout.baseline == BASELINE
    assert decision.rollout.entered_at == NOW
    assert decision.rollout.intent == Intent(Act.PREPARE, NOW + ACT_WINDOW, 1, 0)
    assert decision.is_told
    assert decision.reason == (
        "version 7 is approved and everything it needs is there: a candidate fleet of 2 x ml.c7i.large is started "
        "beside 2 of the baseline"
    )


def test_a_version_that_serves_already_has_succeeded() -> None:
    rollout = rollout_in(Phase.PENDING)
    serves = serving_old(variants=(variant(package=PACKAGE),))

    decision = forward.pending(rollout, seen(rollout, endpoint=serves), NOW)

    assert (decision.phase, decision.act) == (Phase.SUCCEEDED, None)
    assert decision.reason == "version 7 serves already"


def test_what_a_canary_cannot_serve_is_refused_by_name() -> None:
    rollout = rollout_in(Phase.PENDING)
    endpoint = serving_old(obstacles=("it is serverless", "it captures data"))

    decision = forward.pending(rollout, seen(rollout, endpoint=endpoint), NOW)

    assert (decision.phase, decision.rollout.hold) == (Phase.NEEDS_HUMAN, Hold.NOT_ELIGIBLE)
    assert decision.reason == "it is serverless; it captures data"


def test_what_may_mend_itself_is_waited_for_with_patience() -> None:
    missing = AlarmReading(missing=("a", "b"))
    patient, over = rollout_in(Phase.PENDING, minutes=119), rollout_in(Phase.PENDING, minutes=120)

    waits = forward.pending(patient, seen(patient, alarms=missing), NOW)
    gives_up = forward.pending(over, seen(over, alarms=missing), NOW)

    assert (waits.phase, waits.rollout.hold, waits.act) == (Phase.PENDING, Hold.PREFLIGHT, None)
    assert waits.reason == (
        "alarm a does not exist: create it, or take it out of health.alarms; "
        "alarm b does not exist: create it, or take it out of health.alarms"
    )
    assert (gives_up.phase, gives_up.rollout.hold) == (Phase.NEEDS_HUMAN, Hold.PATIENCE_OVER)
    assert gives_up.reason == waits.reason


# PREPARING


def test_the_candidates_fleet_is_there_when_all_of_it_is() -> None:
    rollout = rollout_in(Phase.PREPARING)

    def after(count: int) -> tuple[Phase, str]:
        decision = forward.preparing(rollout, seen(rollout, endpoint=standing(rollout, count)), NOW)
        assert decision.act is None
        return decision.phase, decision.reason

    assert after(1) == (Phase.PREPARING, "the candidate's fleet is not complete yet")
    assert after(2) == (Phase.VALIDATING, "the candidate's fleet stands, at weight 0")
    assert after(3)[0] is Phase.VALIDATING


def test_a_canary_config_without_its_candidate_is_waited_for() -> None:
    rollout = rollout_in(Phase.PREPARING)
    endpoint = replace(serving_both(rollout, 0), variants=(variant(),))

    assert forward.preparing(rollout, seen(rollout, endpoint=endpoint), NOW).phase is Phase.PREPARING


@pytest.mark.parametrize(
    ("failure", "cause", "said"),
    [
        ("Insufficient CAPACITY in zone", Cause.NO_CAPACITY, "Insufficient CAPACITY in zone"),
        ("ping failed", Cause.NEVER_HEALTHY, "ping failed"),
        (". ping failed by X. . ", Cause.NEVER_HEALTHY, ". ping failed by X"),
        ("", Cause.NEVER_HEALTHY, "no reason given; see the endpoint's CloudWatch logs"),
    ],
)
def test_sagemakers_silent_return_to_the_old_config_is_a_failure(
    failure: str, cause: Cause, said: str
) -> None:
    rollout = rollout_in(Phase.PREPARING, update_was_seen=True)

    decision = forward.preparing(rollout, seen(rollout, endpoint=serving_old(failure_reason=failure)), NOW)

    assert decision.phase is Phase.ROLLING_BACK
    assert decision.rollout.cause is cause
    assert decision.reason == f"SageMaker went back to config fraud-prod-2026-10: {said}"


def test_a_fleet_that_does_not_appear_is_asked_for_again_until_patience_is_over() -> None:
    late = rollout_in(Phase.PREPARING, minutes=119, intent=asked(Act.PREPARE, seconds_left=0, attempt=40))
    running = rollout_in(Phase.PREPARING, intent=asked(Act.PREPARE, seconds_left=1))
    over = rollout_in(Phase.PREPARING, minutes=120)

    again = forward.preparing(late, seen(late), NOW)
    waits = forward.preparing(running, seen(running), NOW)
    gives_up = forward.preparing(over, seen(over), NOW)

    assert again.act is Act.PREPARE
    assert again.numbers == {"attempt": 41}
    assert again.reason == "the candidate's fleet is not there yet: ask for it again"
    assert waits.act is None
    assert waits.reason == "prepare is being carried out by another pass"
    assert (gives_up.phase, gives_up.rollout.cause) == (Phase.ROLLING_BACK, Cause.PATIENCE_OVER)
    assert (
        gives_up.reason
        == "SageMaker did not take the request for a candidate fleet within the policy's patience"
    )


def test_a_fleet_that_never_becomes_complete_is_given_up_when_patience_is_over() -> None:
    patient, over = rollout_in(Phase.PREPARING, minutes=119), rollout_in(Phase.PREPARING, minutes=120)

    waits = forward.preparing(patient, seen(patient, endpoint=standing(patient, 1)), NOW)
    gives_up = forward.preparing(over, seen(over, endpoint=standing(over, 1)), NOW)
    stands = forward.preparing(over, seen(over, endpoint=standing(over, 2)), NOW)

    assert waits.rollout == patient
    assert (gives_up.phase, gives_up.rollout.cause) == (Phase.ROLLING_BACK, Cause.NO_CAPACITY)
    assert gives_up.reason == "the candidate's fleet never became complete"
    assert stands.phase is Phase.VALIDATING


# VALIDATING


def test_the_first_answer_moves_the_first_share() -> None:
    rollout = rollout_in(Phase.VALIDATING)

    decision = forward.validating(rollout, seen(rollout, answer=Answer.ANSWERED), NOW)

    assert (decision.phase, decision.act) == (Phase.SHIFTING, Act.SHIFT)
    assert decision.rollout.share_bps == 1000
    assert decision.rollout.traffic_has_moved
    assert decision.rollout.intent == Intent(Act.SHIFT, NOW + ACT_WINDOW, 1, 1000)
    assert decision.numbers == {"share_percent": 10}
    assert decision.is_told
    assert decision.reason == "the candidate answered its first request: move 10 % to the candidate"


@pytest.mark.parametrize(
    ("failed_before", "after"), [(0, Phase.VALIDATING), (1, Phase.VALIDATING), (2, Phase.ROLLING_BACK)]
)
def test_a_candidate_may_fail_its_first_request_twice(failed_before: int, after: Phase) -> None:
    rollout = rollout_in(Phase.VALIDATING, failed_answers=failed_before)

    decision = forward.validating(rollout, seen(rollout, answer=Answer.FAILED, answer_detail="500"), NOW)

    assert decision.phase is after
    assert decision.reason == f"the candidate failed its first request {failed_before + 1} times: 500"
    assert decision.rollout.failed_answers == (failed_before + 1 if after is Phase.VALIDATING else 2)
    assert decision.rollout.cause is (None if after is Phase.VALIDATING else Cause.NO_ANSWER)


@pytest.mark.parametrize("answer", [Answer.UNREACHABLE, None])
def test_a_candidate_that_cannot_be_asked_is_waited_for_with_patience(answer: Answer | None) -> None:
    patient, over = rollout_in(Phase.VALIDATING, minutes=119), rollout_in(Phase.VALIDATING, minutes=120)

    waits = forward.validating(patient, seen(patient, answer=answer, answer_detail="denied"), NOW)
    gives_up = forward.validating(over, seen(over, answer=answer, answer_detail="denied"), NOW)

    assert waits.rollout == replace(patient, hold=Hold.THIN_EVIDENCE if answer else None)
    assert waits.reason == "the candidate could not be asked: denied"
    assert (gives_up.phase, gives_up.rollout.cause) == (Phase.ROLLING_BACK, Cause.NO_ANSWER)
    assert gives_up.reason == "the candidate could not be reached within the policy's patience: denied"


def test_people_hear_of_a_candidate_that_cannot_be_asked_after_a_while() -> None:
    early, late = rollout_in(Phase.VALIDATING, minutes=9), rollout_in(Phase.VALIDATING, minutes=10)

    def told(rollout: Rollout) -> bool:
        look = seen(rollout, answer=Answer.UNREACHABLE, answer_detail="denied")
        return forward.validating(rollout, look, NOW).is_told

    assert not told(early)
    assert told(late)
