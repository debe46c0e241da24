"""What a test does to the cloud from outside: statuses that AWS sets by itself. Clients cannot do any of this."""

from __future__ import annotations

from twin.deployments import Deployments
from twin.weights import Weights

FORCIBLE = ("SystemUpdating", "Failed", "UpdateRollbackFailed", "InService")


def set_endpoint_status(
    deployments: Deployments, weights: Weights, name: str, status: str, reason: str
) -> None:
    """Force `status` on an endpoint, with a failure `reason` or ""; a change that is running ends without effect."""
    if status not in FORCIBLE:
        raise ValueError(f"{status} cannot be forced; one of {', '.join(FORCIBLE)} can")
    endpoint = weights.endpoints.get(name)
    deployments.drop_pending(endpoint)
    weights.revert(endpoint)
    endpoint.failure = reason or None
    weights.endpoints.enter(endpoint, status)
