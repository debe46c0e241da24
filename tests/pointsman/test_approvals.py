"""What the registry says now, brought to one endpoint: news, duplicates, newer and older versions, rejections."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pointsman.approvals import Heard, find_package, hear
from pointsman.core.phases import Cause, Phase
from pointsman.errors import BadEvent, Misconfigured, NotFound, Transient
from pointsman.policy import EndpointName, ModelGroup
from pointsman.ports import Package
from tests.functions.account import APPROVED_AT, ENDPOINT, GROUP, package
from tests.functions.world import Here, require_whole_chain


def told(here: Here, version: int, status: str = "Approved", *, changed: bool | None = True) -> Any:
    """The registry says it, and an event comes of it."""
    here.call("UpdateModelPackage", ModelPackageArn=package(version), ModelApprovalStatus=status)
    return again(here, version, changed=changed)


def again(here: Here, version: int, *, changed: bool | None = True) -> Any:
    """An event comes while the registry says what it said."""
    found = find_package(here.world, ModelGroup(GROUP), package(version))
    assert found is not None
    moment = found.approval.at if changed is not None else None
    return hear(here.world, ENDPOINT, found, Heard(package(version), changed, moment))


def open_next(here: Here, start: str) -> None:
    """Tick until a rollout is open whose id starts like this."""
    for _ in range(60):
        rollout = here.lane().rollout
        if rollout is not None and rollout.id.startswith(start) and not rollout.is_terminal:
            return
        here.kernel.advance(timedelta(seconds=20))
        here.due()
    raise AssertionError(f"{start} never opened: {here.lane()}")


def reasons(here: Here) -> list[str]:
    return [record.facts()["reason"] for record in here.records()]


class TestNews:
    def test_an_approval_opens_a_rollout_and_asks_for_another_pass(self, here: Here) -> None:
        outcome = told(here, 7)
        assert (outcome.phase, outcome.again) == (Phase.PENDING, True)
        assert "version 7 was approved by arn:aws:sts" in reasons(here)[0]

    @pytest.mark.parametrize("changed", [True, False, None])
    def test_a_duplicate_is_no_news(self, here: Here, *, changed: bool | None) -> None:
        told(here, 7)
        assert again(here, 7, changed=changed) is None
        assert here.lane().fence == 1

    def test_a_pending_version_is_no_news(self, here: Here) -> None:
        assert told(here, 7, "PendingManualApproval") is None
        assert here.lane().fence == 0

    def test_a_version_that_went_back_comes_again_when_it_is_approved_anew(self, baking: Here) -> None:
        baking.deliver("operator_request--abort.json")
        baking.drive_to(Phase.ROLLED_BACK)
        assert set(baking.lane().quarantined) == {7}
        assert again(baking, 7, changed=None) is None
        told(baking, 7)
        assert baking.lane().quarantined == {}
        open_next(baking, "Fraud-Prod.v7.")
        assert baking.rollout().approval.at > APPROVED_AT
        require_whole_chain(baking)

    def test_words_on_an_unknown_version_above_all_known_ones_are_news(self, here: Here) -> None:
        told(here, 5)
        assert told(here, 7, changed=False) is not None
        assert told(here, 6, changed=False) is None

    def test_an_event_that_does_not_say_what_changed_opens_no_version_below_a_known_one(
        self, here: Here
    ) -> None:
        told(here, 6)
        here.drive_to(Phase.SUCCEEDED)
        assert told(here, 5, changed=None) is None
        assert set(here.lane().approvals) == {6}
        assert told(here, 7, changed=None) is not None

    def test_an_event_that_does_not_say_what_changed_opens_the_first_version_heard_of(
        self, here: Here
    ) -> None:
        assert told(here, 5, changed=None) is not None
        assert here.rollout().version == 5


class TestSeveral:
    def test_a_newer_version_takes_the_place_of_one_without_traffic(self, here: Here) -> None:
        told(here, 6)
        here.kernel.advance(timedelta(seconds=1))
        told(here, 7)
        assert here.phase() is Phase.SUPERSEDED
        open_next(here, "Fraud-Prod.v7.")
        assert here.lane().quarantined == {}

    def test_a_newer_version_waits_behind_one_with_traffic(self, baking: Here) -> None:
        told(baking, 6)
        assert baking.phase() is Phase.BAKING
        queued = baking.lane().queued
        assert queued is not None
        assert queued.version == 6

    def test_an_older_approval_is_remembered_and_not_rolled_out(self, here: Here) -> None:
        told(here, 7)
        found = find_package(here.world, ModelGroup(GROUP), package(6))
        assert found is not None
        late = replace(found, is_approved=True)
        hear(
            here.world,
            ENDPOINT,
            late,
            Heard(package(6), approval_changed=True, modified_at=APPROVED_AT - timedelta(hours=1)),
        )
        assert here.lane().queued is None
        assert here.rollout().version == 7
        assert set(here.lane().approvals) == {6, 7}


class TestRejection:
    def test_the_open_version_is_taken_back(self, baking: Here) -> None:
        told(baking, 7, "Rejected")
        assert (baking.phase(), baking.rollout().cause) == (Phase.ROLLING_BACK, Cause.REJECTED)

    def test_a_version_that_waits_is_forgotten(self, baking: Here) -> None:
        told(baking, 6)
        assert told(baking, 6, "Rejected") is None
        assert baking.lane().queued is None
        assert baking.phase() is Phase.BAKING

    def test_one_that_is_under_way_and_waits_again_is_forgotten_and_taken_back(self, baking: Here) -> None:
        baking.kernel.advance(timedelta(seconds=1))
        told(baking, 7)
        assert baking.lane().queued is not None
        told(baking, 7, "Rejected")
        assert baking.lane().queued is None
        assert (baking.phase(), baking.rollout().cause) == (Phase.ROLLING_BACK, Cause.REJECTED)

    def test_another_version_is_none_of_its_business(self, baking: Here) -> None:
        fence = baking.lane().fence
        assert told(baking, 5, "Rejected") is None
        assert baking.lane().fence == fence

    def test_a_rejected_version_that_is_approved_again_is_rolled_out_again(self, here: Here) -> None:
        told(here, 7)
        told(here, 7, "Rejected")
        here.kernel.advance(timedelta(seconds=1))
        told(here, 7)
        open_next(here, "Fraud-Prod.v7.20261120T140531Z")

    def test_a_rejection_is_heard_although_the_policy_cannot_be_read(self, baking: Here) -> None:
        class Unreadable:
            def __getattr__(self, name: str) -> Any:
                def call(*_: Any) -> Any:
                    raise Misconfigured("compiled policy of endpoint Fraud-Prod cannot be read")

                return call

        baking.judge_in_registry("Rejected")
        found = find_package(baking.world, ModelGroup(GROUP), package(7))
        assert found is not None
        world = replace(baking.world, policies=Unreadable())
        hear(world, ENDPOINT, found, Heard(package(7), approval_changed=True, modified_at=None))
        assert baking.phase() is Phase.ROLLING_BACK


class TestPackage:
    def test_one_that_was_deleted_is_none(self, here: Here) -> None:
        assert find_package(here.world, ModelGroup(GROUP), package(99)) is None

    def test_one_of_another_group_is_no_event_of_ours(self, here: Here) -> None:
        with pytest.raises(BadEvent, match="is of group fraud-detector, not of other"):
            find_package(here.world, ModelGroup("other"), package(7))

    def test_an_endpoint_without_a_policy_opens_nothing(self, here: Here) -> None:
        found = find_package(here.world, ModelGroup(GROUP), package(1))
        assert isinstance(found, Package)
        with pytest.raises(NotFound):
            hear(
                here.world,
                EndpointName("nobody"),
                found,
                Heard(package(1), approval_changed=True, modified_at=None),
            )


def test_an_event_that_lost_its_pass_is_not_lost_with_it(here: Here) -> None:
    told(here, 6)
    here.drive_to(Phase.PREPARING)
    here.kernel.advance(timedelta(seconds=60))
    here.break_calls(("sagemaker", "DescribeEndpoint"))
    with pytest.raises(Transient):
        told(here, 7)
    here.mend()
    assert again(here, 7) is None
    here.drive_to(Phase.SUPERSEDED)
