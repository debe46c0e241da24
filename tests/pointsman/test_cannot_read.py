"""An endpoint that we are not allowed to look at: people are told once, every pass tries again, nothing moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pointsman.core.phases import Cause, Hold, Phase
from pointsman.core.rollout import Stop
from pointsman.errors import Denied
from pointsman.ports import Write
from pointsman.reconcile import Outcome, reconcile
from tests.adapters.lanes import outgoing
from tests.functions.account import ENDPOINT
from tests.functions.world import Here, require_whole_chain
from tests.pointsman.readings import Registered
from tests.worlds.memory import MemoryTopic

ABORT = Stop(Cause.ABORTED, "alice", "looks wrong")


def deny(here: Here, times: int) -> None:
    here.kernel.faults.fail(
        "sagemaker", "DescribeEndpoint", "AccessDeniedException", "not yours", times=times
    )


def passes(here: Here, topic: MemoryTopic, count: int) -> list[Outcome]:
    world = replace(here.world, topic=topic)
    return [reconcile(world, ENDPOINT) for _ in range(count)]


def put_into(here: Here, phase: Phase) -> None:
    """Store the rollout in another phase, behind everybody's back."""
    lane = here.lane()
    here.due()
    record = here.records()[-1]
    moved = replace(lane, rollout=replace(here.rollout(), phase=phase), fence=lane.fence + 1)
    made_up = replace(record, seq=record.seq + 1)
    here.world.store.commit(Write(lane, moved, made_up, outgoing(record=made_up)))


def test_people_are_told_once_and_nothing_moves(baking: Here) -> None:
    before, rollout, topic = baking.changing_calls(), baking.rollout(), MemoryTopic()
    deny(baking, times=3)
    outcomes = passes(baking, topic, 3)
    assert baking.rollout() == replace(rollout, hold=Hold.CANNOT_READ)
    assert baking.changing_calls() == before
    assert {(outcome.phase, outcome.act) for outcome in outcomes} == {(Phase.BAKING, None)}
    [message] = topic.sent
    assert "cannot see the endpoint" in message.body
    assert "DescribeEndpoint" in message.body
    assert "Grant the permission; it is tried again by itself." in message.body
    require_whole_chain(baking)


def test_it_goes_on_by_itself_as_soon_as_it_can_look_and_tells_of_the_next_time(baking: Here) -> None:
    topic = MemoryTopic()
    deny(baking, times=1)
    passes(baking, topic, 2)
    assert baking.rollout().hold is None
    deny(baking, times=1)
    passes(baking, topic, 1)
    assert len(topic.sent) == 2
    baking.kernel.advance(timedelta(seconds=30))
    assert baking.drive_to(Phase.SUCCEEDED).hold is None


def test_on_the_way_back_it_is_held_and_goes_on_too(baking: Here) -> None:
    topic = MemoryTopic()
    baking.deliver("operator_request--abort.json")
    deny(baking, times=2)
    passes(baking, topic, 2)
    assert (baking.phase(), baking.rollout().hold) == (Phase.ROLLING_BACK, Hold.CANNOT_READ)
    assert len(topic.sent) == 1
    assert baking.drive_to(Phase.ROLLED_BACK).hold is None


def test_a_registry_that_may_not_be_read_holds_what_has_not_begun(here: Here) -> None:
    here.approve()
    world = replace(here.world, registry=Registered(Denied("DescribeModelPackage")), topic=MemoryTopic())
    outcome = reconcile(world, ENDPOINT)
    assert "DescribeModelPackage" in outcome.reason
    assert (here.phase(), here.rollout().hold) == (Phase.PENDING, Hold.CANNOT_READ)
    here.due()
    assert (here.phase(), here.rollout().hold) == (Phase.PREPARING, None)


def test_who_asks_for_an_abort_hears_that_nobody_can_look(baking: Here) -> None:
    deny(baking, times=1)
    with pytest.raises(Denied, match="DescribeEndpoint"):
        reconcile(baking.world, ENDPOINT, ABORT)
    assert baking.rollout().hold is None


@pytest.mark.parametrize("phase", [Phase.NEEDS_HUMAN, Phase.ROLLED_BACK, Phase.SUPERSEDED, Phase.SUCCEEDED])
def test_where_nothing_automatic_goes_on_it_is_raised_and_not_told(baking: Here, phase: Phase) -> None:
    put_into(baking, phase)
    deny(baking, times=1)
    with pytest.raises(Denied):
        reconcile(baking.world, ENDPOINT)
    assert baking.rollout().hold is None
