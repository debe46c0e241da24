"""The registry: versions, approval, who changed what, and the events that tell it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.twin.cloud import Cloud, refused

ARN = "arn:aws:sagemaker:us-east-1:111122223333:model-package/fraud-detector/1"
MARKET = "arn:aws:sagemaker:us-east-1:111122223333:model-package/sold"


def listed(cloud: Cloud, **asked: Any) -> list[str]:
    """ARNs of the first page."""
    answer = cloud.call("ListModelPackages", **asked)
    return [shown["ModelPackageArn"] for shown in answer["ModelPackageSummaryList"]]


def test_versions_count_up_within_their_group(cloud: Cloud) -> None:
    assert (cloud.package(), cloud.package()) == (ARN, ARN[:-1] + "2")


def test_a_version_waits_for_approval_unless_told_otherwise(cloud: Cloud) -> None:
    cloud.call("CreateModelPackageGroup", ModelPackageGroupName="fraud-detector")
    cloud.call("CreateModelPackage", ModelPackageGroupName="fraud-detector")
    shown = cloud.call("DescribeModelPackage", ModelPackageName=ARN)
    assert shown["ModelApprovalStatus"] == "PendingManualApproval"


def test_an_update_remembers_who_did_it(cloud: Cloud) -> None:
    arn = cloud.package("PendingManualApproval")
    cloud.kernel.identity = "arn:aws:sts::111122223333:assumed-role/Approver/mira"
    cloud.call("UpdateModelPackage", ModelPackageArn=arn, ModelApprovalStatus="Approved")
    shown = cloud.call("DescribeModelPackage", ModelPackageName=arn)
    assert shown["LastModifiedBy"]["IamIdentity"]["Arn"] == cloud.kernel.identity
    assert shown["CreatedBy"]["IamIdentity"]["Arn"] != cloud.kernel.identity


def test_a_created_version_sends_an_event_without_updated_fields(cloud: Cloud) -> None:
    cloud.package("PendingManualApproval")
    cloud.pass_minutes(1)
    [event] = cloud.events
    assert event["detail-type"] == "SageMaker Model Package State Change"
    assert event["resources"] == [ARN]
    assert "UpdatedModelPackageFields" not in event["detail"]


def test_an_approval_sends_an_event_in_the_documented_shape(cloud: Cloud) -> None:
    specification = {"Containers": [{"Image": "image"}], "SupportedContentTypes": ["application/json"]}
    arn = cloud.package("PendingManualApproval", InferenceSpecification=specification)
    cloud.pass_minutes(30)
    cloud.call(
        "UpdateModelPackage", ModelPackageArn=arn, ModelApprovalStatus="Approved", ApprovalDescription="fine"
    )
    cloud.pass_minutes(1)
    assert cloud.events[-1]["detail"] == {
        "ModelPackageGroupName": "fraud-detector",
        "ModelPackageVersion": 1,
        "ModelPackageArn": ARN,
        "CreationTime": "2026-11-20T14:00:00Z",
        "InferenceSpecification": specification,
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
        "CertifyForMarketplace": False,
        "ModelApprovalStatus": "Approved",
        "UpdatedModelPackageFields": ["ModelApprovalStatus", "ApprovalDescription"],
        "LastModifiedTime": "2026-11-20T14:30:00Z",
        "ApprovalDescription": "fine",
    }


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"CustomerMetadataProperties": {"deployed-to": "prod"}}, ["CustomerMetadataProperties"]),
        ({"CustomerMetadataPropertiesToRemove": ["deployed-to"]}, ["CustomerMetadataProperties"]),
        ({"ModelLifeCycle": {"Stage": "Staging", "StageStatus": "Approved"}}, ["ModelLifeCycle"]),
        ({"SourceUri": "s3://source"}, ["sourceUri"]),
    ],
)
def test_any_update_of_an_approved_version_says_approved_again_and_names_its_fields(
    cloud: Cloud, change: dict[str, object], fields: list[str]
) -> None:
    arn = cloud.package()
    cloud.call("UpdateModelPackage", ModelPackageArn=arn, **change)
    cloud.pass_minutes(1)
    detail = cloud.events[-1]["detail"]
    assert (detail["ModelApprovalStatus"], detail["UpdatedModelPackageFields"]) == ("Approved", fields)


def test_metadata_is_merged_and_removed_by_key_and_the_approval_stays(cloud: Cloud) -> None:
    arn = cloud.package(CustomerMetadataProperties={"a": "1", "b": "2"})
    cloud.call(
        "UpdateModelPackage",
        ModelPackageArn=arn,
        CustomerMetadataProperties={"c": "3"},
        CustomerMetadataPropertiesToRemove=["a"],
    )
    shown = cloud.call("DescribeModelPackage", ModelPackageName=arn)
    assert (shown["CustomerMetadataProperties"], shown["ModelApprovalStatus"]) == (
        {"b": "2", "c": "3"},
        "Approved",
    )


def test_packages_are_listed_in_order_of_their_making_unless_told_otherwise(cloud: Cloud) -> None:
    made = [cloud.package() for _ in range(10)]
    assert listed(cloud, ModelPackageGroupName="fraud-detector") == made
    assert listed(cloud, ModelPackageGroupName="fraud-detector", SortOrder="Descending") == made[::-1]


def test_packages_are_listed_by_approval(cloud: Cloud) -> None:
    first, _, third = cloud.package(), cloud.package("Rejected"), cloud.package()
    found = listed(cloud, ModelPackageGroupName="fraud-detector", ModelApprovalStatus="Approved")
    assert found == [first, third]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ({}, [MARKET]),
        ({"ModelPackageType": "Unversioned"}, [MARKET]),
        ({"ModelPackageType": "Versioned"}, [ARN]),
        ({"ModelPackageType": "Both"}, [ARN, MARKET]),
    ],
)
def test_without_a_group_those_outside_groups_are_listed_unless_a_type_is_named(
    cloud: Cloud, kind: dict[str, str], expected: list[str]
) -> None:
    cloud.package()
    cloud.pass_minutes(1)
    cloud.call("CreateModelPackage", ModelPackageName="Sold")
    assert listed(cloud, **kind) == expected


def test_a_package_outside_a_group_has_neither_version_nor_approval(cloud: Cloud) -> None:
    cloud.call("CreateModelPackage", ModelPackageName="Sold", Tags=[{"Key": "a", "Value": "b"}])
    shown = cloud.call("DescribeModelPackage", ModelPackageName="Sold")
    assert (shown["ModelPackageName"], shown["ModelPackageArn"]) == ("Sold", MARKET)
    assert not shown.keys() & {"ModelPackageGroupName", "ModelPackageVersion", "ModelApprovalStatus"}
    assert cloud.call("ListTags", ResourceArn=MARKET)["Tags"] == [{"Key": "a", "Value": "b"}]


def test_a_package_outside_a_group_makes_a_model_without_approval(cloud: Cloud) -> None:
    cloud.call("CreateModelPackage", ModelPackageName="Sold")
    container = {"ModelPackageName": MARKET}
    cloud.call("CreateModel", ModelName="m", ExecutionRoleArn="role", PrimaryContainer=container)
    assert cloud.call("DescribeModel", ModelName="m")["PrimaryContainer"] == container


@pytest.mark.parametrize("given", [{}, {"ModelPackageName": "a", "ModelPackageGroupName": "fraud-detector"}])
def test_a_package_has_either_a_group_or_a_name(cloud: Cloud, given: dict[str, str]) -> None:
    cloud.package()
    assert refused(lambda: cloud.call("CreateModelPackage", **given)).code == "ValidationException"


def test_the_name_of_a_package_outside_groups_can_be_taken_once(cloud: Cloud) -> None:
    cloud.call("CreateModelPackage", ModelPackageName="Sold")
    again = refused(lambda: cloud.call("CreateModelPackage", ModelPackageName="Sold"))
    assert again.message.startswith("Cannot create already existing model package")


@pytest.mark.parametrize(
    "name", ["Risk", "arn:aws:sagemaker:us-east-1:111122223333:model-package-group/risk"]
)
def test_a_group_is_described_by_name_or_arn(cloud: Cloud, name: str) -> None:
    cloud.call("CreateModelPackageGroup", ModelPackageGroupName="Risk", ModelPackageGroupDescription="scores")
    shown = cloud.call("DescribeModelPackageGroup", ModelPackageGroupName=name)
    assert shown == {
        "ModelPackageGroupName": "Risk",
        "ModelPackageGroupArn": "arn:aws:sagemaker:us-east-1:111122223333:model-package-group/risk",
        "ModelPackageGroupDescription": "scores",
        "CreationTime": cloud.kernel.now,
        "CreatedBy": shown["CreatedBy"],
        "ModelPackageGroupStatus": "Completed",
    }
    assert shown["CreatedBy"]["IamIdentity"]["Arn"] == cloud.kernel.identity


def test_what_is_not_there_could_not_be_found(cloud: Cloud) -> None:
    asked = [
        lambda: cloud.call("DescribeModelPackage", ModelPackageName=ARN),
        lambda: cloud.call("UpdateModelPackage", ModelPackageArn=ARN, ModelApprovalStatus="Approved"),
        lambda: cloud.call("CreateModelPackage", ModelPackageGroupName="nobody"),
        lambda: cloud.call("ListModelPackages", ModelPackageGroupName="nobody"),
        lambda: cloud.call("DescribeModelPackageGroup", ModelPackageGroupName="nobody"),
    ]
    assert all(refused(ask).message.startswith("Could not find model package") for ask in asked)


def test_a_group_name_can_be_taken_once(cloud: Cloud) -> None:
    cloud.call("CreateModelPackageGroup", ModelPackageGroupName="fraud-detector")
    again = refused(lambda: cloud.call("CreateModelPackageGroup", ModelPackageGroupName="fraud-detector"))
    assert again.message.startswith("Cannot create already existing")


def test_a_version_takes_no_tags_of_its_own(cloud: Cloud) -> None:
    assert refused(lambda: cloud.package(Tags=[{"Key": "a", "Value": "b"}])).code == "ValidationException"


def test_a_deleted_version_is_gone_and_its_number_is_not_given_again(cloud: Cloud) -> None:
    first = cloud.package()
    cloud.call("DeleteModelPackage", ModelPackageName=first)
    second = cloud.package()
    listed = cloud.call("ListModelPackages", ModelPackageGroupName="fraud-detector")
    assert [row["ModelPackageArn"] for row in listed["ModelPackageSummaryList"]] == [second]
    assert (first, second) == (f"{ARN[:-1]}1", f"{ARN[:-1]}2")
    assert (
        refused(lambda: cloud.call("DescribeModelPackage", ModelPackageName=first)).code
        == "ValidationException"
    )


def test_a_group_goes_when_it_is_empty(cloud: Cloud) -> None:
    package = cloud.package()
    drop = partial(cloud.call, "DeleteModelPackageGroup", ModelPackageGroupName="fraud-detector")
    assert refused(drop).code == "ConflictException"
    cloud.call("DeleteModelPackage", ModelPackageName=package)
    drop()
    assert cloud.call("ListModelPackageGroups")["ModelPackageGroupSummaryList"] == []
