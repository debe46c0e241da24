"""The rules of one pass: record, then act; forward needs the record, back does not; one act a pass, safe to repeat."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pointsman.core.audit import chain, check
from pointsman.core.phases import Act, Cause, Hold, Phase
from pointsman.core.rollout import Rollout, Stop
from pointsman.errors import Conflict, Transient
from pointsman.policy import Version
from pointsman.ports import Write
from pointsman.reconcile import reconcile
from tests.adapters.lanes import outgoing
from tests.functions.account import ENDPOINT, VARIANT
from tests.functions.world import Here, require_whole_chain

ABORT = Stop(Cause.ABORTED, "alice", "looks wrong")


class Interrupted:
    """A store in front of the real one: something happens right before its next write."""

    def __init__(self, store: Any, happening: Any) -> None:
        self._store = store
        self._happening = happening

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def commit(self, write: Write) -> None:
        happening, self._happening = self._happening, None
        if happening is not None:
            happening()
        self._store.commit(write)


def acts(here: Here) -> list[Any]:
    """Acts in the audit records, oldest first."""
    return [record.facts()["act"] for record in here.records() if record.facts().get("act")]


class TestRecordThenAct:
    def test_the_record_is_written_before_the_call(self, here: Here) -> None:
        here.approve()
        here.asked.clear()
        here.due()
        assert here.asked.index(("dynamodb", "TransactWriteItems")) < here.asked.index(
            ("sagemaker", "CreateModel")
        )

    def test_of_two_passes_at_once_one_acts(self, here: Here) -> None:
        here.approve()
        world = replace(here.world, store=Interrupted(here.world.store, here.due))
        reconcile(world, ENDPOINT)
        assert here.changing_calls() == ["UpdateEndpoint"]
        assert acts(here) == ["prepare"]
        require_whole_chain(here)

    def test_a_rollback_that_loses_its_write_decides_again_at_once(self, baking: Here) -> None:
        baking.kernel.advance(timedelta(minutes=1))
        lane = baking.lane()

        def routine_write() -> None:
            baking.world.store.commit(routine(baking))

        world = replace(baking.world, store=Interrupted(baking.world.store, routine_write))
        outcome = reconcile(world, ENDPOINT, ABORT)
        assert baking.lane().fence == lane.fence + 2
        assert (outcome.phase, outcome.act) == (Phase.ROLLING_BACK, Act.SHIFT)
        assert baking.changing_calls()[-1] == "UpdateEndpointWeightsAndCapacities"
        require_whole_chain(baking)

    def test_a_pass_that_always_loses_gives_the_event_back(self, baking: Here) -> None:
        class Contested(Interrupted):
            def commit(self, write: Write) -> None:
                raise Conflict("somebody else wrote first")

        before = baking.changing_calls()
        world = replace(baking.world, store=Contested(baking.world.store, None))
        with pytest.raises(Transient, match="lost to others"):
            reconcile(world, ENDPOINT, ABORT)
        assert baking.changing_calls() == before

    def test_nobody_acts_after_the_deadline(self, here: Here) -> None:
        here.approve()

        def freeze() -> None:
            here.kernel.advance(timedelta(seconds=30))

        world = replace(here.world, store=Interrupted(here.world.store, freeze))
        reconcile(world, ENDPOINT)
        assert here.phase() is Phase.PREPARING
        assert here.changing_calls() == []

    def test_what_was_recorded_and_not_done_is_done_after_the_deadline(self, here: Here) -> None:
        self.test_nobody_acts_after_the_deadline(here)
        here.due()
        assert here.changing_calls() == ["UpdateEndpoint"]
        assert here.records()[-1].facts()["numbers"] == {"attempt": 2}

    def test_within_the_deadline_no_second_pass_acts(self, here: Here) -> None:
        here.approve()
        here.kernel.faults.fail("sagemaker", "UpdateEndpoint", "ThrottlingException")
        with pytest.raises(Transient):
            here.due()
        here.due()
        assert here.changing_calls() == ["UpdateEndpoint"]
        here.kernel.advance(timedelta(seconds=21))
        here.due()
        assert here.changing_calls() == ["UpdateEndpoint"] * 2


class TestOneAct:
    def test_a_pass_makes_at_most_one_change_of_the_endpoint(self, here: Here) -> None:
        here.approve()
        for _ in range(180):
            before = len(here.changing_calls())
            here.due()
            assert len(here.changing_calls()) - before <= 1
            here.kernel.advance(timedelta(seconds=10))
        assert here.phase() in {Phase.WATCHING, Phase.SUCCEEDED, None}

    def test_a_pass_again_at_the_same_moment_changes_nothing(self, baking: Here) -> None:
        before, fence = baking.changing_calls(), baking.lane().fence
        for _ in range(3):
            baking.due()
        assert (baking.changing_calls(), baking.lane().fence) == (before, fence)

    @pytest.mark.parametrize("operation", ["CreateModel", "CreateEndpointConfig", "UpdateEndpoint"])
    def test_preparing_goes_on_where_an_answer_was_lost(self, here: Here, operation: str) -> None:
        here.approve()
        here.kernel.faults.fail("sagemaker", operation, "InternalFailure", after_effect=True)
        with pytest.raises(Transient):
            here.due()
        assert here.drive_to(Phase.BAKING).failed_answers == 0
        assert here.weights()[VARIANT] == 50

    @pytest.mark.parametrize("operation", ["UpdateEndpoint", "UpdateEndpointWeightsAndCapacities"])
    @pytest.mark.parametrize("code", ["ThrottlingException", "ServiceUnavailable", "InternalFailure"])
    def test_a_changing_call_is_sent_once(self, here: Here, operation: str, code: str) -> None:
        here.approve()
        if operation != "UpdateEndpoint":
            here.drive_to(Phase.VALIDATING)
        here.kernel.faults.fail("sagemaker", operation, code, times=9)
        with pytest.raises(Transient):
            here.due()
        assert here.changing_calls().count(operation) == 1

    def test_an_endpoint_in_the_middle_of_a_change_is_waited_for(self, here: Here) -> None:
        here.approve()
        message = 'Cannot update in-progress endpoint "arn:aws:sagemaker:us-east-1:111122223333:endpoint/x".'
        here.kernel.faults.fail("sagemaker", "UpdateEndpoint", "ValidationException", message)
        here.due()
        assert here.phase() is Phase.PREPARING
        assert here.rollout().hold is None
        assert here.drive_to(Phase.BAKING).cause is None


class TestSuperseding:
    def test_what_waits_takes_the_place_of_a_rollout_without_traffic(self, here: Here) -> None:
        here.approve()
        here.drive_to(Phase.PREPARING)
        self.let_another_wait(here)
        here.drive_to(Phase.SUPERSEDED)
        assert here.lane().quarantined == {}
        for _ in range(30):
            here.kernel.advance(timedelta(seconds=20))
            here.due()
        assert here.rollout().id.startswith("Fraud-Prod.v8.")

    def test_what_waits_behind_a_rollout_with_traffic_goes_on_waiting(self, baking: Here) -> None:
        self.let_another_wait(baking)
        baking.due()
        assert baking.phase() is Phase.BAKING

    @staticmethod
    def let_another_wait(here: Here) -> None:
        """As after a crash between letting an approval in and taking the open rollout back."""
        lane = here.lane()
        assert lane.rollout is not None
        newer = replace(lane.rollout.approval, version=Version(8), at=here.kernel.now)
        write = routine(here)
        here.world.store.commit(replace(write, after=replace(write.after, queued=newer)))


def routine(here: Here) -> Write:
    """A write that changes nothing but the fence and the head."""
    lane = here.lane()
    record = chain(lane.head, f"rollouts#{ENDPOINT}", here.kernel.now, {"kind": "test"})
    return Write(lane, replace(lane, fence=lane.fence + 1, head=record.head), record, outgoing(record=record))


def test_an_act_that_is_refused_is_recorded_as_a_fact_of_its_own(here: Here) -> None:
    here.approve()
    here.kernel.faults.fail("sagemaker", "CreateModel", "AccessDeniedException", "not allowed")
    here.due()
    rollout: Rollout = here.rollout()
    assert (rollout.phase, rollout.cause) == (Phase.ROLLING_BACK, Cause.DENIED)
    assert [record.facts()["after"] for record in here.records()[1:]] == ["PREPARING", "ROLLING_BACK"]
    assert "CreateModel" in here.records()[-1].facts()["reason"]
    assert check(here.records(), here.lane().head) == []


def test_a_denied_way_back_is_held_named_and_tried_again(baking: Here) -> None:
    baking.kernel.faults.fail(
        "sagemaker", "UpdateEndpointWeightsAndCapacities", "AccessDeniedException", "no"
    )
    baking.fire()
    baking.deliver("alarm_changed--metric.json")
    assert baking.rollout().hold is Hold.ACCESS_DENIED
    baking.kernel.advance(timedelta(minutes=3))
    baking.due()
    baking.kernel.advance(timedelta(seconds=10))
    assert baking.weights()[VARIANT] == 100
