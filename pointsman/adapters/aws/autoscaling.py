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
        resource = _resource(endpoint, variant)
        with mapped(f"DescribeScalableTargets {resource}"):
            answer = self._client.describe_scalable_targets(
                ServiceNamespace=NAMESPACE, ResourceIds=[resource], ScalableDimension=DIMENSION
            )
        targets = answer["ScalableTargets"]
        if not targets:
            return None
        return bool((targets[0].get("SuspendedState") or {}).get("DynamicScalingInSuspended", False))

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


def _resource(endpoint: EndpointName, variant: str) -> str:
    return f"endpoint/{endpoint}/variant/{variant}"
