"""Models: only approved versions become one, and nothing that was given is lost."""

from __future__ import annotations

import pytest

from tests.twin.cloud import Cloud, refused

GIVEN = {
    "ModelName": "Guarded",
    "ExecutionRoleArn": "arn:aws:iam::111122223333:role/Execution",
    "PrimaryContainer": {"Image": "image", "Environment": {"LEVEL": "info"}},
    "VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]},
    "EnableNetworkIsolation": True,
}


@pytest.mark.parametrize("approval", ["PendingManualApproval", "Rejected"])
@pytest.mark.parametrize("several", [True, False])
def test_an_unapproved_version_becomes_no_model(cloud: Cloud, approval: str, *, several: bool) -> None:
    container = {"ModelPackageName": cloud.package(approval)}
    given = {"Containers": [container]} if several else {"PrimaryContainer": container}
    error = refused(lambda: cloud.call("CreateModel", ModelName="m", ExecutionRoleArn="role", **given))
    assert error.code == "ValidationException"
    assert approval in error.message


def test_an_approved_version_becomes_a_model(cloud: Cloud) -> None:
    container = {"ModelPackageName": cloud.package()}
    answer = cloud.call("CreateModel", ModelName="M-1", ExecutionRoleArn="role", Containers=[container])
    assert answer["ModelArn"] == "arn:aws:sagemaker:us-east-1:111122223333:model/m-1"


def test_an_unknown_package_becomes_no_model(cloud: Cloud) -> None:
    container = {"ModelPackageName": "arn:aws:sagemaker:us-east-1:111122223333:model-package/none/1"}
    error = refused(
        lambda: cloud.call("CreateModel", ModelName="m", ExecutionRoleArn="role", Containers=[container])
    )
    assert error.message.startswith("Could not find model package")


def test_describe_returns_everything_but_tags(cloud: Cloud) -> None:
    cloud.call("CreateModel", **GIVEN, Tags=[{"Key": "team", "Value": "risk"}])
    shown = cloud.call("DescribeModel", ModelName="Guarded")
    assert shown.items() >= GIVEN.items()
    assert "Tags" not in shown


def test_a_model_name_can_be_taken_once(cloud: Cloud) -> None:
    cloud.call("CreateModel", **GIVEN)
    assert refused(lambda: cloud.call("CreateModel", **GIVEN)).message == (
        'Cannot create already existing model "arn:aws:sagemaker:us-east-1:111122223333:model/guarded".'
    )


def test_a_deleted_model_could_not_be_found(cloud: Cloud) -> None:
    cloud.call("CreateModel", **GIVEN)
    cloud.call("DeleteModel", ModelName="Guarded")
    error = refused(lambda: cloud.call("DescribeModel", ModelName="Guarded"))
    assert error.message.startswith("Could not find model ")


@pytest.mark.parametrize("name", ["with_underscore", "trailing-", "dotted.name", "x" * 64, ""])
def test_a_name_that_aws_refuses_is_refused(cloud: Cloud, name: str) -> None:
    error = refused(lambda: cloud.call("CreateModel", **GIVEN | {"ModelName": name}))
    assert "failed to satisfy constraint" in error.message


def test_a_deleted_model_has_no_tags(cloud: Cloud) -> None:
    arn = cloud.call("CreateModel", **GIVEN)["ModelArn"]
    cloud.call("DeleteModel", ModelName="Guarded")
    assert refused(lambda: cloud.call("ListTags", ResourceArn=arn)).code == "ValidationException"
