"""What is read for a plan, which version it is about, and what becomes of what cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pointsman.adapters.aws.around import surroundings_of
from pointsman.core.phases import Phase
from pointsman.core.release_facts import Facts, Standing
from pointsman.core.timetable import ASSUMED_FLEET, Grounds, Span
from pointsman.core.usual import Usual
from pointsman.errors import Denied, NotFound, Transient
from pointsman.forecast import gather, gather_for
from pointsman.policy import After, EndpointName, Policy
from pointsman.policy_json import policy_from_json
from pointsman.surroundings import NothingToRelease, Surroundings, Wish
from tests.functions.account import ALARM, CONFIG, ENDPOINT, MODEL, VARIANT, package, policy
from tests.functions.world import Here, installed
from tests.worlds.elsewhere import REGISTRY, Elsewhere

TYPE = "ml.c7i.large"


@pytest.fixture
def here() -> Iterator[Here]:
    with installed() as installation:
        yield installation


class Refusing:
    """Any reader; it raises what it was given, whatever it is asked."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, name: str) -> Any:
        def ask(*_: Any, **__: Any) -> Any:
            raise self.error

        return ask


DENIED = Refusing(Denied("not authorized"))


def world(here: Here, **changes: Any) -> Surroundings:
    return replace(surroundings_of(here.wire.client, "us-east-1"), **changes)


def wish(here: Here, **changes: Any) -> Wish:
    of_today: Policy = policy_from_json(policy())
    now = here.kernel.now
    return replace(Wish(of_today, now, now), **changes)


def found(here: Here, **changes: Any) -> Facts:
    return gather(world(here), wish(here, **changes))


def test_the_newest_approved_version_after_what_serves_is_meant(here: Here) -> None:
    here.call("UpdateModelPackage", ModelPackageArn=package(3), ModelApprovalStatus="Approved")
    here.call("UpdateModelPackage", ModelPackageArn=package(5), ModelApprovalStatus="Approved")

    candidate = found(here).candidate

    assert candidate.approval.version == 5
    assert candidate.standing is Standing.APPROVED
    assert candidate.waiting == (7, 6)


def test_without_one_the_newest_that_waits_for_its_approval_is_meant(here: Here) -> None:
    candidate = found(here).candidate

    assert (candidate.approval.version, candidate.standing) == (7, Standing.PENDING)
    assert candidate.waiting == (6, 5, 4, 3, 2)


def test_any_version_can_be_named(here: Here) -> None:
    here.call("UpdateModelPackage", ModelPackageArn=package(4), ModelApprovalStatus="Rejected")

    assert found(here, version=4).candidate.standing is Standing.REJECTED
    assert found(here, version=1).candidate.approval.version == 1
    with pytest.raises(NotFound, match="has no version 99"):
        found(here, version=99)


def test_where_nothing_is_newer_it_says_so(here: Here) -> None:
    for version in range(2, 8):
        here.call("UpdateModelPackage", ModelPackageArn=package(version), ModelApprovalStatus="Rejected")

    with pytest.raises(NothingToRelease, match="no version newer than what serves"):
        found(here)


def test_versions_of_another_accounts_registry_are_found_there(here: Here) -> None:
    there = Elsewhere(here.kernel)
    there.approve(2)
    follows = replace(policy_from_json(policy()), registry_account=REGISTRY)

    candidate = found(here, policy=follows).candidate

    assert (candidate.approval.package, candidate.waiting) == (there.package(2), (3,))
    there.shut()
    with pytest.raises(Denied, match="The policy of the group in account 444455556666"):
        found(here, policy=follows)


def test_an_endpoint_that_is_not_there_is_told(here: Here) -> None:
    elsewhere = replace(policy_from_json(policy()), endpoint=EndpointName("Gone"))

    with pytest.raises(NotFound, match="endpoint Gone does not exist in us-east-1"):
        found(here, policy=elsewhere)


def test_everything_is_read(here: Here) -> None:
    here.kernel.quota[TYPE] = 12
    here.kernel.advance(timedelta(hours=3))

    facts = found(here)

    assert facts.around.unread == ()
    assert facts.around.quotas.by_type == {TYPE: 12}
    assert facts.around.traffic is not None
    assert facts.around.traffic.total > 0
    assert set(facts.around.alarms) == {ALARM}
    assert facts.observed.alarms.missing == ()
    assert facts.observed.scale_in_suspended is False
    assert facts.around.scaling_most is not None
    assert facts.around.lane is not None
    assert facts.machines.usd_per_hour == {TYPE: 0.107}
    assert facts.machines.as_of is not None
    assert facts.around.fleet == ASSUMED_FLEET


