"""Application Auto Scaling of an endpoint variant: is scale-in suspended, suspend it, resume it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.faults import mapped
from pointsman.policy import EndpointName

if TYPE_CHECKING:
    from mypy_boto3_application_autoscaling import ApplicationAutoScalingClient

NAMESPACE = "sagemaker"
DIMENSION = "sagemaker:variant:DesiredInstanceCount"


class AutoScaling:
    """Implements `ports.Scaling`."""

    def __init__(self, client: ApplicationAutoScalingClient) -> None:
        """Take a client."""
        self._client: Any = client

    def find_scale_in_suspended(self, endpoint: EndpointName, variant: str) -> bool | None:
        """DescribeScalableTargets of the one variant."""
        target = self._find_target(endpoint, variant)
        if target is None:
            return None
        return bool((target.get("SuspendedState") or {}).get("DynamicScalingInSuspended", False))

    def find_most(self, endpoint: EndpointName, variant: str) -> int | None:
        """The most instances that autoscaling may give the variant; None where nothing scales it."""
        target = self._find_target(endpoint, variant)
        return int(target["MaxCapacity"]) if target is not None else None

    def set_scale_in_suspended(self, endpoint: EndpointName, variant: str, *, suspended: bool) -> None:
        """RegisterScalableTarget with nothing but the suspended state, which leaves the rest as it is."""
        resource = _resource(endpoint, variant)
        with mapped(f"RegisterScalableTarget {resource}"):
            self._client.register_scalable_target(
                ServiceNamespace=NAMESPACE,
                ResourceId=resource,
                ScalableDimension=DIMENSION,
                SuspendedState={"DynamicScalingInSuspended": suspended},
            )

    def _find_target(self, endpoint: EndpointName, variant: str) -> dict[str, Any] | None:
        resource = _resource(endpoint, variant)
        with mapped(f"DescribeScalableTargets {resource}"):
            answer = self._client.describe_scalable_targets(
                ServiceNamespace=NAMESPACE, ResourceIds=[resource], ScalableDimension=DIMENSION
            )
        targets: list[dict[str, Any]] = answer["ScalableTargets"]
        return targets[0] if targets else None


def _resource(endpoint: EndpointName, variant: str) -> str:
    return f"endpoint/{endpoint}/variant/{variant}"
