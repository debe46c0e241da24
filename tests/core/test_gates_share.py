"""What happens to the share and the endpoint while a step waits for a person's approval."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pointsman.core.decide import decide
from pointsman.core.decision import Decision
from pointsman.core.observed import Status
from pointsman.core.phases import Act, Cause, Hold, Phase
from pointsman.core.rollout import Rollout, Stop
from tests.core.builders import NOW, plan, rollout_in, seen, serving_both, serving_old

ASKS = rollout_in(Phase.AWAITING_APPROVAL)
ASKS_FIRST = rollout_in(Phase.AWAITING_APPROVAL, plan=plan(gates=(10,)), traffic_has_moved=False, share_bps=0)
APPROVED = replace(ASKS, gates_passed=(50,), hold=None)


def chosen(rollout: Rollout, **look: object) -> Decision:
    return decide(rollout, seen(rollout, **look), NOW)


def test_traffic_that_was_taken_off_is_not_put_back() -> None:
    for rollout in (ASKS, APPROVED):
        decision = chosen(rollout, endpoint=serving_both(rollout, 0))
        assert decision.rollout.cause is Cause.TAKEN_BACK_OUTSIDE


def test_before_the_first_step_no_traffic_is_as_it_should_be() -> None:
    assert chosen(ASKS_FIRST, endpoint=serving_both(ASKS_FIRST, 0)).rollout == ASKS_FIRST


def test_traffic_before_the_first_step_was_given_by_a_person() -> None:
    decision = chosen(ASKS_FIRST, endpoint=serving_both(ASKS_FIRST, 30))

    assert (decision.phase, decision.rollout.hold) == (Phase.NEEDS_HUMAN, Hold.SHARE_CHANGED)
    assert decision.reason == (
        "30 % observed instead of 0 %: somebody changed the weights. "
        "Take them off the candidate and resume it, or abort it"
    )


@pytest.mark.parametrize("rollout", [ASKS, APPROVED])
def test_a_late_call_of_ours_is_put_right_and_the_step_is_proved_again(rollout: Rollout) -> None:
    decision = chosen(rollout, endpoint=serving_both(rollout, 100))

    assert (decision.phase, decision.act) == (Phase.SHIFTING, Act.SHIFT)
    assert (decision.rollout.step, decision.rollout.share_bps) == (0, 1000)
    assert decision.rollout.gates_passed == rollout.gates_passed


def test_later_it_was_a_person() -> None:
    late = rollout_in(Phase.AWAITING_APPROVAL, minutes=2)

    assert chosen(late, endpoint=serving_both(late, 30)).rollout.hold is Hold.SHARE_CHANGED


def test_another_config_is_a_persons_and_the_old_one_is_the_end() -> None:
    assert chosen(ASKS, endpoint=serving_old(config="a-stranger")).rollout.hold is Hold.CHANGED_OUTSIDE
    assert chosen(ASKS, endpoint=serving_old()).rollout.cause is Cause.TAKEN_BACK_OUTSIDE


def test_an_endpoint_that_is_lost_is_told() -> None:
    decision = chosen(ASKS, endpoint=serving_old(status=Status.FAILED))

    assert decision.rollout.hold is Hold.ENDPOINT_FAILED


def test_a_newer_approval_replaces_what_waits_before_traffic_and_waits_itself_after() -> None:
    newer = Stop(Cause.SUPERSEDED, "kim", "version 8 supersedes it")

    assert chosen(ASKS_FIRST, stop=newer).rollout.cause is Cause.SUPERSEDED
    assert chosen(ASKS, stop=newer).rollout == ASKS