@pytest.mark.parametrize("port", ["quotas", "usage", "traffic", "alarms", "scaling"])
def test_what_may_not_be_read_is_named_and_the_rest_stands(here: Here, port: str) -> None:
    facts = gather(world(here, **{port: DENIED}), wish(here))

    assert len(facts.around.unread) == 1
    assert facts.around.unread[0].endswith("not authorized")


def test_alarms_that_cannot_be_read_are_not_called_missing(here: Here) -> None:
    facts = gather(world(here, alarms=DENIED), wish(here))

    assert facts.observed.alarms.missing == ()
    assert "not authorized" in facts.observed.alarms.blind


def test_an_account_without_an_installation_is_no_gap(here: Here) -> None:
    facts = gather(world(here, lanes=Refusing(Transient("no table")), records=DENIED), wish(here))

    assert facts.around.lane is None
    assert facts.around.unread == ()


@pytest.mark.parametrize("port", ["serving", "versions", "registry"])
def test_without_the_endpoint_and_the_registry_there_is_no_plan(here: Here, port: str) -> None:
    with pytest.raises(Denied):
        gather(world(here, **{port: DENIED}), wish(here))


def test_when_it_is_late_the_rest_is_left_unread(here: Here) -> None:
    looks = iter([False, True, True, True, True, True, True, True, True, True, True, True])

    facts = gather(world(here, is_late=lambda: next(looks)), wish(here))

    assert set(facts.around.alarms) == {ALARM}
    assert [each.partition(":")[0] for each in facts.around.unread] == [
        "autoscaling",
        "traffic",
        "errors and latency",
        "quotas",
        "instances in use",
    ]
    assert all(each.endswith("there was no time left to read it") for each in facts.around.unread)


def test_a_model_that_serves_and_was_deleted_is_found(here: Here) -> None:
    here.call("DeleteModel", ModelName=MODEL)

    assert found(here, version=7).around.deleted_models == (MODEL,)


def test_a_config_that_was_deleted_is_an_obstacle(here: Here) -> None:
    here.call("DeleteEndpointConfig", EndpointConfigName=CONFIG)

    [obstacle] = found(here, version=7).observed.endpoint.obstacles
    assert "config was deleted" in obstacle


def test_fleets_are_as_past_releases_measured_them_unless_somebody_gives_another(here: Here) -> None:
    here.approve()
    here.drive_to(Phase.WATCHING)
    given = Span(timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=3), Grounds.GIVEN)

    measured = found(here, version=2).around.fleet

    assert (measured.grounds, measured.times) == (Grounds.MEASURED, 2)
    assert found(here, version=2, fleet=given).around.fleet == given


def test_a_price_given_by_hand_replaces_the_list(here: Here) -> None:
    machines = found(here, usd_per_hour=9.5).machines

    assert machines.usd_per_hour == {TYPE: 9.5}
    assert machines.as_of is None


def test_the_endpoint_that_goes_first_is_looked_up(here: Here) -> None:
    ordered = replace(policy_from_json(policy()), after=After(EndpointName("Other-Prod")))

    lane = found(here, policy=ordered).around.goes_first

    assert lane is not None
    assert lane.endpoint == "Other-Prod"


def test_for_a_rollout_that_begins_the_version_is_known(here: Here) -> None:
    here.approve()
    approval = here.rollout().approval

    facts = gather_for(world(here, versions=DENIED, registry=DENIED), wish(here), approval)

    assert facts.candidate.approval == approval
    assert facts.candidate.standing is Standing.APPROVED
    assert VARIANT in {each.name for each in facts.observed.endpoint.variants}
    assert facts.policy.endpoint == ENDPOINT


def test_what_the_judge_would_take_for_usual_is_read(here: Here) -> None:
    begin = here.kernel.now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=2)
    here.kernel.remember(ENDPOINT, VARIANT, begin, 120, 30.0, latency_ms=50.0, error_rate=0.01)
    usual = found(here).around.usual

    assert usual.rpm == pytest.approx(30.0)
    assert usual.error_rate == pytest.approx(0.01, abs=0.001)
    assert 50_000 < usual.p75_us < usual.p99_us < 90_000


def test_a_past_that_cannot_be_read_is_told(here: Here) -> None:
    facts = gather(world(here, metrics=DENIED), wish(here))

    assert facts.around.usual == Usual()
    assert "errors and latency: not authorized" in facts.around.unread
