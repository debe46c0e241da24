"""Application Auto Scaling of variants: targets, suspension, and what a target forbids."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from contract.case import Ground, Need, case
from contract.scene import Scene, refusal_of

_NAMED = {"ServiceNamespace": "sagemaker", "ScalableDimension": "sagemaker:variant:DesiredInstanceCount"}


@contextmanager
def _target(scene: Scene) -> Iterator[dict[str, Any]]:
    """The variant "stable" of the shared endpoint as a scalable target, for as long as the case runs."""
    target = {**_NAMED, "ResourceId": f"endpoint/{scene.endpoint()}/variant/stable"}
    scene.autoscaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=1)
    try:
        yield target
    finally:
        scene.autoscaling.deregister_scalable_target(**target)


def _seen(scene: Scene, target: dict[str, Any]) -> dict[str, Any]:
    (found,) = scene.autoscaling.describe_scalable_targets(
        ServiceNamespace="sagemaker", ResourceIds=[target["ResourceId"]]
    )["ScalableTargets"]
    return dict(found)


@case("2.4", Ground.RECALLED, Need.ENDPOINT)
def a_suspension_is_merged(scene: Scene) -> None:
    """SuspendedState of a later RegisterScalableTarget changes what it names; the rest and the capacities stay."""
    with _target(scene) as target:
        register = scene.autoscaling.register_scalable_target
        register(**target, SuspendedState={"DynamicScalingInSuspended": True})
        register(**target, SuspendedState={"DynamicScalingOutSuspended": True})
        seen = _seen(scene, target)
    assert seen["SuspendedState"]["DynamicScalingInSuspended"] is True
    assert seen["SuspendedState"]["DynamicScalingOutSuspended"] is True
    assert (seen["MinCapacity"], seen["MaxCapacity"]) == (1, 1)


@case("2.4", Ground.CONFIRMED, Need.ENDPOINT)
def a_target_keeps_its_instance_type(scene: Scene) -> None:
    """UpdateEndpoint fails if it changes the instance type of a variant that is a scalable target."""
    other = scene.variant("stable", InstanceType=scene.cloud.settings.other_instance_type)
    config = scene.config(other, scene.variant("candidate"))
    with _target(scene):
        refusal = refusal_of(
            scene.sagemaker.update_endpoint, EndpointName=scene.endpoint(), EndpointConfigName=config
        )
    assert refusal.code == "ValidationException"


@case("2.4", Ground.CONFIRMED, Need.ENDPOINT)
def a_target_is_not_removed(scene: Scene) -> None:
    """UpdateEndpoint fails if it removes a variant that is a scalable target."""
    config = scene.config(scene.variant("candidate"))
    with _target(scene):
        refusal = refusal_of(
            scene.sagemaker.update_endpoint, EndpointName=scene.endpoint(), EndpointConfigName=config
        )
    assert refusal.code == "ValidationException"


@case("2.4", Ground.RECALLED)
def an_unknown_target_is_not_found(scene: Scene) -> None:
    """Deregistering what is no target is an ObjectNotFoundException."""
    refusal = refusal_of(
        scene.autoscaling.deregister_scalable_target,
        **_NAMED,
        ResourceId=f"endpoint/{scene.name('absent')}/variant/stable",
    )
    assert refusal.code == "ObjectNotFoundException"
