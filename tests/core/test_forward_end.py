"""The end of the way forward: promotion and the watch."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pointsman.core import forward
from pointsman.core.decision import RETRY_LATER, SCALING_CATCHES_UP
from pointsman.core.phases import Act, Hold, Phase
from pointsman.core.rollout import Intent, Rollout
from tests.core.builders import (
    BASELINE,
    MINUTE,
    NOW,
    asked,
    rollout_in,
    seen,
    serving_both,
    serving_new,
    verdict,
)

# FINALIZING


def test_a_live_final_config_is_the_promotion() -> None:
    rollout = rollout_in(Phase.FINALIZING, update_was_seen=True)

    decision = forward.finalizing(rollout, seen(rollout, endpoint=serving_new(rollout)), NOW)

    assert (decision.phase, decision.act) == (Phase.WATCHING, None)
    assert decision.reason == "version 7 serves alone under the old variant name"
    assert decision.is_told


def test_a_lost_share_is_set_again_before_the_end() -> None:
    rollout = rollout_in(Phase.FINALIZING)

    decision = forward.finalizing(rollout, seen(rollout, endpoint=serving_both(rollout, 60)), NOW)

    assert (decision.phase, decision.act) == (Phase.SHIFTING, Act.SHIFT)
    assert decision.rollout.share_bps == 10_000
    assert decision.reason == "the candidate lost its share before the end: set again"


def test_a_final_config_that_did_not_come_is_tried_again_later_while_the_candidate_serves() -> None:
    rollout = rollout_in(Phase.FINALIZING, update_was_seen=True, intent=asked(Act.FINALIZE, 10_000))
    endpoint = serving_both(rollout, 100, failure_reason="no capacity")

    held = forward.finalizing(rollout, seen(rollout, endpoint=endpoint), NOW)

    assert (held.phase, held.act, held.rollout.hold) == (Phase.FINALIZING, None, Hold.CANNOT_FINALIZE)
    assert held.rollout.retry_at == NOW + RETRY_LATER
    assert not held.rollout.update_was_seen
    assert held.rollout.intent is None
    assert held.is_told
    assert held.reason == (
        f"cannot finalize, the candidate keeps serving. SageMaker went back to config {endpoint.config}: no capacity. "
        "Tried again later."
    )


def test_finalizing_is_tried_again_when_its_time_has_come() -> None:
    waiting = rollout_in(Phase.FINALIZING, retry_at=NOW + timedelta(seconds=1), hold=Hold.CANNOT_FINALIZE)
    due = replace(waiting, retry_at=NOW)

    waits = forward.finalizing(waiting, seen(waiting, verdict=verdict()), NOW)
    acts = forward.finalizing(due, seen(due), NOW)

    assert waits.rollout == waiting
    assert waits.reason == "the candidate keeps serving until finalizing is tried again"
    assert waits.numbers["verdict"] == "PASS"
    assert acts.act is Act.FINALIZE
    assert acts.rollout.retry_at is None
    assert acts.reason == "put the version under the old variant name"


# WATCHING


def test_a_watch_gives_scale_in_back_once_autoscaling_has_seen_the_traffic() -> None:
    early = rollout_in(Phase.WATCHING, minutes=4)
    due = rollout_in(Phase.WATCHING, minutes=5)

    waits = watch.watching(early, seen(early, scale_in_suspended=True, verdict=verdict()), NOW)
    acts = watch.watching(due, seen(due, scale_in_suspended=True), NOW)

    assert waits.rollout == early
    assert waits.reason == "scale-in stays suspended until it has seen the traffic come back"
    assert waits.numbers["verdict"] == "PASS"
    assert acts.act is Act.RESTORE_SCALING
    assert acts.reason == "give the autoscaling back as it was found"


def test_scale_in_counts_from_the_last_act() -> None:
    moved = rollout_in(
        Phase.WATCHING, minutes=60, intent=Intent(Act.SHIFT, NOW - SCALING_CATCHES_UP + MINUTE)
    )
    past = replace(moved, intent=Intent(Act.SHIFT, NOW - SCALING_CATCHES_UP))
    older_than_phase = rollout_in(Phase.WATCHING, minutes=1, intent=Intent(Act.SHIFT, NOW - 9 * MINUTE))

    def act(rollout: Rollout) -> Act | None:
        return watch.watching(rollout, seen(rollout, scale_in_suspended=True), NOW).act

    assert act(moved) is None
    assert act(past) is Act.RESTORE_SCALING
    assert act(older_than_phase) is None


def test_scale_in_that_never_lost_its_traffic_is_given_back_at_once() -> None:
    rollout = rollout_in(Phase.ROLLING_BACK, minutes=0, traffic_has_moved=False)

    decision = watch.give_scaling_back(rollout, seen(rollout, scale_in_suspended=True), NOW)

    assert decision.act is Act.RESTORE_SCALING


@pytest.mark.parametrize(
    ("was", "is_now", "differs"),
    [
        (False, True, True),
        (False, False, False),
        (False, None, False),
        (True, True, False),
        (None, True, False),
        (None, None, False),
    ],
)
def test_only_what_was_active_before_is_made_active_again(
    was: bool | None,  # noqa: FBT001
    is_now: bool | None,  # noqa: FBT001
    differs: bool,  # noqa: FBT001
) -> None:
    rollout = rollout_in(Phase.WATCHING, baseline=replace(BASELINE, scale_in_suspended=was))

    assert forward.scaling_differs(rollout, seen(rollout, scale_in_suspended=is_now)) is differs


def test_without_a_baseline_no_autoscaling_is_given_back() -> None:
    rollout = rollout_in(Phase.WATCHING, baseline=None)

    assert not forward.scaling_differs(rollout, seen(rollout, scale_in_suspended=True))


def test_a_watch_lasts_as_long_as_the_policy_says() -> None:
    early, over = rollout_in(Phase.WATCHING, minutes=239), rollout_in(Phase.WATCHING, minutes=240)

    watches = watch.watching(early, seen(early, verdict=verdict(), leftovers=("config x",)), NOW)
    ends = watch.watching(over, seen(over, verdict=verdict()), NOW)

    assert watches.rollout == early
    assert watches.reason == "watched for 1 min more"
    assert watches.numbers["minutes"] == 12
    assert (ends.phase, ends.act) == (Phase.SUCCEEDED, None)
    assert ends.reason == "version 7 served through its watch of 240 min"
    assert ends.numbers["minutes"] == 12


def test_a_watch_that_is_over_clears_away_before_it_ends() -> None:
    over = rollout_in(Phase.WATCHING, minutes=240)

    decision = watch.watching(over, seen(over, leftovers=("config x",)), NOW)

    assert (decision.phase, decision.act) == (Phase.WATCHING, Act.DISCARD)
    assert decision.reason == "the watch is over: remove the temporary config"


def test_a_refusal_is_waited_out_before_anything_is_asked_again() -> None:
    refused = rollout_in(Phase.WATCHING, minutes=240, retry_at=NOW + timedelta(seconds=1))
    due = replace(refused, retry_at=NOW)
    left = {"leftovers": ("config x",), "verdict": verdict()}

    waits = watch.watching(refused, seen(refused, **left), NOW)
    acts = watch.watching(due, seen(due, **left), NOW)

    assert waits.rollout == refused
    assert waits.reason == "the last refusal is waited out"
    assert waits.numbers["verdict"] == "PASS"
    assert acts.act is Act.DISCARD


def test_a_final_config_that_was_lost_goes_back_to_finalizing_where_the_guards_are() -> None:
    rollout = rollout_in(Phase.WATCHING)

    decision = watch.watching(rollout, seen(rollout, endpoint=serving_both(rollout, 100)), NOW)

    assert (decision.phase, decision.act) == (Phase.FINALIZING, None)
    assert decision.reason == "the final config is not live any more: it is set again"
