"""The sweep through its real handler: every group has its turn, whatever becomes of another one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pointsman.core.phases import Phase
from pointsman.errors import Denied, Misconfigured, Transient
from tests.functions.account import ENDPOINT, OTHER, Json, package, policy
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
