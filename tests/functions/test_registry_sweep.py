"""The sweep through its real handler: every group has its turn, whatever becomes of another one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil

import pytest

from pointsman import wiring
from pointsman.core.phases import Phase
from pointsman.errors import Denied, Misconfigured, NotFound, Transient
from pointsman.policy import ModelGroup
from pointsman.ports import Package
from pointsman.sweep import EVERY, LONGEST, in_turn
from pointsman.triggers import TRIGGERS, Schedule
from tests.functions.account import APPROVED_AT, ENDPOINT, OTHER, Json, package, policy
from tests.functions.world import Here, installed, require_whole_chain

SWEEP = "registry_sweep--events-rule-scheduled-event.json"


def of_group(endpoint: str, group: str) -> Json:
    return policy(endpoint) | {"model_package_group": group}


@pytest.fixture
def two() -> Iterator[Here]:
    """A policy whose group does not exist stands before the one of the endpoint."""
    with installed(of_group(OTHER, "nobody"), policy()) as installation:
        yield installation


@pytest.mark.parametrize("times", [1, 3])
def test_the_first_one_adopts_and_the_others_find_nothing_new(here: Here, times: int) -> None:
    answers = [here.deliver(SWEEP) for _ in range(times)]
    assert [len(answer) for answer in answers] == [1] + [0] * (times - 1)
    assert here.lane().adopted == (1,)
    assert (here.drain(), here.changing_calls()) == ([], [])
    assert here.lane().fence == 1
    require_whole_chain(here)


def test_a_lost_approval_is_opened_and_queued(here: Here) -> None:
    here.deliver(SWEEP)
    here.judge_in_registry("Approved")
    [told] = here.deliver(SWEEP)
    assert (told["endpoint"], told["phase"]) == (ENDPOINT, "PENDING")
    assert here.drain() == [{"endpoint": ENDPOINT}]
    assert here.drive_to(Phase.SUCCEEDED).approval.package == package(7)


def test_a_group_that_does_not_exist_is_counted_and_hurts_no_other(two: Here) -> None:
    assert len(two.deliver(SWEEP)) == 1
    assert two.lane().adopted == (1,)
    assert two.counted("GroupsMissing") == 1
    assert "nobody" in two.said("no such group")[0]["why"]


@pytest.mark.parametrize(
    ("code", "error"), [("AccessDeniedException", Denied), ("SomethingNobodyExpected", Transient)]
)
def test_a_group_that_cannot_be_read_is_raised_once_the_others_had_their_turn(
    two: Here, code: str, error: type[Exception]
) -> None:
    two.kernel.faults.fail("sagemaker", "ListModelPackages", code, "no")
    with pytest.raises(error, match="ListModelPackages nobody"):
        two.deliver(SWEEP)
    assert two.lane().adopted == (1,)
    assert len(two.said("pass")) == 1


def test_a_policy_that_cannot_be_read_hurts_its_own_endpoint_only() -> None:
    with installed(policy(OTHER) | {"schema": 0}, policy()) as here:
        here.deliver(SWEEP)
        here.judge_in_registry("Approved")
        with pytest.raises(Misconfigured, match=OTHER):
            here.deliver(SWEEP)
        assert here.phase() is Phase.PENDING
        assert here.lane(OTHER).rollout is None


def test_a_group_costs_one_listing_however_many_endpoints_follow_it() -> None:
    with installed(policy(), policy(OTHER), policy("Third-Prod")) as here:
        here.deliver(SWEEP)
        assert here.asked.count(("sagemaker", "ListModelPackages")) == 1
        assert {here.lane(OTHER).adopted, here.lane().adopted} == {(1,)}


@dataclass(slots=True)
class Slow:
    """Implements `ports.Registry`: no group exists, and each listing takes its time."""

    clock: Ticking
    takes: timedelta
    listed: list[ModelGroup] = field(default_factory=list)

    def describe(self, package: str) -> Package:
        raise NotFound(package)

    def find_approved(self, group: ModelGroup) -> dict[int, str]:
        self.clock.at += self.takes
        self.listed.append(group)
        raise NotFound(str(group))


@dataclass(slots=True)
class Ticking:
    """Implements `ports.Clock`."""

    at: datetime = APPROVED_AT

    def now(self) -> datetime:
        return self.at


def test_a_thousand_groups_that_take_too_long_are_left_off_in_time_and_all_have_their_turn() -> None:
    clock = Ticking()
    slow = Slow(clock, timedelta(milliseconds=100))
    with installed(*(of_group(f"e-{each}", f"g-{each}") for each in range(1_000))) as here:
        wiring.install(replace(here.world, clock=clock, registry=slow))
        began = clock.at
        here.deliver(SWEEP)
        assert clock.at - began <= LONGEST + slow.takes
        assert (here.counted("GroupsSwept"), here.counted("GroupsNotReached")) == (400, 600)
        assert [(line["reached"], line["left"]) for line in here.said("no time for all groups")] == [
            (400, 600)
        ]
        for sweep in range(1, 5):
            clock.at = began + sweep * EVERY
            here.deliver(SWEEP)
        assert len(set(slow.listed)) == 1_000


def test_turns_change_as_often_as_the_schedule_starts_the_sweep() -> None:
    [schedule] = [each.started_by for each in TRIGGERS if each.name == "registry_sweep"]
    assert schedule == Schedule(EVERY)


def test_a_sweep_ends_well_before_its_function_does() -> None:
    [timeout] = [each.timeout for each in TRIGGERS if each.name == "registry_sweep"]
    assert timeout - LONGEST >= timedelta(seconds=20)


@pytest.mark.parametrize("part", [0.05, 0.2, 0.4, 0.7, 1.0])
@pytest.mark.parametrize("count", [1, 2, 40, 1_000])
@pytest.mark.parametrize("first", [0, 123_456])
def test_where_a_sweep_comes_through_a_part_each_group_has_its_turn_within_two_over_that_part(
    part: float, count: int, first: int
) -> None:
    groups = [ModelGroup(f"g-{each}") for each in range(count)]
    reached: set[ModelGroup] = set()
    for sweep in range(first, first + ceil(2 / part)):
        in_order = in_turn(groups, APPROVED_AT + sweep * EVERY)
        assert set(in_order) == set(groups)
        reached.update(in_order[: ceil(part * count)])
    assert reached == set(groups)
