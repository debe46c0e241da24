"""A person's abort: what is aborted, what is not, and that a repeat changes nothing."""

from __future__ import annotations

from datetime import timedelta

from pointsman.core.phases import Cause, Phase
from pointsman.operate import Request, abort, endpoint_of
from tests.functions.account import ENDPOINT, VARIANT
from tests.functions.world import Here


def request(target: str = ENDPOINT) -> Request:
    return Request("abort", target, "it looks wrong", "alice", "r-1")


def test_an_endpoints_name_and_a_rollouts_id_both_name_the_endpoint() -> None:
    assert endpoint_of("Fraud-Prod") == "Fraud-Prod"
    assert endpoint_of("Fraud-Prod.v7.20261120T140530Z") == "Fraud-Prod"


def test_there_is_nothing_to_abort_where_no_rollout_is_open(here: Here) -> None:
    reply = abort(here.world, request())
    assert not reply.is_done
    assert "nothing to abort" in reply.message


def test_a_rollout_is_aborted_by_its_id(baking: Here) -> None:
    reply = abort(baking.world, request(baking.rollout().id))
    assert reply.is_done
    assert baking.phase() is Phase.ROLLING_BACK
    assert "it looks wrong (request r-1)" in baking.rollout().cause_reason


def test_an_id_that_is_not_open_aborts_nothing_and_is_told_what_is(baking: Here) -> None:
    reply = abort(baking.world, request("Fraud-Prod.v6.20200101T000000Z"))
    assert not reply.is_done
    assert baking.rollout().id in reply.message
    assert baking.phase() is Phase.BAKING


def test_before_anything_was_touched_an_abort_ends_it_at_once(here: Here) -> None:
    here.approve()
    abort(here.world, request())
    assert (here.phase(), here.rollout().cause) == (Phase.ROLLED_BACK, Cause.ABORTED)
    assert here.changing_calls() == []


def test_a_repeat_is_answered_as_done_and_changes_nothing(baking: Here) -> None:
    abort(baking.world, request())
    fence, calls = baking.lane().fence, baking.changing_calls()
    again = abort(baking.world, request())
    assert again.is_done
    assert "on its way back already" in again.message
    assert (baking.lane().fence, baking.changing_calls()) == (fence, calls)


def test_after_the_end_a_repeat_is_still_done(baking: Here) -> None:
    abort(baking.world, request())
    baking.drive_to(Phase.ROLLED_BACK)
    reply = abort(baking.world, request())
    assert reply.is_done
    assert "has ended" in reply.message


def test_what_succeeded_is_not_aborted(here: Here) -> None:
    here.approve()
    here.drive_to(Phase.SUCCEEDED)
    reply = abort(here.world, request())
    assert not reply.is_done
    assert "has ended: SUCCEEDED" in reply.message


def test_what_is_watched_is_taken_back_to_its_own_config(here: Here) -> None:
    here.approve()
    here.drive_to(Phase.WATCHING)
    abort(here.world, request())
    here.drive_to(Phase.ROLLED_BACK)
    assert here.weights() == {VARIANT: 100}
    assert here.live()["EndpointConfigName"] == "fraud-prod-cfg-20261101"


def test_an_endpoint_in_the_middle_of_an_update_is_aborted_as_soon_as_it_can_be(here: Here) -> None:
    here.approve()
    here.due()
    reply = abort(here.world, request())
    assert reply.is_done
    assert here.phase() is Phase.ROLLING_BACK
    here.drive_to(Phase.ROLLED_BACK)
    assert here.weights() == {VARIANT: 100}


def test_an_abort_closes_what_is_open_on_an_endpoint_that_was_deleted(baking: Here) -> None:
    baking.call("DeleteEndpoint", EndpointName=ENDPOINT)
    baking.drive_to(Phase.NEEDS_HUMAN)
    reply = abort(baking.world, request())
    assert reply.is_done
    assert baking.phase() is Phase.ROLLED_BACK


def test_an_abort_that_changed_nothing_is_not_answered_as_done(baking: Here) -> None:
    baking.call("DeleteEndpoint", EndpointName=ENDPOINT)
    baking.kernel.advance(timedelta(minutes=5))
    reply = abort(baking.world, request())
    assert not reply.is_done
    assert reply.message.startswith(f"{baking.rollout().id} was not aborted, it is in NEEDS_HUMAN: ")
    assert "does not exist" in reply.message
