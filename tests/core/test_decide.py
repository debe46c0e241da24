"""The first guards in their order of authority: what the endpoint is, what people want."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pointsman.core.decide import LOST, decide
from pointsman.core.decision import Decision
from pointsman.core.observed import AlarmReading, Observed, Status
from pointsman.core.phases import Act, Cause, Hold, Phase
from pointsman.core.rollout import Rollout, Stop
from pointsman.core.verdict import Opinion
from tests.core.builders import (
    NOW,
    expected_endpoint,
    rollout_in,
    seen,
    serving_both,
    serving_old,
    verdict,
)

STOP = Stop(Cause.ABORTED, "dana", "answers are slow")
FIRING = AlarmReading(firing=("fraud-5xx", "fraud-p99"))
WITH_TRAFFIC = (Phase.SHIFTING, Phase.BAKING, Phase.FINALIZING, Phase.WATCHING)
WITHOUT_TRAFFIC = (Phase.PENDING, Phase.PREPARING, Phase.VALIDATING)
OPEN = tuple(phase for phase in Phase if not rollout_in(phase).is_terminal)
ENDED = (Phase.SUCCEEDED, Phase.ROLLED_BACK, Phase.SUPERSEDED)


def chosen(rollout: Rollout, observed: Observed) -> Decision:
    return decide(rollout, observed, NOW)


def is_nothing(decision: Decision, rollout: Rollout) -> bool:
    return decision.act is None and decision.rollout == rollout


# What the endpoint is.


@pytest.mark.parametrize("status", LOST)
@pytest.mark.parametrize("phase", [phase for phase in OPEN if phase is not Phase.NEEDS_HUMAN])
def test_a_lost_endpoint_is_handed_to_a_person_in_every_open_phase(phase: Phase, status: Status) -> None:
    rollout = rollout_in(phase)
    endpoint = expected_endpoint(rollout, status=status, failure_reason="disk full")

    decision = chosen(rollout, seen(rollout, endpoint=endpoint))

    assert decision.phase is Phase.NEEDS_HUMAN
    assert decision.rollout.hold is LOST[status][0]
    assert decision.reason == f"{LOST[status][1]} (disk full)"
    assert decision.act is None
    assert decision.is_told


def test_each_lost_status_says_what_a_person_can_do() -> None:
    rollout = rollout_in(Phase.BAKING)

    def said(status: Status) -> tuple[Hold | None, str]:
        decision = chosen(rollout, seen(rollout, endpoint=expected_endpoint(rollout, status=status)))
        return decision.rollout.hold, decision.reason

    assert said(Status.FAILED) == (
        Hold.ENDPOINT_FAILED,
        "endpoint is Failed; SageMaker allows only DeleteEndpoint: recreate it",
    )
    assert said(Status.UPDATE_ROLLBACK_FAILED) == (
        Hold.UPDATE_ROLLBACK_FAILED,
        "endpoint is UpdateRollbackFailed and serves a mix of configs: run UpdateEndpoint with the config you want",
    )
    assert said(Status.GONE) == (
        Hold.ENDPOINT_GONE,
        "endpoint does not exist: create it, or remove its policy",
    )


def test_a_person_who_has_the_rollout_already_is_not_told_again_of_a_lost_endpoint() -> None:
    rollout = rollout_in(Phase.NEEDS_HUMAN, hold=Hold.ENDPOINT_FAILED)

    decision = chosen(rollout, seen(rollout, endpoint=serving_old(status=Status.FAILED)))

    assert is_nothing(decision, rollout)
    assert not decision.is_told
    assert decision.reason == LOST[Status.FAILED][1]


@pytest.mark.parametrize("phase", ENDED)
def test_an_ended_rollout_does_not_care_that_its_endpoint_is_lost(phase: Phase) -> None:
    rollout = rollout_in(phase)

    assert is_nothing(chosen(rollout, seen(rollout, endpoint=serving_old(status=Status.GONE))), rollout)


def test_not_even_a_person_can_take_back_what_is_on_a_lost_endpoint() -> None:
    rollout = rollout_in(Phase.BAKING)
    lost = expected_endpoint(rollout, status=Status.FAILED)

    decision = chosen(rollout, seen(rollout, endpoint=lost, stop=STOP))

    assert decision.phase is Phase.NEEDS_HUMAN


def test_a_person_can_close_a_rollout_whose_endpoint_is_lost() -> None:
    rollout = rollout_in(Phase.NEEDS_HUMAN, hold=Hold.ENDPOINT_GONE, share_bps=5000)

    decision = chosen(rollout, seen(rollout, endpoint=serving_old(status=Status.GONE), stop=STOP))

    assert (decision.phase, decision.act) == (Phase.ROLLED_BACK, None)
    assert (decision.rollout.cause, decision.rollout.share_bps) == (Cause.ABORTED, 0)
    assert decision.rollout.cause_reason == LOST[Status.GONE][1]
    assert decision.reason == f"closed by dana: {LOST[Status.GONE][1]}"
    assert decision.is_told


def test_a_closing_without_a_name_says_unknown_and_why_the_endpoint_is_lost() -> None:
    rollout = rollout_in(Phase.NEEDS_HUMAN)
    lost = serving_old(status=Status.FAILED, failure_reason="disk full")

    decision = chosen(rollout, seen(rollout, endpoint=lost, stop=replace(STOP, by="")))

    assert decision.reason == f"closed by unknown: {LOST[Status.FAILED][1]} (disk full)"


# What people want.


@pytest.mark.parametrize("phase", [phase for phase in OPEN if phase is not Phase.ROLLING_BACK])
@pytest.mark.parametrize("is_busy", [False, True])
def test_a_person_outranks_alarms_verdicts_freezes_and_a_busy_endpoint(phase: Phase, is_busy: bool) -> None:  # noqa: FBT001
    rollout = rollout_in(phase)
    endpoint = expected_endpoint(rollout, status=Status.BUSY if is_busy else Status.IN_SERVICE)
    observed = seen(
        rollout,
        endpoint=endpoint,
        stop=STOP,
        alarms=FIRING,
        verdict=verdict(Opinion.FAIL),
        frozen="quarter end",
    )

    decision = chosen(rollout, observed)

    expected = Phase.ROLLED_BACK if phase is Phase.PENDING else Phase.ROLLING_BACK
    assert decision.phase is expected
    assert decision.rollout.cause is Cause.ABORTED
    assert decision.rollout.cause_reason == "aborted by dana: answers are slow"
    assert decision.is_told


def test_a_person_can_take_back_from_a_config_that_somebody_else_set() -> None:
    rollout = rollout_in(Phase.BAKING)
    foreign = serving_old(config="a-stranger")

    decision = chosen(rollout, seen(rollout, endpoint=foreign, stop=STOP))

    assert decision.rollout.cause is Cause.ABORTED


def test_a_stop_without_a_name_says_unknown() -> None:
    rollout = rollout_in(Phase.PENDING)

    decision = chosen(rollout, seen(rollout, stop=Stop(Cause.REJECTED, "", "rejected in the registry")))

    assert decision.reason == "rejected by unknown: rejected in the registry"


@pytest.mark.parametrize("phase", ENDED)
def test_a_stop_after_the_end_changes_nothing(phase: Phase) -> None:
    rollout = rollout_in(phase)

    assert is_nothing(chosen(rollout, seen(rollout, stop=STOP)), rollout)


def test_a_stop_on_the_way_back_keeps_the_first_cause() -> None:
    rollout = rollout_in(Phase.ROLLING_BACK)

    decision = chosen(rollout, seen(rollout, endpoint=serving_both(rollout, 10), stop=STOP))

    assert decision.rollout.cause is Cause.JUDGED_BAD
    assert decision.act is Act.SHIFT


@pytest.mark.parametrize("phase", WITHOUT_TRAFFIC)
def test_a_newer_version_takes_the_place_of_one_that_has_moved_no_traffic(phase: Phase) -> None:
    rollout = rollout_in(phase)
    stop = Stop(Cause.SUPERSEDED, "dana", "version 8")

    decision = chosen(rollout, seen(rollout, stop=stop))

    assert decision.rollout.cause is Cause.SUPERSEDED
    assert decision.phase is (Phase.SUPERSEDED if phase is Phase.PENDING else Phase.ROLLING_BACK)


@pytest.mark.parametrize("phase", sorted(WITH_TRAFFIC))
def test_a_newer_version_does_not_disturb_one_that_has_moved_traffic(phase: Phase) -> None:
    rollout = rollout_in(phase)
    stop = Stop(Cause.SUPERSEDED, "dana", "version 8")

    decision = chosen(rollout, seen(rollout, stop=stop, verdict=verdict()))

    assert decision.rollout.cause is None
    assert decision.phase is not Phase.ROLLING_BACK
