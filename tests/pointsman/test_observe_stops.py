"""What a pass finds out by itself: a version that was rejected in silence, and what beside the endpoint cannot be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pointsman.core.observed import Observed
from pointsman.core.phases import Cause, Hold, Phase
from pointsman.core.rollout import Stop
from pointsman.errors import Denied, NotFound, PointsmanError, Transient
from pointsman.observe import observe
from pointsman.ports import Package
from pointsman.reconcile import reconcile
from tests.functions.account import CONFIG, GROUP, VARIANT
from tests.functions.world import Here
from tests.pointsman.readings import BrokenScaling, Registered

STOP = Stop(Cause.ABORTED, "alice", "looks wrong")
UNDER_WAY = [
    Phase.PREPARING,
    Phase.VALIDATING,
    Phase.SHIFTING,
    Phase.BAKING,
    Phase.FINALIZING,
    Phase.WATCHING,
]
UNREADABLE = [Denied("no"), Transient("throttled"), NotFound("deleted")]


def package(here: Here, *, is_approved: bool = False, is_rejected: bool = False) -> Package:
    approval = replace(here.rollout().approval, by="carol")
    return Package(GROUP, approval, is_approved, is_rejected)


def look(here: Here, phase: Phase, registry: Registered, stop: Stop | None = None) -> Observed:
    rollout = replace(here.rollout(), phase=phase)
    return observe(replace(here.world, registry=registry), rollout, here.kernel.now, stop)


class TestRejection:
    @pytest.mark.parametrize("phase", [Phase.PENDING, *UNDER_WAY])
    def test_a_rejection_is_read_and_not_only_heard(self, baking: Here, phase: Phase) -> None:
        stop = look(baking, phase, Registered(package(baking, is_rejected=True))).stop
        assert stop == Stop(Cause.REJECTED, "carol", "version 7 is not approved any more")

    @pytest.mark.parametrize("phase", UNDER_WAY)
    def test_a_version_that_waits_for_approval_again_is_no_rejection(
        self, baking: Here, phase: Phase
    ) -> None:
        assert look(baking, phase, Registered(package(baking))).stop is None

    def test_nothing_is_begun_without_an_approval(self, baking: Here) -> None:
        stop = look(baking, Phase.PENDING, Registered(package(baking))).stop
        assert stop is not None
        assert stop.cause is Cause.REJECTED
        approved = Registered(package(baking, is_approved=True))
        assert look(baking, Phase.PENDING, approved).stop is None

    @pytest.mark.parametrize("error", UNREADABLE)
    @pytest.mark.parametrize("phase", UNDER_WAY)
    def test_a_registry_that_cannot_be_read_stops_nothing_under_way(
        self, baking: Here, phase: Phase, error: PointsmanError
    ) -> None:
        assert look(baking, phase, Registered(error)).stop is None

    @pytest.mark.parametrize("error", UNREADABLE)
    def test_nothing_is_begun_while_the_registry_cannot_be_read(
        self, baking: Here, error: PointsmanError
    ) -> None:
        with pytest.raises(type(error)):
            look(baking, Phase.PENDING, Registered(error))

    @pytest.mark.parametrize(
        "phase", [Phase.ROLLING_BACK, Phase.NEEDS_HUMAN, Phase.SUCCEEDED, Phase.ROLLED_BACK, Phase.SUPERSEDED]
    )
    def test_where_a_rejection_changes_nothing_nobody_asks(self, baking: Here, phase: Phase) -> None:
        registry = Registered(package(baking, is_rejected=True))
        assert look(baking, phase, registry).stop is None
        assert registry.asked == 0

    def test_who_goes_back_anyway_does_not_wait_for_the_registry(self, baking: Here) -> None:
        registry = Registered(package(baking, is_rejected=True))
        assert look(baking, Phase.BAKING, registry, STOP).stop == STOP
        baking.fire()
        assert look(baking, Phase.BAKING, registry).stop is None
        assert registry.asked == 0

    def test_a_version_that_was_rejected_in_silence_goes_back(self, baking: Here) -> None:
        baking.judge_in_registry("Rejected")
        assert baking.drive_to(Phase.ROLLED_BACK).cause is Cause.REJECTED
        assert baking.weights() == {VARIANT: 100}


class TestWhatCannotBeRead:
    @pytest.mark.parametrize("error", [Denied("no"), Transient("throttled")])
    def test_autoscaling_that_cannot_be_read_is_named(self, baking: Here, error: PointsmanError) -> None:
        world = replace(baking.world, scaling=BrokenScaling(error))
        rollout = replace(baking.rollout(), phase=Phase.WATCHING)
        observed = observe(world, rollout, baking.kernel.now)
        assert (observed.unread, observed.scale_in_suspended) == (str(error), None)

    def test_nothing_is_begun_while_autoscaling_cannot_be_read(self, baking: Here) -> None:
        world = replace(baking.world, scaling=BrokenScaling(Denied("no")))
        with pytest.raises(Denied):
            observe(world, replace(baking.rollout(), phase=Phase.PENDING), baking.kernel.now)

    @pytest.mark.parametrize(
        "call", [("application-autoscaling", "DescribeScalableTargets"), ("sagemaker", "ListTags")]
    )
    def test_it_does_not_stand_before_the_rollback_and_holds_what_comes_after(
        self, baking: Here, call: tuple[str, str]
    ) -> None:
        baking.break_calls(call)
        baking.deliver("operator_request--abort.json")
        for _ in range(60):
            baking.kernel.advance(timedelta(seconds=20))
            baking.due()
        assert baking.weights() == {VARIANT: 100}
        assert baking.live()["EndpointConfigName"] == CONFIG
        assert (baking.phase(), baking.rollout().hold) == (Phase.ROLLING_BACK, Hold.CANNOT_READ)
        told = [record for record in baking.records() if "cannot see whether" in record.facts()["reason"]]
        assert len(told) == 1
        baking.mend()
        assert baking.drive_to(Phase.ROLLED_BACK).hold is None

    def test_a_stop_does_not_wait_for_it(self, baking: Here) -> None:
        world = replace(baking.world, scaling=BrokenScaling(Denied("no")))
        rollout = replace(baking.rollout(), phase=Phase.WATCHING)
        assert observe(world, rollout, baking.kernel.now, STOP).unread == ""


def test_a_pass_takes_a_rejected_version_back_whose_registry_nobody_heard(baking: Here) -> None:
    registry = Registered(package(baking, is_rejected=True))
    outcome = reconcile(replace(baking.world, registry=registry), baking.rollout().endpoint)
    assert outcome.phase is Phase.ROLLING_BACK
