"""What alarms and verdicts lead to, with traffic on the candidate and without."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pointsman.core.decide import decide
from pointsman.core.decision import Decision
from pointsman.core.observed import AlarmReading, Observed
from pointsman.core.phases import FORWARD, Cause, Hold, Phase
from pointsman.core.rollout import Rollout
from pointsman.core.verdict import Opinion
from tests.core.builders import (
    NOW,
    rollout_in,
    seen,
    under_way,
    verdict,
)

FIRING = AlarmReading(firing=("fraud-5xx", "fraud-p99"))
BLIND = AlarmReading(blind="throttled")
WITH_TRAFFIC = (
    Phase.SHIFTING,
    Phase.BAKING,
    Phase.AWAITING_APPROVAL,
    Phase.FINALIZING,
    Phase.WATCHING,
)
WITHOUT_TRAFFIC = (Phase.PENDING, Phase.PREPARING, Phase.VALIDATING)


def chosen(rollout: Rollout, observed: Observed) -> Decision:
    return decide(rollout, observed, NOW)


def is_nothing(decision: Decision, rollout: Rollout) -> bool:
    return decision.act is None and decision.rollout == rollout


# What alarms and evidence say.


@pytest.mark.parametrize("phase", sorted(WITH_TRAFFIC))
def test_an_alarm_takes_back_whatever_has_traffic(phase: Phase) -> None:
    rollout = rollout_in(phase)

    decision = chosen(rollout, seen(rollout, alarms=FIRING, verdict=verdict()))

    assert decision.phase is Phase.ROLLING_BACK
    assert decision.rollout.cause is Cause.ALARM
    assert decision.rollout.cause_reason == "alarm fraud-5xx, fraud-p99 is in ALARM"
    assert decision.numbers["candidate_requests"] == 1000
    assert decision.is_told


@pytest.mark.parametrize("phase", WITHOUT_TRAFFIC)
def test_an_alarm_before_any_traffic_is_not_the_candidates_fault_but_holds_it(phase: Phase) -> None:
    rollout = rollout_in(phase)

    decision = chosen(rollout, seen(rollout, alarms=FIRING))

    assert decision.phase is phase
    assert decision.rollout.hold is Hold.ALARM_FIRING
    assert decision.reason == "alarm fraud-5xx, fraud-p99 is in ALARM: no traffic moves before it is OK"
    assert decision.act is None
    assert decision.is_told


@pytest.mark.parametrize("phase", sorted(WITH_TRAFFIC))
def test_a_failed_verdict_takes_back_whatever_has_traffic(phase: Phase) -> None:
    rollout = rollout_in(phase)
    bad = verdict(Opinion.FAIL, "40 of 1,000 failed")

    decision = chosen(rollout, seen(rollout, verdict=bad))

    assert decision.phase is Phase.ROLLING_BACK
    assert decision.rollout.cause is Cause.JUDGED_BAD
    assert decision.rollout.cause_reason == "40 of 1,000 failed"
    assert decision.numbers["verdict"] == "FAIL"
    assert decision.numbers["baseline_slow"] == 30


@pytest.mark.parametrize("phase", WITHOUT_TRAFFIC)
def test_a_verdict_on_what_has_no_traffic_is_not_heard(phase: Phase) -> None:
    rollout = rollout_in(phase)

    assert chosen(rollout, seen(rollout, verdict=verdict(Opinion.FAIL))).rollout.cause is None


@pytest.mark.parametrize("opinion", [Opinion.PASS, Opinion.NOT_ENOUGH, Opinion.BLIND])
@pytest.mark.parametrize("phase", sorted(WITH_TRAFFIC))
def test_missing_or_thin_evidence_never_takes_anything_back(phase: Phase, opinion: Opinion) -> None:
    rollout = rollout_in(phase)

    assert chosen(rollout, seen(rollout, verdict=verdict(opinion))).rollout.cause is None


@pytest.mark.parametrize("hold", [Hold.PATIENCE_OVER, Hold.APPROVAL_WAITED_FOR, Hold.SHARE_CHANGED])
@pytest.mark.parametrize(
    ("observed", "cause"),
    [({"alarms": FIRING}, Cause.ALARM), ({"verdict": verdict(Opinion.FAIL)}, Cause.JUDGED_BAD)],
)
def test_who_waits_for_a_person_with_traffic_on_both_sides_still_goes_back_on_bad_evidence(
    observed: dict[str, object], cause: Cause, hold: Hold
) -> None:
    waiting = rollout_in(Phase.NEEDS_HUMAN, hold=hold)
    given_up = replace(waiting, hold=Hold.CHANGED_OUTSIDE)
    untouched = replace(waiting, traffic_has_moved=False)

    assert chosen(waiting, seen(waiting, **observed)).rollout.cause is cause
    assert is_nothing(chosen(given_up, seen(given_up, **observed)), given_up)
    assert is_nothing(chosen(untouched, seen(untouched, **observed)), untouched)


@pytest.mark.parametrize("phase", sorted(FORWARD))
def test_alarms_that_cannot_be_read_let_nothing_move_forward(phase: Phase) -> None:
    rollout = rollout_in(phase)

    decision = chosen(rollout, under_way(rollout, alarms=BLIND, verdict=verdict()))

    assert is_nothing(decision, rollout)
    assert decision.reason == "alarms cannot be read, so nothing moves forward: throttled"


def test_alarms_that_cannot_be_read_do_not_stand_before_a_rollback() -> None:
    rollout = rollout_in(Phase.BAKING)

    decision = chosen(rollout, seen(rollout, alarms=BLIND, verdict=verdict(Opinion.FAIL)))

    assert decision.phase is Phase.ROLLING_BACK


@pytest.mark.parametrize("phase", sorted(FORWARD - {Phase.PENDING}))
def test_an_alarm_that_was_deleted_holds_what_moves_forward(phase: Phase) -> None:
    rollout = rollout_in(phase)

    deleted = AlarmReading(missing=("p99", "5xx"))
    decision = chosen(rollout, under_way(rollout, alarms=deleted, verdict=verdict()))

    assert (decision.phase, decision.act, decision.rollout.hold) == (phase, None, Hold.PREFLIGHT)
    assert decision.reason == "alarm p99, 5xx was deleted: nothing moves forward without it"
