"""SageMaker's answers to our neutral words. Pure; nothing is called here."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from pointsman.core.observed import Endpoint, Status, Variant
from pointsman.core.rollout import Approval
from pointsman.policy import Version
from pointsman.ports import Package

Json = dict[str, Any]

STATUSES = {
    "InService": Status.IN_SERVICE,
    "Failed": Status.FAILED,
    "UpdateRollbackFailed": Status.UPDATE_ROLLBACK_FAILED,
    "OutOfService": Status.FAILED,
}
"""Every other status means: wait (facts/aws.md, 2.1)."""

GROUP_VERSION = re.compile(r":model-package/[^/]+/[0-9]+$")
"""Where a version of a group differs from a package of the Marketplace."""


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
    """Why a weighted canary cannot serve an endpoint with this config, each with what would (facts/aws.md, 2.2 to 2.5)."""
    if config is None:
        return (
            "its endpoint config was deleted: SageMaker can neither scale nor patch it; update it to a new config",
        )
    found = []
    if config.get("ShadowProductionVariants"):
        found.append("it has a shadow variant: end the shadow test first")
    if config.get("AsyncInferenceConfig"):
        found.append("it is an asynchronous endpoint, which has no weighted requests: use blue/green")
    for variant in config["ProductionVariants"]:
        name = variant["VariantName"]
        if variant.get("ServerlessConfig"):
            found.append(f"variant {name} is serverless, which allows one variant only: use blue/green")
        elif not variant.get("ModelName"):
            found.append(f"variant {name} hosts inference components: roll the component itself")
        elif str(variant.get("InstanceType", "")).startswith("ml.inf1."):
            found.append(
                f"variant {name} runs on Inf1, which deployments exclude: move it to another instance type"
            )
        elif variant.get("InstancePools"):
            found.append(f"variant {name} uses instance pools: give it one instance type")
    return tuple(found)


def model_obstacles(name: str, model: Json) -> list[str]:
    """Why one version of a package cannot take the place of a model, from its DescribeModel answer; each with what would."""
    containers = _containers(model)
    package = package_of(model)
    found = []
    if len(containers) > 1:
        found.append(
            f"model {name} is an inference pipeline of {len(containers)} containers, and a version would replace them "
            f"all with its first one: serve the pipeline from one container, or use blue/green"
        )
    if any(each.get("Mode") == "MultiModel" for each in containers):
        found.append(
            f"model {name} hosts several models from one container: give each an endpoint of its own"
        )
    if package and not GROUP_VERSION.search(package):
        found.append(
            f"model {name} comes from {package}, which is no version of a group (Marketplace): deploy it with an UpdateEndpoint of your own"
        )
    return found


def package_of(model: Json) -> str:
    """ARN of the package that a DescribeModel answer was made from; empty where it was not."""
    return next(
        (str(each["ModelPackageName"]) for each in _containers(model) if each.get("ModelPackageName")), ""
    )


def _containers(model: Json) -> list[Json]:
    """SageMaker answers with a primary container or with a list of them."""
    primary = model.get("PrimaryContainer")
    return [*([primary] if primary else []), *(model.get("Containers") or [])]


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
