"""The watch after the promotion: autoscaling, late failures, what is cleared away, and when it may end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pointsman.core import watch
from pointsman.core.decision import SCALING_CATCHES_UP
from pointsman.core.observed import AlarmReading
from pointsman.core.phases import Act, Hold, Phase
from pointsman.core.rollout import Intent, Rollout
from pointsman.core.verdict import Opinion
from tests.core.builders import (
    BASELINE,
    MINUTE,
    NOW,
    rollout_in,
    seen,
    serving_both,
    verdict,
)


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

    assert watch.scaling_differs(rollout, seen(rollout, scale_in_suspended=is_now)) is differs


def test_without_a_baseline_no_autoscaling_is_given_back() -> None:
    rollout = rollout_in(Phase.WATCHING, baseline=None)

    assert not watch.scaling_differs(rollout, seen(rollout, scale_in_suspended=True))


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


# What cannot be seen.


def test_what_cannot_be_read_is_not_taken_for_restored() -> None:
    rollout = rollout_in(Phase.WATCHING, minutes=240)

    decision = watch.watching(rollout, seen(rollout, unread="denied", leftovers=("config x",)), NOW)

    assert (decision.phase, decision.act, decision.rollout.hold) == (Phase.WATCHING, None, Hold.CANNOT_READ)
    assert decision.reason == "cannot see whether everything is restored: denied"


@pytest.mark.parametrize("hold", [Hold.ACCESS_DENIED, Hold.CANNOT_READ])
def test_a_hold_ends_when_what_was_denied_is_granted(hold: Hold) -> None:
    held = rollout_in(Phase.WATCHING, hold=hold, retry_at=NOW)
    thin = rollout_in(Phase.WATCHING, hold=Hold.THIN_EVIDENCE, retry_at=NOW)

    assert watch.watching(held, seen(held), NOW).rollout == replace(held, hold=None, retry_at=None)
    assert watch.watching(thin, seen(thin), NOW).rollout == thin


@pytest.mark.parametrize(
    ("look", "why"),
    [
        ({"verdict": verdict(Opinion.BLIND, "metrics cannot be read")}, "metrics cannot be read"),
        ({"alarms": AlarmReading(blind="throttled", missing=("p99",))}, "throttled"),
        ({"alarms": AlarmReading(missing=("p99", "5xx"))}, "alarm p99, 5xx was deleted"),
    ],
)
def test_a_watch_does_not_end_while_nobody_can_see(look: dict[str, object], why: str) -> None:
    early, over = rollout_in(Phase.WATCHING), rollout_in(Phase.WATCHING, minutes=240)

    decision = watch.watching(over, seen(over, leftovers=("config x",), **look), NOW)

    assert (decision.phase, decision.act, decision.rollout.hold) == (Phase.WATCHING, None, Hold.THIN_EVIDENCE)
    assert decision.reason == f"the watch does not end while nobody can see: {why}"
    assert watch.watching(early, seen(early, **look), NOW).rollout == early


def test_a_watch_ends_on_thin_evidence_which_is_no_blindness() -> None:
    over = rollout_in(Phase.WATCHING, minutes=240)

    for opinion in (Opinion.NOT_ENOUGH, Opinion.PASS):
        assert watch.watching(over, seen(over, verdict=verdict(opinion)), NOW).phase is Phase.SUCCEEDED
