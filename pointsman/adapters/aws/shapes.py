"""SageMaker's answers to our neutral words. Pure; nothing is called here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pointsman.adapters.aws.survey_traits import config_traits, model_traits, package_of
from pointsman.core.eligibility import obstacles
from pointsman.core.observed import Endpoint, Status, Variant
from pointsman.core.rollout import Approval
from pointsman.policy import Version
from pointsman.ports import Package

__all__ = ["endpoint_of", "model_obstacles", "obstacles_of", "package_of", "registered"]

Json = dict[str, Any]

STATUSES = {
    "InService": Status.IN_SERVICE,
    "Failed": Status.FAILED,
    "UpdateRollbackFailed": Status.UPDATE_ROLLBACK_FAILED,
    "OutOfService": Status.FAILED,
}
"""Every other status means: wait (facts/aws.md, 2.1)."""


def endpoint_of(live: Json, config: Json | None, packages: dict[str, str]) -> Endpoint:
    """DescribeEndpoint, with its DescribeEndpointConfig (None: deleted), as an Endpoint."""
    described = {each["VariantName"]: each for each in (config or {}).get("ProductionVariants", [])}
    variants = tuple(
        _variant(each, described.get(each["VariantName"], {}), packages)
        for each in live.get("ProductionVariants", [])
    )
    return Endpoint(
        status=STATUSES.get(str(live["EndpointStatus"]), Status.BUSY),
        config=str(live["EndpointConfigName"]),
        variants=variants,
        pending_config=str((live.get("PendingDeploymentSummary") or {}).get("EndpointConfigName", "")),
        failure_reason=str(live.get("FailureReason") or ""),
        obstacles=obstacles_of(config),
    )


def obstacles_of(config: Json | None) -> tuple[str, ...]:
    """Why a weighted canary cannot serve an endpoint with this config, each with what would (`core/matrix.py`)."""
    return obstacles(config_traits(config))


def model_obstacles(name: str, model: Json) -> list[str]:
    """Why one version of a package cannot take the place of a model, from its DescribeModel answer; each with what would."""
    return list(obstacles(model_traits(name, model)))


def registered(answer: Json) -> Package:
    """DescribeModelPackage as a Package."""
    status = answer.get("ModelApprovalStatus")
    moment: datetime = answer.get("LastModifiedTime") or answer["CreationTime"]
    who = ((answer.get("LastModifiedBy") or {}).get("IamIdentity") or {}).get("Arn", "")
    approval = Approval(
        Version(int(answer["ModelPackageVersion"])), str(answer["ModelPackageArn"]), moment, str(who)
    )
    group = str(answer.get("ModelPackageGroupName", ""))
    return Package(group, approval, is_approved=status == "Approved", is_rejected=status == "Rejected")


def _variant(live: Json, described: Json, packages: dict[str, str]) -> Variant:
    model = str(described.get("ModelName", ""))
    weight = live.get("CurrentWeight")
    return Variant(
        name=str(live["VariantName"]),
        model=model,
        package=packages.get(model, ""),
        instance_type=str(described.get("InstanceType", "")),
        current_count=int(live.get("CurrentInstanceCount") or 0),
        desired_count=int(live.get("DesiredInstanceCount") or 0),
        weight=float(weight) if weight is not None else 0.0,
    )
