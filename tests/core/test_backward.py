"""The way back: in which order things are undone, what is waited for, and what a refusal leads to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pointsman.core import backward
from pointsman.core.decision import ACT_WINDOW, RETRY_SOON
from pointsman.core.observed import Endpoint
from pointsman.core.phases import Act, Cause, Hold, Phase
from pointsman.core.rollout import Intent, Rollout
from tests.core.builders import (
    NOW,
    OLD_CONFIG,
    asked,
    rollout_in,
    seen,
    serving_both,
    serving_new,
    serving_old,
)

SOON = NOW + timedelta(seconds=1)


def back(**changes: object) -> Rollout:
    return rollout_in(Phase.ROLLING_BACK, minutes=10, **{"final_count": 2, **changes})


# The order.


def test_traffic_goes_back_before_anything_else() -> None:
    rollout = back(retry_at=SOON)
    observed = seen(
        rollout, endpoint=serving_both(rollout, 1), scale_in_suspended=True, leftovers=("model x",)
    )

    decision = backward.rolling_back(rollout, observed, NOW)

    assert decision.act is Act.SHIFT
    assert decision.rollout.intent == Intent(Act.SHIFT, NOW + ACT_WINDOW, 1, 0)
    assert decision.reason == "all traffic back to AllTraffic"


def test_the_smallest_share_there_is_goes_back_first() -> None:
    rollout = back()

    assert (
        backward.rolling_back(rollout, seen(rollout, endpoint=serving_both(rollout, 0.01)), NOW).act
        is Act.SHIFT
    )


def test_then_the_candidates_fleet_goes() -> None:
    rollout = back()
    observed = seen(
        rollout, endpoint=serving_both(rollout, 0), scale_in_suspended=True, leftovers=("model x",)
    )

    decision = backward.rolling_back(rollout, observed, NOW)

    assert decision.act is Act.REMOVE
    assert decision.reason == f"return to config {OLD_CONFIG}"


def test_a_promoted_version_returns_by_the_baselines_config() -> None:
    rollout = back()

    decision = backward.rolling_back(rollout, seen(rollout, endpoint=serving_new(rollout)), NOW)

    assert decision.act is Act.REMOVE


def test_then_the_autoscaling_is_given_back() -> None:
    rollout = back()

    decision = backward.rolling_back(
        rollout, seen(rollout, scale_in_suspended=True, leftovers=("model x",)), NOW
    )

    assert decision.act is Act.RESTORE_SCALING


def test_scale_in_waits_until_it_has_seen_the_traffic_come_back() -> None:
    rollout = back(entered_at=NOW - timedelta(minutes=4))

    decision = backward.rolling_back(rollout, seen(rollout, scale_in_suspended=True), NOW)

    assert decision.rollout == rollout


def test_what_cannot_be_read_is_not_taken_for_restored() -> None:
    rollout = back()
    look = seen(rollout, unread="denied", leftovers=("model x",))

    decision = backward.rolling_back(rollout, look, NOW)
    again = backward.rolling_back(decision.rollout, seen(rollout, leftovers=("model x",)), NOW)

    assert (decision.phase, decision.act) == (Phase.ROLLING_BACK, None)
    assert decision.rollout.hold is Hold.CANNOT_READ
    assert decision.reason == "cannot see whether everything is restored: denied"
    assert (again.act, again.rollout.hold) == (Act.DISCARD, None)


@pytest.mark.parametrize("share", [10, 0])
def test_what_cannot_be_read_does_not_stand_before_the_traffic(share: int) -> None:
    rollout = back()

    decision = backward.rolling_back(
        rollout, seen(rollout, endpoint=serving_both(rollout, share), unread="denied"), NOW
    )

    assert decision.act is (Act.SHIFT if share else Act.REMOVE)


def test_then_what_was_made_for_it_is_cleared_away() -> None:
    rollout = back()

    decision = backward.rolling_back(rollout, seen(rollout, leftovers=("model x", "config y")), NOW)

    assert decision.act is Act.DISCARD
    assert decision.reason == "remove what was made for it: model x, config y"


@pytest.mark.parametrize(
    ("cause", "after"), [(Cause.JUDGED_BAD, Phase.ROLLED_BACK), (Cause.SUPERSEDED, Phase.SUPERSEDED)]
)
def test_it_has_ended_when_the_baseline_was_seen_to_serve(cause: Cause, after: Phase) -> None:
    rollout = back(cause=cause)

    decision = backward.rolling_back(rollout, seen(rollout), NOW)

    assert (decision.phase, decision.act) == (after, None)
    assert (
        decision.reason
        == "too many errors. Verified: AllTraffic of config fraud-prod-2026-10 serves everything"
    )
    assert decision.is_told


def test_a_config_that_somebody_else_set_is_left_alone_and_named() -> None:
    rollout = back()

    decision = backward.rolling_back(rollout, seen(rollout, endpoint=serving_old(config="a-stranger")), NOW)

    assert (decision.phase, decision.act) == (Phase.ROLLED_BACK, None)
    assert decision.reason == "too many errors. Verified: config a-stranger, which somebody else set, serves"


@pytest.mark.parametrize(
    ("cause", "after"), [(Cause.ABORTED, Phase.ROLLED_BACK), (Cause.SUPERSEDED, Phase.SUPERSEDED)]
)
def test_what_never_changed_anything_has_nothing_to_undo(cause: Cause, after: Phase) -> None:
    rollout = back(baseline=None, cause=cause)

    decision = backward.rolling_back(rollout, seen(rollout, endpoint=serving_both(rollout, 10)), NOW)

    assert (decision.phase, decision.act) == (after, None)
    assert decision.reason == "nothing had been changed"


# Waiting and trying again.


@pytest.mark.parametrize(
    ("act", "endpoint"),
    [(Act.SHIFT, serving_both(back(), 10)), (Act.REMOVE, serving_both(back(), 0))],
)
def test_an_act_that_another_pass_has_in_hand_is_not_doubled(act: Act, endpoint: Endpoint) -> None:
    running, late = back(intent=asked(act, seconds_left=1)), back(intent=asked(act, seconds_left=0))

    waits = backward.rolling_back(running, seen(running, endpoint=endpoint), NOW)
    again = backward.rolling_back(late, seen(late, endpoint=endpoint), NOW)

    assert waits.rollout == running
    assert waits.act is None
    assert again.act is act
    assert again.numbers == {"attempt": 2}


def test_the_share_of_a_step_in_hand_does_not_hold_up_the_share_of_the_way_back() -> None:
    rollout = back(intent=asked(Act.SHIFT, 5000))

    decision = backward.rolling_back(rollout, seen(rollout, endpoint=serving_both(rollout, 50)), NOW)

    assert decision.act is Act.SHIFT
    assert decision.numbers == {}


@pytest.mark.parametrize(
    ("is_alone", "why", "who"),
    [
        (False, Hold.CANNOT_REMOVE, "AllTraffic serves everything"),
        (True, Hold.CANNOT_RETURN, "version 7 still serves"),
    ],
)
def test_a_return_that_sagemaker_gave_up_is_tried_again(is_alone: bool, why: Hold, who: str) -> None:  # noqa: FBT001
    rollout = back(update_was_seen=True)
    live = serving_new(rollout) if is_alone else serving_both(rollout, 0)
    endpoint = replace(live, failure_reason="no capacity")

    decision = backward.rolling_back(rollout, seen(rollout, endpoint=endpoint), NOW)

    assert (decision.phase, decision.act, decision.rollout.hold) == (Phase.ROLLING_BACK, None, why)
    assert decision.rollout.retry_at == NOW + RETRY_SOON
    assert not decision.rollout.update_was_seen
    assert decision.is_told
    assert (
        decision.reason
        == f"{who}. SageMaker went back to config {endpoint.config}: no capacity. Tried again."
    )


@pytest.mark.parametrize(
    ("look", "act", "said"),
    [
        (
            {"endpoint": serving_both(back(), 0)},
            Act.REMOVE,
            "the return to the baseline's config is tried again soon",
        ),
        ({"scale_in_suspended": True}, Act.RESTORE_SCALING, "the last refusal is waited out"),
        ({"leftovers": ("model x",)}, Act.DISCARD, "the last refusal is waited out"),
    ],
)
def test_a_refusal_is_waited_out(look: dict[str, object], act: Act, said: str) -> None:
    waiting, due = back(retry_at=SOON), back(retry_at=NOW)

    waits = backward.rolling_back(waiting, seen(waiting, **look), NOW)
    acts = backward.rolling_back(due, seen(due, **look), NOW)

    assert waits.rollout == waiting
    assert waits.reason == said
    assert acts.act is act
