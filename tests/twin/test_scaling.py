"""Target tracking: out when there is more to do, in when there is less, never in the way of another change."""

from __future__ import annotations

from typing import Any

import pytest

from tests.twin.cloud import ENDPOINT, TYPE, Cloud
from tests.twin.test_autoscaling import TARGET, TRACKING, put_policy, register


def settle(cloud: Cloud, minutes: int) -> int:
    """Let minutes pass and return the instances that then serve."""
    cloud.pass_minutes(minutes)
    return int(cloud.seen("stable")["CurrentInstanceCount"])


@pytest.fixture
def scaled(live: Cloud) -> Cloud:
    """Two instances, one to four allowed, ten requests a minute wanted on each."""
    register(live)
    put_policy(live)
    return live


def test_load_above_the_target_scales_out_within_the_maximum(scaled: Cloud) -> None:
    scaled.send(per_minute=90, minutes=60)
    assert settle(scaled, 20) == 4


def test_scaling_goes_through_the_status_updating(scaled: Cloud) -> None:
    scaled.send(per_minute=90, minutes=60)
    scaled.pass_minutes(20)
    assert scaled.statuses() == ["UPDATING", "IN_SERVICE"]


def test_load_below_the_target_scales_in_slowly(scaled: Cloud) -> None:
    scaled.resize("stable", 4)
    scaled.send(per_minute=15, minutes=120)
    assert settle(scaled, 15) == 4
    assert settle(scaled, 8) == 3
    assert settle(scaled, 60) == 2


def test_what_lost_its_traffic_is_scaled_in_to_the_minimum(split: Cloud) -> None:
    register(split)
    put_policy(split)
    split.send(per_minute=20, minutes=120)
    split.pass_minutes(30)
    assert split.seen("stable")["CurrentInstanceCount"] == 2
    split.weigh(stable=0.0, candidate=1.0)
    assert settle(split, 40) == 1


def test_steady_load_near_the_target_changes_nothing(scaled: Cloud) -> None:
    scaled.send(per_minute=19, minutes=90)
    assert settle(scaled, 90) == 2
    assert scaled.statuses() == []


@pytest.mark.parametrize(
    ("suspended", "per_minute"), [("DynamicScalingInSuspended", 1), ("DynamicScalingOutSuspended", 90)]
)
def test_a_suspended_direction_does_not_scale(scaled: Cloud, suspended: str, per_minute: int) -> None:
    register(scaled, SuspendedState={suspended: True})
    scaled.send(per_minute=per_minute, minutes=60)
    assert settle(scaled, 60) == 2


def test_scale_in_can_be_disabled_by_the_policy(scaled: Cloud) -> None:
    put_policy(scaled, TargetTrackingScalingPolicyConfiguration=TRACKING | {"DisableScaleIn": True})
    assert settle(scaled, 60) == 2


def test_scaling_waits_while_the_endpoint_is_updating(scaled: Cloud) -> None:
    scaled.kernel.set_endpoint_status(ENDPOINT, "SystemUpdating")
    scaled.send(per_minute=90, minutes=60)
    assert settle(scaled, 20) == 2
    scaled.kernel.set_endpoint_status(ENDPOINT, "InService")
    assert settle(scaled, 10) == 4


def test_a_scale_out_over_quota_is_tried_again_later(scaled: Cloud) -> None:
    scaled.kernel.quota[TYPE] = 2
    scaled.send(per_minute=90, minutes=60)
    assert settle(scaled, 20) == 2
    del scaled.kernel.quota[TYPE]
    assert settle(scaled, 10) == 4


def test_a_minimum_above_the_count_scales_out_at_once(scaled: Cloud) -> None:
    scaled.scale("RegisterScalableTarget", **TARGET, MinCapacity=3)
    assert settle(scaled, 7) == 3


def test_the_cooldown_keeps_actions_apart(scaled: Cloud) -> None:
    cooldown: dict[str, Any] = {"ScaleOutCooldown": 1800}
    put_policy(scaled, TargetTrackingScalingPolicyConfiguration=TRACKING | cooldown)
    scaled.send(per_minute=25, minutes=15)
    assert settle(scaled, 15) == 3
    scaled.send(per_minute=90, minutes=60)
    assert settle(scaled, 15) == 3
    assert settle(scaled, 20) == 4


def test_one_busy_minute_does_not_scale_out(scaled: Cloud) -> None:
    scaled.send(per_minute=15, minutes=60)
    scaled.pass_minutes(20)
    scaled.send(per_minute=60, minutes=1)
    assert settle(scaled, 10) == 2


def test_load_that_still_needs_every_instance_does_not_scale_in(scaled: Cloud) -> None:
    scaled.resize("stable", 3)
    scaled.send(per_minute=28, minutes=120)
    assert settle(scaled, 90) == 3
