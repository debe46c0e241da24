"""The sweep of the registry: it adopts once and releases nothing by that, and heals approvals that nobody told us of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pointsman.core.phases import Phase
from pointsman.errors import Conflict, NotFound
from pointsman.operate import Request
from pointsman.policy import EndpointName, ModelGroup
from pointsman.ports import Package, Write
from pointsman.reopen import rollback
from pointsman.sweep import sweep_endpoint
from tests.worlds.account import ENDPOINT, GROUP
from tests.worlds.memory import MemoryStore
from tests.worlds.quick import Quick


@pytest.fixture
def adopted() -> Quick:
    """Versions 1 and 2 were approved when the endpoint was adopted."""
    quick = Quick()
    quick.account.approve(2)
    quick.sweep()
    later(quick)
    return quick


def later(quick: Quick, minutes: int = 15) -> None:
    quick.account.kernel.advance(timedelta(minutes=minutes))


class TestAdoption:
    def test_the_first_sweep_takes_what_is_approved_for_the_past_and_releases_nothing(self) -> None:
        quick = Quick()
        quick.account.approve(2)
        outcome = quick.sweep()
        assert outcome is not None
        assert not outcome.again
        assert (quick.lane().adopted, quick.lane().group) == ((1, 2), GROUP)
        assert quick.phase() is None
        assert quick.facts()[-1]["reason"] == (
            "adopted for group fraud-detector: its past is the 2 versions approved by now, none of which is released"
        )

    def test_it_touches_nothing_and_happens_once(self, adopted: Quick) -> None:
        fence = adopted.lane().fence
        changing = [name for *_, name, _ in adopted.account.kernel.calls if name.startswith("Update")]
        assert adopted.sweep() is None
        assert adopted.lane().fence == fence
        assert set(changing) <= {"UpdateModelPackage"}

    def test_what_was_heard_of_before_is_under_way_and_not_adopted(self) -> None:
        quick = Quick()
        quick.approve(2)
        quick.sweep()
        assert quick.lane().adopted == (1,)
        quick.drive_to(Phase.SUCCEEDED)

    def test_an_event_that_says_nothing_of_approval_opens_no_adopted_version(self, adopted: Quick) -> None:
        assert adopted.hear(2, changed=None) is None
        assert adopted.hear(2, changed=False) is None
        assert adopted.phase() is None

    def test_an_adopted_version_that_is_approved_anew_is_released(self, adopted: Quick) -> None:
        adopted.approve(2)
        assert adopted.phase() is Phase.PENDING

    def test_who_writes_at_the_same_moment_wins_and_the_next_sweep_adopts(self) -> None:
        quick = Quick()
        busy = replace(quick.world, store=Busy(lanes=quick.store.lanes))
        approved = quick.world.registry.find_approved(ModelGroup(GROUP))
        assert sweep_endpoint(busy, ENDPOINT, ModelGroup(GROUP), approved) is None
        assert quick.sweep() is not None

    def test_a_policy_that_names_another_group_adopts_anew_and_releases_nothing(self, adopted: Quick) -> None:
        world = adopted.world
        packages = {version: f"package-{version}" for version in (1, 2, 3, 4)}
        outcome = sweep_endpoint(world, ENDPOINT, ModelGroup("another-group"), packages)
        assert outcome is not None
        assert (adopted.lane().adopted, adopted.phase()) == ((1, 2, 3, 4), None)
        assert sweep_endpoint(world, ENDPOINT, ModelGroup("another-group"), packages) is None

    def test_each_endpoint_of_a_group_has_a_memory_of_its_own(self, adopted: Quick) -> None:
        other = EndpointName("fraud-staging")
        sweep_endpoint(adopted.world, other, ModelGroup(GROUP), {1: "p1", 2: "p2", 3: "p3"})
        assert adopted.store.get_lane(other).adopted == (1, 2, 3)
        assert adopted.lane().adopted == (1, 2)


class TestLostApprovals:
    def test_one_is_opened_by_the_next_sweep_exactly_once(self, adopted: Quick) -> None:
        adopted.account.approve(3)
        outcome = adopted.sweep()
        assert outcome is not None
        assert (outcome.phase, outcome.again) == (Phase.PENDING, True)
        adopted.drive_to(None)
        assert adopted.versions() == {3}
        assert adopted.sweep() is None
        opened = [facts for facts in adopted.facts() if "was approved by" in facts["reason"]]
        assert len(opened) == 1

    def test_its_event_is_no_news_any_more_when_it_comes_at_last(self, adopted: Quick) -> None:
        adopted.account.approve(3)
        adopted.sweep()
        fence = adopted.lane().fence
        assert adopted.hear(3) is None
        assert adopted.lane().fence == fence

    def test_nor_after_the_version_was_taken_back(self, adopted: Quick) -> None:
        adopted.account.approve(3)
        adopted.sweep()
        adopted.drive_to(Phase.BAKING)
        rollback(adopted.world, Request("rollback", ENDPOINT, "no", "alice", "r-1"))
        adopted.drive_to(None)
        assert adopted.hear(3) is None
        assert adopted.sweep() is None
        assert set(adopted.lane().quarantined) == {3}

    def test_the_event_comes_first_and_the_sweep_has_nothing_to_do(self, adopted: Quick) -> None:
        adopted.approve(3)
        assert adopted.sweep() is None

    def test_a_quarantined_version_that_is_approved_anew_comes_by_its_event(self, adopted: Quick) -> None:
        adopted.approve(3)
        adopted.drive_to(Phase.BAKING)
        rollback(adopted.world, Request("rollback", ENDPOINT, "no", "alice", "r-1"))
        adopted.drive_to(None)
        adopted.approve(3)
        assert adopted.lane().quarantined == {}
        assert adopted.phase() is Phase.PENDING

    def test_of_several_the_one_approved_last_is_released(self, adopted: Quick) -> None:
        for version in (5, 3, 4):
            adopted.account.approve(version)
            later(adopted, 1)
        adopted.sweep()
        adopted.drive_to(Phase.SUCCEEDED)
        assert adopted.versions() == {4}
        assert set(adopted.lane().approvals) == {3, 4, 5}

    def test_behind_what_carries_traffic_it_waits(self, adopted: Quick) -> None:
        adopted.approve(3)
        adopted.drive_to(Phase.BAKING)
        adopted.account.approve(4)
        adopted.sweep()
        queued = adopted.lane().queued
        assert queued is not None
        assert queued.version == 4

    def test_what_is_deleted_or_rejected_in_between_is_left_out(self, adopted: Quick) -> None:
        for version in (3, 4):
            adopted.account.approve(version)
        approved = adopted.world.registry.find_approved(ModelGroup(GROUP))
        adopted.account.reject(3)
        world = replace(adopted.world, registry=Without(adopted, approved[4]))
        assert sweep_endpoint(world, ENDPOINT, ModelGroup(GROUP), approved) is None
        assert adopted.phase() is None


class Busy(MemoryStore):
    """Somebody else is always first."""

    def commit(self, write: Write) -> None:
        raise Conflict(f"endpoint {write.after.endpoint}: somebody else wrote first")


class Without:
    """Implements `ports.Registry`: one package was deleted a moment ago."""

    def __init__(self, quick: Quick, deleted: str) -> None:
        self._registry = quick.world.registry
        self._deleted = deleted

    def describe(self, package: str) -> Package:
        if package == self._deleted:
            raise NotFound(package)
        return self._registry.describe(package)

    def find_approved(self, group: ModelGroup) -> dict[int, str]:
        return self._registry.find_approved(group)
