"""Scalable targets and policies: registered, merged, described, and gone again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.twin.cloud import ENDPOINT, Cloud, refused

TARGET = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": f"endpoint/{ENDPOINT}/variant/stable",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
TRACKING = {
    "TargetValue": 10.0,
    "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
}


def register(cloud: Cloud, **given: Any) -> None:
    cloud.scale("RegisterScalableTarget", **TARGET, **{"MinCapacity": 1, "MaxCapacity": 4} | given)


def put_policy(cloud: Cloud, name: str = "load", **given: Any) -> dict[str, Any]:
    tracking = {"TargetTrackingScalingPolicyConfiguration": TRACKING}
    ask = {"PolicyName": name, "PolicyType": "TargetTrackingScaling", **tracking}
    return cloud.scale("PutScalingPolicy", **TARGET, **ask | given)


def targets(cloud: Cloud, **given: Any) -> list[dict[str, Any]]:
    answer = cloud.scale("DescribeScalableTargets", ServiceNamespace="sagemaker", **given)
    return list(answer["ScalableTargets"])


def test_a_registered_target_is_described(live: Cloud) -> None:
    register(live)
    [shown] = targets(live)
    assert shown.items() >= (TARGET | {"MinCapacity": 1, "MaxCapacity": 4}).items()
    assert targets(live, ResourceIds=["endpoint/other/variant/stable"]) == []


def test_registering_again_changes_only_what_is_given(live: Cloud) -> None:
    register(live)
    live.scale("RegisterScalableTarget", **TARGET, MaxCapacity=6)
    [shown] = targets(live)
    assert (shown["MinCapacity"], shown["MaxCapacity"]) == (1, 6)


def test_suspensions_are_merged(live: Cloud) -> None:
    register(live, SuspendedState={"DynamicScalingInSuspended": True})
    register(live, SuspendedState={"DynamicScalingOutSuspended": True})
    register(live)
    [shown] = targets(live)
    assert shown["SuspendedState"] == {
        "DynamicScalingInSuspended": True,
        "DynamicScalingOutSuspended": True,
        "ScheduledScalingSuspended": False,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"ResourceId": f"endpoint/{ENDPOINT}/variant/nobody"},
        {"ResourceId": "endpoint/nobody/variant/stable"},
        {"ResourceId": "stable"},
        {"ScalableDimension": "ecs:service:DesiredCount"},
    ],
)
def test_a_target_that_is_not_there_cannot_be_registered(live: Cloud, wrong: dict[str, str]) -> None:
    ask = TARGET | wrong | {"MinCapacity": 1, "MaxCapacity": 4}
    assert refused(lambda: live.scale("RegisterScalableTarget", **ask)).code == "ValidationException"


def test_a_minimum_above_the_maximum_is_refused_and_changes_nothing(live: Cloud) -> None:
    register(live)
    assert refused(lambda: register(live, MinCapacity=5)).code == "ValidationException"
    assert targets(live)[0]["MinCapacity"] == 1


def test_a_deregistered_target_is_gone_with_its_policies(live: Cloud) -> None:
    register(live)
    put_policy(live)
    live.scale("DeregisterScalableTarget", **TARGET)
    assert targets(live) == []
    assert live.scale("DescribeScalingPolicies", ServiceNamespace="sagemaker")["ScalingPolicies"] == []
    assert refused(lambda: live.scale("DeregisterScalableTarget", **TARGET)).code == "ObjectNotFoundException"


def test_a_policy_needs_a_target(live: Cloud) -> None:
    assert refused(lambda: put_policy(live)).code == "ObjectNotFoundException"


def test_a_policy_is_described_and_keeps_its_arn_when_it_is_put_again(live: Cloud) -> None:
    register(live)
    first = put_policy(live)["PolicyARN"]
    changed = TRACKING | {"TargetValue": 20.0}
    assert put_policy(live, TargetTrackingScalingPolicyConfiguration=changed)["PolicyARN"] == first
    ask = {"ServiceNamespace": "sagemaker", "ResourceId": TARGET["ResourceId"]}
    [shown] = live.scale("DescribeScalingPolicies", **ask)["ScalingPolicies"]
    assert shown["TargetTrackingScalingPolicyConfiguration"] == changed


def test_a_deleted_policy_is_gone(live: Cloud) -> None:
    register(live)
    put_policy(live)
    live.scale("DeleteScalingPolicy", **TARGET, PolicyName="load")
    assert live.scale("DescribeScalingPolicies", ServiceNamespace="sagemaker")["ScalingPolicies"] == []
    gone = refused(lambda: live.scale("DeleteScalingPolicy", **TARGET, PolicyName="load"))
    assert gone.code == "ObjectNotFoundException"


def test_other_kinds_of_policy_are_refused(live: Cloud) -> None:
    register(live)
    assert refused(lambda: put_policy(live, PolicyType="StepScaling")).code == "ValidationException"
