"""Scale-in of the baseline is suspended while it is the way back, and given back as it was found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pointsman.core.phases import Phase
from tests.functions.account import TARGET, VARIANT
from tests.functions.world import Here


def suspended_state(here: Here) -> dict[str, bool]:
    asked = {key: TARGET[key] for key in ("ServiceNamespace", "ScalableDimension")}
    answer = here.kernel.call("application-autoscaling", "DescribeScalableTargets", asked)
    state: dict[str, bool] = answer["ScalableTargets"][0]["SuspendedState"]
    return state


def limits(here: Here) -> tuple[int, int]:
    asked = {key: TARGET[key] for key in ("ServiceNamespace", "ScalableDimension")}
    target = here.kernel.call("application-autoscaling", "DescribeScalableTargets", asked)["ScalableTargets"][
        0
    ]
    return target["MinCapacity"], target["MaxCapacity"]


def suspend_by_hand(here: Here) -> None:
    wish = TARGET | {"SuspendedState": {"DynamicScalingInSuspended": True}}
    here.kernel.call("application-autoscaling", "RegisterScalableTarget", wish)


def test_scale_in_alone_is_suspended_before_the_fleet_is_asked_for(here: Here) -> None:
    here.approve()
    here.asked.clear()
    here.due()
    state = suspended_state(here)
    assert state["DynamicScalingInSuspended"] is True
    assert state["DynamicScalingOutSuspended"] is False
    assert here.asked.index(("application-autoscaling", "RegisterScalableTarget")) < here.asked.index(
        ("sagemaker", "UpdateEndpoint")
    )


def test_the_limits_of_the_target_stay_as_they_were(baking: Here) -> None:
    assert limits(baking) == (2, 4)


def test_it_is_given_back_after_promotion(here: Here) -> None:
    here.approve()
    here.drive_to(Phase.SUCCEEDED)
    assert suspended_state(here)["DynamicScalingInSuspended"] is False
    assert limits(here) == (2, 4)


def test_it_is_given_back_after_a_rollback(baking: Here) -> None:
    baking.deliver("operator_request--abort.json")
    baking.drive_to(Phase.ROLLED_BACK)
    assert suspended_state(baking)["DynamicScalingInSuspended"] is False


@pytest.mark.parametrize("is_aborted", [True, False])
def test_what_a_person_had_suspended_stays_suspended(here: Here, *, is_aborted: bool) -> None:
    suspend_by_hand(here)
    here.approve()
    here.drive_to(Phase.BAKING)
    if is_aborted:
        here.deliver("operator_request--abort.json")
    here.drive_to(Phase.ROLLED_BACK if is_aborted else Phase.SUCCEEDED)
    assert suspended_state(here)["DynamicScalingInSuspended"] is True


def test_the_baseline_keeps_its_count_until_it_is_not_needed_any_more(here: Here) -> None:
    here.approve()
    counts = set()
    for _ in range(60):
        here.due()
        here.kernel.advance(timedelta(seconds=10))
        counts |= {
            variant["CurrentInstanceCount"]
            for variant in here.live()["ProductionVariants"]
            if variant["VariantName"] == VARIANT
        }
    assert counts == {2}
