"""What is decided where no guard speaks: the first act of the way back, and the table of phases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pointsman.core.decide import decide
from pointsman.core.decision import Decision
from pointsman.core.observed import AlarmReading, Observed, Status
from pointsman.core.phases import Act, Cause, Phase
from pointsman.core.rollout import Rollout, Stop
from pointsman.core.verdict import Opinion
from tests.core.builders import (
    BASELINE,
    NOW,
    OLD_CONFIG,
    expected_endpoint,
    rollout_in,
    seen,
    serving_both,
    serving_new,
    variant,
    verdict,
)

STOP = Stop(Cause.ABORTED, "dana", "answers are slow")
FIRING = AlarmReading(firing=("fraud-5xx", "fraud-p99"))


def chosen(rollout: Rollout, observed: Observed) -> Decision:
    return decide(rollout, observed, NOW)


def is_nothing(decision: Decision, rollout: Rollout) -> bool:
    return decision.act is None and decision.rollout == rollout


# The first act of the way back.


@pytest.mark.parametrize("phase", [Phase.SHIFTING, Phase.BAKING, Phase.FINALIZING])
def test_one_record_is_enough_to_move_traffic_back(phase: Phase) -> None:
    rollout = rollout_in(phase)

    decision = chosen(rollout, seen(rollout, endpoint=serving_both(rollout, 10), alarms=FIRING))

    assert decision.phase is Phase.ROLLING_BACK
    assert decision.act is Act.SHIFT
    assert decision.rollout.share_bps == 0
    assert decision.rollout.intent is not None
    assert decision.rollout.intent.share_bps == 0
    assert decision.reason == "alarm fraud-5xx, fraud-p99 is in ALARM: all traffic back to AllTraffic"
    assert decision.rollout.cause_reason == "alarm fraud-5xx, fraud-p99 is in ALARM"
    assert decision.is_told


def test_a_watched_version_goes_back_to_the_baselines_config_at_once() -> None:
    rollout = rollout_in(Phase.WATCHING)

    decision = chosen(rollout, seen(rollout, verdict=verdict(Opinion.FAIL)))

    assert decision.act is Act.REMOVE
    assert decision.reason == f"2 of 1,000 failed: return to config {OLD_CONFIG}"
    assert decision.numbers["verdict"] == "FAIL"


def test_a_busy_endpoint_takes_the_decision_to_go_back_and_gets_its_act_later() -> None:
    rollout = rollout_in(Phase.BAKING)
    busy = expected_endpoint(rollout, status=Status.BUSY)

    decision = chosen(rollout, seen(rollout, endpoint=busy, alarms=FIRING))

    assert decision.phase is Phase.ROLLING_BACK
    assert decision.act is None
    assert decision.rollout.intent is None


def test_tidying_up_is_no_first_act() -> None:
    rollout = rollout_in(Phase.PREPARING)
    observed = seen(rollout, stop=STOP, scale_in_suspended=True, leftovers=("model x",))

    decision = chosen(rollout, observed)

    assert decision.phase is Phase.ROLLING_BACK
    assert decision.act is None
    assert decision.reason == "aborted by dana: answers are slow"


def test_on_the_way_back_nothing_is_said_twice() -> None:
    rollout = rollout_in(Phase.ROLLING_BACK)

    decision = chosen(rollout, seen(rollout, endpoint=serving_both(rollout, 10)))

    assert decision.reason == "all traffic back to AllTraffic"
    assert not decision.is_told


# The table of phases.


@pytest.mark.parametrize("phase", [Phase.SUCCEEDED, Phase.NEEDS_HUMAN])
def test_nothing_automatic_is_done_where_nothing_is_left_to_do(phase: Phase) -> None:
    rollout = rollout_in(phase)

    decision = chosen(rollout, seen(rollout, verdict=verdict(Opinion.FAIL), alarms=FIRING))

    assert is_nothing(decision, rollout)
    assert decision.reason == f"nothing automatic is left to do in {phase}"


@pytest.mark.parametrize(
    ("phase", "changes", "act", "after"),
    [
        (Phase.PENDING, {}, Act.PREPARE, Phase.PREPARING),
        (Phase.PREPARING, {}, Act.PREPARE, Phase.PREPARING),
        (Phase.VALIDATING, {}, None, Phase.VALIDATING),
        (Phase.SHIFTING, {}, None, Phase.BAKING),
        (Phase.BAKING, {}, None, Phase.BAKING),
        (Phase.FINALIZING, {}, Act.FINALIZE, Phase.FINALIZING),
        (Phase.WATCHING, {}, None, Phase.WATCHING),
        (Phase.SUCCEEDED, {}, None, Phase.SUCCEEDED),
        (Phase.ROLLING_BACK, {}, None, Phase.ROLLED_BACK),
        (Phase.ROLLED_BACK, {}, None, Phase.ROLLED_BACK),
        (Phase.NEEDS_HUMAN, {}, None, Phase.NEEDS_HUMAN),
        (Phase.SUPERSEDED, {}, None, Phase.SUPERSEDED),
    ],
)
def test_each_phase_has_its_next_thing(
    phase: Phase, changes: dict[str, object], act: Act | None, after: Phase
) -> None:
    rollout = rollout_in(phase)

    decision = chosen(rollout, seen(rollout, **changes))

    assert (decision.act, decision.phase) == (act, after)


@pytest.mark.parametrize("phase", [Phase.ROLLED_BACK, Phase.SUPERSEDED])
def test_a_call_of_ours_that_lands_after_the_end_is_undone(phase: Phase) -> None:
    rollout = rollout_in(phase, baseline=BASELINE)
    landed = serving_both(rollout, 10)

    decision = chosen(rollout, seen(rollout, endpoint=landed))

    assert decision.phase is Phase.ROLLING_BACK
    assert decision.act is Act.SHIFT
    assert decision.rollout.share_bps == 0


def test_time_is_an_argument() -> None:
    rollout = rollout_in(Phase.WATCHING)
    observed = seen(rollout, endpoint=replace(serving_new(rollout), variants=(variant(),)))

    assert decide(rollout, observed, NOW).phase is Phase.WATCHING
    assert decide(rollout, observed, NOW + timedelta(hours=4)).phase is Phase.SUCCEEDED
