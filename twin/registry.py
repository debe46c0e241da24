"""The model registry: package groups, versions, approval, and their events. It knows nothing of endpoints."""

from __future__ import annotations

from typing import Any

from twin.errors import absent, duplicate, invalid, unsupported
from twin.events import iso
from twin.names import checked
from twin.plain import copied
from twin.world import World

Params = dict[str, Any]

_GIVEN_AT_CREATION = [
    "ModelPackageDescription",
    "ModelPackageRegistrationType",
    "InferenceSpecification",
    "ValidationSpecification",
    "SourceAlgorithmSpecification",
    "MetadataProperties",
    "ModelMetrics",
    "Domain",
    "Task",
    "SamplePayloadUrl",
    "CustomerMetadataProperties",
    "DriftCheckBaselines",
    "AdditionalInferenceSpecifications",
    "SkipModelValidation",
    "SourceUri",
    "SecurityConfig",
    "ModelCard",
    "ModelLifeCycle",
    "ManagedStorageType",
]
# The names UpdatedModelPackageFields uses; "sourceUri" is spelled so in the developer guide (facts 1.3).
_UPDATABLE = {
    "ModelLifeCycle": "ModelLifeCycle",
    "ModelApprovalStatus": "ModelApprovalStatus",
    "ApprovalDescription": "ApprovalDescription",
    "SourceUri": "sourceUri",
    "CustomerMetadataProperties": "CustomerMetadataProperties",
    "InferenceSpecification": "InferenceSpecification",
}
_IN_EVENTS = [
    "InferenceSpecification",
    "ModelPackageStatus",
    "ModelPackageStatusDetails",
    "CertifyForMarketplace",
    "ModelApprovalStatus",
    "MetadataProperties",
    "ModelMetrics",
    "ModelLifeCycle",
    "ApprovalDescription",
    "CustomerMetadataProperties",
]


class Registry:
    """Groups by name, versions by lower-cased ARN."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._groups: dict[str, list[str]] = {}
        self._packages: dict[str, Params] = {}

    def create_group(self, params: Params) -> Params:
        """CreateModelPackageGroup."""
        name = checked(params["ModelPackageGroupName"], "modelPackageGroupName")
        arn = self._world.arns.group(name)
        if name in self._groups:
            raise duplicate("model package group", arn)
        self._groups[name] = []
        self._world.tags.open(arn, params.get("Tags"))
        return {"ModelPackageGroupArn": arn}

    def create_package(self, params: Params) -> Params:
        """CreateModelPackage: the next version of a group; versions without a group are not simulated."""
        group = params.get("ModelPackageGroupName", "").rpartition("/")[2]
        if not group:
            raise unsupported("model packages outside a group")
        if group not in self._groups:
            raise absent("model package group", self._world.arns.group(group))
        if params.get("Tags"):
            raise invalid("Tags cannot be set on a versioned model package; it has those of its group.")
        package = self._new_package(group, params)
        self._groups[group].append(package["ModelPackageArn"])
        self._packages[package["ModelPackageArn"].lower()] = package
        self._world.tags.open(package["ModelPackageArn"], None)
        self._emit(package, ())
        return {"ModelPackageArn": package["ModelPackageArn"]}

    def _new_package(self, group: str, params: Params) -> Params:
        version = len(self._groups[group]) + 1
        arn = self._world.arns.package(group, version)
        return {
            "ModelPackageName": f"{group}/{version}",
            "ModelPackageGroupName": group,
            "ModelPackageVersion": version,
            "ModelPackageArn": arn,
            "CreationTime": self._world.agenda.now,
            "CreatedBy": self._user(),
            "ModelPackageStatus": "Completed",
            "ModelPackageStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
            "CertifyForMarketplace": params.get("CertifyForMarketplace", False),
            "ModelApprovalStatus": params.get("ModelApprovalStatus", "PendingManualApproval"),
            **{member: copied(params[member]) for member in _GIVEN_AT_CREATION if member in params},
        }

    def _user(self) -> Params:
        arn = self._world.identity
        return {"IamIdentity": {"Arn": arn, "PrincipalId": "AROAEXAMPLEID:" + arn.rpartition("/")[2]}}

    def find(self, name_or_arn: str) -> Params | None:
        """Return the package of an ARN, in any case, or None."""
        return self._packages.get(name_or_arn.lower())

    def _get(self, arn: str) -> Params:
        package = self.find(arn)
        if package is None:
            raise absent("model package", arn)
        return package

    def describe(self, params: Params) -> Params:
        """DescribeModelPackage."""
        answer: Params = copied(self._get(params["ModelPackageName"]))
        return answer

    def update(self, params: Params) -> Params:
        """UpdateModelPackage: change what is given, remember who did, and send an event that names the fields."""
        package = self._get(params["ModelPackageArn"])
        metadata = package.get("CustomerMetadataProperties", {}) | params.get(
            "CustomerMetadataProperties", {}
        )
        for key in params.get("CustomerMetadataPropertiesToRemove", []):
            metadata.pop(key, None)
        for member in _UPDATABLE:
            if member in params:
                package[member] = copied(params[member])
        if "CustomerMetadataProperties" in params or "CustomerMetadataPropertiesToRemove" in params:
            package["CustomerMetadataProperties"] = metadata
        package["LastModifiedTime"] = self._world.agenda.now
        package["LastModifiedBy"] = self._user()
        fields = [field for member, field in _UPDATABLE.items() if member in params]
        if "CustomerMetadataPropertiesToRemove" in params and "CustomerMetadataProperties" not in fields:
            fields.append("CustomerMetadataProperties")
        self._emit(package, fields)
        return {"ModelPackageArn": package["ModelPackageArn"]}

    def listed(self, params: Params) -> Params:
        """ListModelPackages of one group, by approval if asked, newest first unless Ascending; one page."""
        group = params["ModelPackageGroupName"].rpartition("/")[2]
        if group not in self._groups:
            raise absent("model package group", self._world.arns.group(group))
        found = [self._packages[arn.lower()] for arn in self._groups[group]]
        wanted = params.get("ModelApprovalStatus")
        if params.get("SortOrder", "Descending") == "Descending":
            found.reverse()
        return {
            "ModelPackageSummaryList": [_summary(package) for package in found if _is_wanted(package, wanted)]
        }

    def _emit(self, package: Params, updated: list[str] | tuple[str, ...]) -> None:
        arn = package["ModelPackageArn"]
        detail: Params = {
            "ModelPackageGroupName": package["ModelPackageGroupName"],
            "ModelPackageVersion": package["ModelPackageVersion"],
            "ModelPackageArn": arn,
            "CreationTime": iso(package["CreationTime"]),
            **{member: copied(package[member]) for member in _IN_EVENTS if member in package},
            "LastModifiedTime": iso(package["LastModifiedTime"] if updated else package["CreationTime"]),
        }
        if updated:
            detail["UpdatedModelPackageFields"] = list(updated)
        self._world.bus.emit("aws.sagemaker", "SageMaker Model Package State Change", arn, detail)


def _is_wanted(package: Params, approval: str | None) -> bool:
    return approval is None or package["ModelApprovalStatus"] == approval


def _summary(package: Params) -> Params:
    members = [
        "ModelPackageName",
        "ModelPackageGroupName",
        "ModelPackageVersion",
        "ModelPackageArn",
        "ModelPackageDescription",
        "CreationTime",
        "ModelPackageStatus",
        "ModelApprovalStatus",
        "ModelLifeCycle",
        "ModelPackageRegistrationType",
    ]
    return {member: copied(package[member]) for member in members if member in package}
