"""The later guards: what others did to the endpoint, freezes and other holds, an endpoint that is busy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pointsman.core.decide import decide
from pointsman.core.decision import Decision
from pointsman.core.holds import PASSING_HOLDS
from pointsman.core.observed import AlarmReading, Observed, Status
from pointsman.core.phases import FORWARD, Act, Cause, Hold, Phase
from pointsman.core.rollout import Rollout, Stop
from pointsman.core.verdict import Opinion
from tests.core.builders import (
    NOW,
    OLD_CONFIG,
    expected_endpoint,
    rollout_in,
    seen,
    serving_both,
    serving_new,
    serving_old,
    under_way,
    verdict,
)

STOP = Stop(Cause.ABORTED, "dana", "answers are slow")
FIRING = AlarmReading(firing=("fraud-5xx", "fraud-p99"))
WITH_TRAFFIC = (
    Phase.SHIFTING,
    Phase.BAKING,
    Phase.AWAITING_APPROVAL,
    Phase.FINALIZING,
    Phase.WATCHING,
)
CHANGING = (Phase.PREPARING, Phase.VALIDATING, *WITH_TRAFFIC)


def chosen(rollout: Rollout, observed: Observed) -> Decision:
    return decide(rollout, observed, NOW)


def is_nothing(decision: Decision, rollout: Rollout) -> bool:
    return decision.act is None and decision.rollout == rollout


# What others did.


@pytest.mark.parametrize("phase", CHANGING)
def test_a_config_that_somebody_else_set_is_a_persons_decision(phase: Phase) -> None:
    rollout = rollout_in(phase)
    foreign = serving_old(config="a-stranger")

    decision = chosen(rollout, seen(rollout, endpoint=foreign))

    assert decision.phase is Phase.NEEDS_HUMAN
    assert decision.rollout.hold is Hold.CHANGED_OUTSIDE
    assert (
        decision.reason
        == "the endpoint serves config a-stranger, which this rollout did not set: somebody changed it"
    )
    assert decision.act is None


@pytest.mark.parametrize("phase", [phase for phase in CHANGING if phase is not Phase.PREPARING])
def test_in_service_with_the_old_config_is_not_success(phase: Phase) -> None:
    rollout = rollout_in(phase)

    decision = chosen(rollout, seen(rollout, endpoint=serving_old(), verdict=verdict()))

    assert decision.phase is Phase.ROLLING_BACK
    assert decision.rollout.cause is Cause.TAKEN_BACK_OUTSIDE
    assert decision.reason == f"the endpoint is back on {OLD_CONFIG} although this rollout did not ask for it"


def test_the_old_config_is_what_preparing_begins_with() -> None:
    rollout = rollout_in(Phase.PREPARING)

    assert chosen(rollout, seen(rollout)).act is Act.PREPARE


def test_the_final_config_is_ours() -> None:
    rollout = rollout_in(Phase.FINALIZING)

    assert chosen(rollout, seen(rollout, endpoint=serving_new(rollout))).phase is Phase.WATCHING


# What holds us up.


@pytest.mark.parametrize("phase", sorted(FORWARD))
def test_a_freeze_holds_everything_that_moves_forward(phase: Phase) -> None:
    rollout = rollout_in(phase, minutes=600)

    decision = chosen(rollout, under_way(rollout, frozen="quarter end", verdict=verdict()))

    assert decision.phase is phase
    assert decision.act is None
    assert decision.rollout == replace(rollout, hold=Hold.FROZEN, stands_since=NOW)
    assert decision.reason == "the policy is frozen: quarter end"
    assert decision.is_told


def test_people_hear_of_a_freeze_once() -> None:
    rollout = rollout_in(Phase.BAKING, hold=Hold.FROZEN)

    decision = chosen(rollout, seen(rollout, frozen="quarter end"))

    assert is_nothing(decision, rollout)
    assert not decision.is_told


@pytest.mark.parametrize(
    "reason_to_go_back", [{"alarms": FIRING}, {"verdict": verdict(Opinion.FAIL)}, {"stop": STOP}]
)
@pytest.mark.parametrize("phase", sorted(WITH_TRAFFIC))
def test_a_freeze_never_stands_before_a_rollback(phase: Phase, reason_to_go_back: dict[str, object]) -> None:
    rollout = rollout_in(phase, hold=Hold.FROZEN)

    decision = chosen(rollout, seen(rollout, frozen="quarter end", **reason_to_go_back))

    assert decision.phase is Phase.ROLLING_BACK
    assert decision.rollout.hold is None
    assert decision.act in {Act.SHIFT, Act.REMOVE}


@pytest.mark.parametrize("share", [10, 0])
def test_a_freeze_does_not_stop_a_rollback_that_has_begun(share: int) -> None:
    rollout = rollout_in(Phase.ROLLING_BACK)

    decision = chosen(rollout, seen(rollout, endpoint=serving_both(rollout, share), frozen="quarter end"))

    assert decision.act is (Act.SHIFT if share else Act.REMOVE)


def test_a_freeze_does_not_lengthen_a_watch() -> None:
    rollout = rollout_in(Phase.WATCHING, minutes=240)

    assert chosen(rollout, seen(rollout, frozen="quarter end")).phase is Phase.SUCCEEDED


def test_a_watched_version_that_lost_its_config_is_not_set_again_under_a_freeze() -> None:
    watched = rollout_in(Phase.WATCHING)
    lost = serving_both(watched, 100)

    first = chosen(watched, seen(watched, endpoint=lost, frozen="quarter end"))
    second = chosen(first.rollout, seen(first.rollout, endpoint=lost, frozen="quarter end"))

    assert first.act is None
    assert second.act is None
    assert second.rollout.hold is Hold.FROZEN


@pytest.mark.parametrize("ended", sorted(PASSING_HOLDS))
def test_a_hold_ends_by_itself_when_its_reason_does(ended: Hold) -> None:
    rollout = rollout_in(Phase.BAKING, hold=ended)

    decision = chosen(rollout, seen(rollout, verdict=verdict()))

    assert decision.rollout.hold is None
    assert decision.phase is Phase.BAKING


@pytest.mark.parametrize("lasting", [Hold.THIN_EVIDENCE, Hold.CANNOT_FINALIZE])
def test_other_holds_end_where_they_began(lasting: Hold) -> None:
    rollout = rollout_in(Phase.BAKING, hold=lasting)

    assert chosen(rollout, seen(rollout, verdict=verdict())).rollout == rollout


def test_a_hold_of_the_way_back_is_not_ended_by_a_quiet_look() -> None:
    rollout = rollout_in(Phase.NEEDS_HUMAN, hold=Hold.FROZEN)

    assert is_nothing(chosen(rollout, seen(rollout)), rollout)


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.PENDING])
def test_a_busy_endpoint_is_left_alone(phase: Phase) -> None:
    rollout = rollout_in(phase, minutes=600)
    busy = expected_endpoint(rollout, status=Status.BUSY)

    decision = chosen(rollout, seen(rollout, endpoint=busy, verdict=verdict()))

    assert is_nothing(decision, rollout)
    assert decision.reason == "the endpoint is being updated: the next event or tick comes back to it"


@pytest.mark.parametrize(
    ("phase", "asked"),
    [
        (Phase.PREPARING, rollout_in(Phase.PREPARING).canary_config),
        (Phase.FINALIZING, rollout_in(Phase.FINALIZING).final_config),
        (Phase.ROLLING_BACK, OLD_CONFIG),
    ],
)
def test_sagemaker_at_work_on_our_config_is_remembered_once(phase: Phase, asked: str) -> None:
    rollout = rollout_in(phase)
    busy = expected_endpoint(rollout, status=Status.BUSY, pending_config=asked)

    first = chosen(rollout, seen(rollout, endpoint=busy))
    second = chosen(first.rollout, seen(first.rollout, endpoint=busy))

    assert first.rollout == replace(rollout, update_was_seen=True)
    assert first.reason == f"SageMaker is building the fleet of config {asked}"
    assert first.act is None
    assert is_nothing(second, first.rollout)


@pytest.mark.parametrize(
    ("phase", "pending"),
    [
        (Phase.PREPARING, ""),
        (Phase.PREPARING, "a-stranger"),
        (Phase.BAKING, rollout_in(Phase.BAKING).canary_config),
        (Phase.WATCHING, rollout_in(Phase.WATCHING).final_config),
    ],
)
def test_sagemaker_at_work_on_what_the_phase_did_not_ask_for_is_not_ours(phase: Phase, pending: str) -> None:
    rollout = rollout_in(phase)
    busy = expected_endpoint(rollout, status=Status.BUSY, pending_config=pending)

    assert is_nothing(chosen(rollout, seen(rollout, endpoint=busy)), rollout)


def test_a_way_back_without_a_baseline_asked_for_no_config() -> None:
    rollout = rollout_in(Phase.ROLLING_BACK, baseline=None)
    busy = serving_old(status=Status.BUSY, pending_config="")

    assert is_nothing(chosen(rollout, seen(rollout, endpoint=busy)), rollout)
