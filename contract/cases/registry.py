"""Model packages: versions, approval, and what may be made of them."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from contract.case import Ground, case
from contract.scene import Scene, refusal_of


def _group(scene: Scene) -> str:
    name = scene.name("Group")
    try:
        scene.sagemaker.describe_model_package_group(ModelPackageGroupName=name)
    except ClientError:
        scene.sagemaker.create_model_package_group(ModelPackageGroupName=name, Tags=scene.tags)
    return name


def _version(scene: Scene, approval: str = "PendingManualApproval", **given: Any) -> str:
    answer = scene.sagemaker.create_model_package(
        ModelPackageGroupName=_group(scene),
        ModelApprovalStatus=approval,
        InferenceSpecification={
            "Containers": [scene.container()],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
        **given,
    )
    arn = str(answer["ModelPackageArn"])
    scene.until(
        "the version is complete",
        lambda: (
            scene.sagemaker.describe_model_package(ModelPackageName=arn)["ModelPackageStatus"] == "Completed"
        ),
    )
    return arn


def _make_model(scene: Scene, package: str, name: str) -> None:
    scene.sagemaker.create_model(
        ModelName=name,
        ExecutionRoleArn=scene.cloud.settings.role,
        Containers=[{"ModelPackageName": package}],
        Tags=scene.tags,
    )


@case("4", Ground.CONFIRMED)
def versions_are_numbered_under_their_group(scene: Scene) -> None:
    """The ARN of a version ends in group and number, the group in lower case, and ModelPackageVersion is that integer."""
    arn = _version(scene)
    seen = scene.sagemaker.describe_model_package(ModelPackageName=arn)
    assert isinstance(seen["ModelPackageVersion"], int)
    assert arn.endswith(f":model-package/{_group(scene).lower()}/{seen['ModelPackageVersion']}")


@case("4", Ground.RECALLED)
def an_unapproved_version_makes_no_model(scene: Scene) -> None:
    """CreateModel with a version that is not approved is refused with a ValidationException."""
    package = _version(scene)
    refusal = refusal_of(lambda: _make_model(scene, package, scene.name("early")))
    assert refusal.code == "ValidationException", refusal


@case("4", Ground.CONFIRMED)
def an_approved_version_makes_a_model(scene: Scene) -> None:
    """CreateModel takes the versioned ARN of an approved version and tells it again."""
    package, name = _version(scene, "Approved"), scene.name("approved")
    _make_model(scene, package, name)
    seen = scene.sagemaker.describe_model(ModelName=name)
    containers = seen.get("Containers") or [seen["PrimaryContainer"]]
    assert containers[0]["ModelPackageName"].lower() == package.lower()


@case("4", Ground.CONFIRMED)
def a_version_takes_no_tags(scene: Scene) -> None:
    """Tags cannot be set on a versioned package when it is made."""
    assert refusal_of(lambda: _version(scene, Tags=scene.tags)).code == "ValidationException"


@case("4", Ground.CONFIRMED)
def the_registry_remembers_who_changed_a_version(scene: Scene) -> None:
    """After UpdateModelPackage, LastModifiedBy names the caller, and what was noted beside the approval is there."""
    arn = _version(scene)
    noted = {"ticket": "M-12"}
    scene.sagemaker.update_model_package(
        ModelPackageArn=arn, ModelApprovalStatus="Rejected", CustomerMetadataProperties=noted
    )
    seen = scene.sagemaker.describe_model_package(ModelPackageName=arn)
    assert seen["ModelApprovalStatus"] == "Rejected"
    assert seen["CustomerMetadataProperties"] == noted
    assert seen["LastModifiedBy"]["IamIdentity"]["Arn"].startswith("arn:")


@case("4", Ground.CONFIRMED)
def the_newest_approved_version_is_listed_first(scene: Scene) -> None:
    """ListModelPackages by approval, sorted by creation time and descending, begins with the newest approved version."""
    _version(scene, "Approved")
    newest = _version(scene, "Approved")
    _version(scene)
    rows = scene.sagemaker.list_model_packages(
        ModelPackageGroupName=_group(scene),
        ModelApprovalStatus="Approved",
        SortBy="CreationTime",
        SortOrder="Descending",
    )["ModelPackageSummaryList"]
    assert rows[0]["ModelPackageArn"] == newest
    assert {row["ModelApprovalStatus"] for row in rows} == {"Approved"}


@case("4", Ground.RECALLED)
def versions_are_listed_by_the_arn_of_their_group(scene: Scene) -> None:
    """ListModelPackages takes the ARN of a group, in which its name is in lower case, where a name is asked for."""
    arn = _version(scene)
    group = scene.sagemaker.describe_model_package_group(ModelPackageGroupName=_group(scene))
    rows = scene.sagemaker.list_model_packages(ModelPackageGroupName=group["ModelPackageGroupArn"])
    assert group["ModelPackageGroupArn"].endswith(f":model-package-group/{_group(scene).lower()}")
    assert arn in {row["ModelPackageArn"] for row in rows["ModelPackageSummaryList"]}
