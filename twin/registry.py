"""The model registry: versions of groups, packages outside of them, approval, and events. It knows nothing of endpoints."""

from __future__ import annotations

from typing import Any

from twin.errors import TwinError, absent, duplicate, invalid
from twin.events import iso
from twin.groups import Groups
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
    """Packages by lower-cased ARN: versions of a group, and those of a name of their own (facts 4)."""

    def __init__(self, world: World, groups: Groups) -> None:
        self._world = world
        self._groups = groups
        self._versions: dict[str, list[str]] = {}
        self._packages: dict[str, Params] = {}

    def create_package(self, params: Params) -> Params:
        """CreateModelPackage: the next version of a group or, with a name instead of a group, an unversioned package."""
        if ("ModelPackageGroupName" in params) == ("ModelPackageName" in params):
            raise invalid("Either ModelPackageName or ModelPackageGroupName must be specified.")
        package = self._version(params) if "ModelPackageGroupName" in params else self._unversioned(params)
        arn: str = package["ModelPackageArn"]
        self._world.tags.open(arn, params.get("Tags"))
        self._packages[arn.lower()] = package
        if "ModelPackageGroupName" in package:
            self._versions.setdefault(package["ModelPackageGroupName"], []).append(arn.lower())
        self._emit(package, ())
        return {"ModelPackageArn": arn}

    def _version(self, params: Params) -> Params:
        group = self._groups.known(params["ModelPackageGroupName"])
        if params.get("Tags"):
            raise invalid("Tags cannot be set on a versioned model package; it has those of its group.")
        version = len(self._versions.get(group, [])) + 1
        return {
            # The model demands a name and lets none hold a slash; what AWS puts here for a version is recalled.
            "ModelPackageName": group,
            "ModelPackageGroupName": group,
            "ModelPackageVersion": version,
            "ModelApprovalStatus": params.get("ModelApprovalStatus", "PendingManualApproval"),
            **self._new(self._world.arns.package(group, version), params),
        }

    def _unversioned(self, params: Params) -> Params:
        """Return a package outside a group, as the Marketplace sells them; approval does not apply to it."""
        name = checked(params["ModelPackageName"], "modelPackageName")
        arn = self._world.arns.unversioned(name)
        if self.find(arn) is not None:
            raise duplicate("model package", arn)
        return {"ModelPackageName": name, **self._new(arn, params)}

    def _new(self, arn: str, params: Params) -> Params:
        return {
            "ModelPackageArn": arn,
            "CreationTime": self._world.agenda.now,
            "CreatedBy": self._world.user(),
            "ModelPackageStatus": "Completed",
            "ModelPackageStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
            "CertifyForMarketplace": params.get("CertifyForMarketplace", False),
            **{member: copied(params[member]) for member in _GIVEN_AT_CREATION if member in params},
        }

    def find(self, name_or_arn: str) -> Params | None:
        """Return the package of an ARN, in any case, or of the name of an unversioned one; None if there is none."""
        is_arn = name_or_arn.startswith("arn:")
        return self._packages.get(
            name_or_arn.lower() if is_arn else self._world.arns.unversioned(name_or_arn)
        )

    def all(self) -> list[Params]:
        """Return every package as it is described."""
        return list(self._packages.values())

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
        package["LastModifiedBy"] = self._world.user()
        fields = [field for member, field in _UPDATABLE.items() if member in params]
        if "CustomerMetadataPropertiesToRemove" in params and "CustomerMetadataProperties" not in fields:
            fields.append("CustomerMetadataProperties")
        self._emit(package, fields)
        return {"ModelPackageArn": package["ModelPackageArn"]}

    def summaries(self, params: Params) -> list[Params]:
        """Return the rows of ListModelPackages: of one group, or of all; without either, those outside groups only."""
        kind = params.get("ModelPackageType", "Unversioned")
        if "ModelPackageGroupName" in params:
            group = self._groups.known(params["ModelPackageGroupName"])
            found = self._of_group(group)
        elif kind == "Both":
            found = self.all()
        else:
            wants_versions = kind == "Versioned"
            found = [each for each in self.all() if ("ModelPackageVersion" in each) == wants_versions]
        return [_summary(package) for package in found]

    def _of_group(self, group: str) -> list[Params]:
        return [self._packages[arn] for arn in self._versions.get(group, []) if arn in self._packages]

    def delete(self, params: Params) -> Params:
        """DeleteModelPackage; the number of a version is not given again."""
        arn: str = self._get(params["ModelPackageName"])["ModelPackageArn"]
        del self._packages[arn.lower()]
        self._world.tags.close(arn)
        return {}

    def delete_group(self, params: Params) -> Params:
        """DeleteModelPackageGroup; ConflictException while it has versions (the model has that error, the wording is recalled)."""
        group = self._groups.known(params["ModelPackageGroupName"])
        if self._of_group(group):
            raise TwinError(
                "ConflictException", f"Model Package Group {group} still contains Model Packages."
            )
        self._versions.pop(group, None)
        self._groups.remove(group)
        return {}

    def _emit(self, package: Params, updated: list[str] | tuple[str, ...]) -> None:
        arn = package["ModelPackageArn"]
        detail: Params = {
            "ModelPackageGroupName": package.get("ModelPackageGroupName"),
            "ModelPackageVersion": package.get("ModelPackageVersion"),
            "ModelPackageArn": arn,
            "CreationTime": iso(package["CreationTime"]),
            **{member: copied(package[member]) for member in _IN_EVENTS if member in package},
            "LastModifiedTime": iso(package["LastModifiedTime"] if updated else package["CreationTime"]),
        }
        if updated:
            detail["UpdatedModelPackageFields"] = list(updated)
        self._world.bus.emit("aws.sagemaker", "SageMaker Model Package State Change", arn, detail)


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
