"""The registry of another account: a world of its own, which lets in whom the policies of its groups name."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.twin.cloud import Cloud, refused
from twin.elsewhere import Elsewhere

ACCOUNT = "444455556666"
GROUP = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model-package-group/fraud-detector"
ARN = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model-package/fraud-detector/1"
ACTIONS = ("DescribeModelPackage", "ListModelPackages", "CreateModel")


def statement(**changes: Any) -> dict[str, Any]:
    usual = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": [f"sagemaker:{each}" for each in ACTIONS],
        "Resource": f"{ARN[:-1]}*",
    }
    return usual | changes


def put(there: Elsewhere, *statements: dict[str, Any]) -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    wish = {"ModelPackageGroupName": "fraud-detector", "ResourcePolicy": policy}
    there.call("PutModelPackageGroupPolicy", wish)


@pytest.fixture
def there(cloud: Cloud) -> Elsewhere:
    """One approved version, and nobody let in."""
    elsewhere = cloud.kernel.registry_of(ACCOUNT)
    elsewhere.call("CreateModelPackageGroup", {"ModelPackageGroupName": "fraud-detector"})
    wish = {"ModelPackageGroupName": "fraud-detector", "ModelApprovalStatus": "Approved"}
    elsewhere.call("CreateModelPackage", wish)
    return elsewhere


CALLS: dict[str, Callable[[Cloud], Any]] = {
    "DescribeModelPackage": lambda cloud: cloud.call("DescribeModelPackage", ModelPackageName=ARN),
    "ListModelPackages": lambda cloud: cloud.call("ListModelPackages", ModelPackageGroupName=GROUP),
    "CreateModel": lambda cloud: cloud.call(
        "CreateModel", ModelName="m", ExecutionRoleArn="r", PrimaryContainer={"ModelPackageName": ARN}
    ),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_without_a_policy_every_call_is_denied_and_says_which(
    cloud: Cloud, there: Elsewhere, action: str
) -> None:
    error = refused(lambda: CALLS[action](cloud))
    assert error.code == "AccessDeniedException"
    assert f"not authorized to perform: sagemaker:{action} on resource: arn:aws:sagemaker:" in error.message
    assert f":{ACCOUNT}:model-package/fraud-detector/" in error.message


@pytest.mark.parametrize("action", ACTIONS)
def test_what_the_policy_allows_is_answered_and_nothing_else(
    cloud: Cloud, there: Elsewhere, action: str
) -> None:
    put(there, statement(Action=f"sagemaker:{action}"))
    assert CALLS[action](cloud)
    for other in set(ACTIONS) - {action}:
        assert f"sagemaker:{other}" in refused(partial(CALLS[other], cloud)).message


@pytest.mark.parametrize(
    "wrong",
    [
        {"Effect": "Deny"},
        {"Principal": {"AWS": "arn:aws:iam::999988887777:root"}},
        {"Resource": f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model-package/another/*"},
        {"Resource": "arn:aws:sagemaker:us-east-1:111122223333:model-package/fraud-detector/*"},
    ],
)
def test_a_statement_of_something_else_lets_nobody_in(
    cloud: Cloud, there: Elsewhere, wrong: dict[str, Any]
) -> None:
    put(there, statement(**wrong))
    assert refused(lambda: CALLS["DescribeModelPackage"](cloud)).code == "AccessDeniedException"


def test_a_group_of_the_same_name_here_is_another_one(cloud: Cloud, there: Elsewhere) -> None:
    put(there, statement())
    ours = cloud.package()
    listed = CALLS["ListModelPackages"](cloud)["ModelPackageSummaryList"]
    assert [each["ModelPackageArn"] for each in listed] == [ARN] != [ours]
    assert CALLS["DescribeModelPackage"](cloud)["CreatedBy"]["IamIdentity"]["Arn"].split(":")[4] == ACCOUNT


def test_its_events_arrive_here_with_its_account_and_can_get_lost(cloud: Cloud, there: Elsewhere) -> None:
    cloud.pass_minutes(1)
    wish = {"ModelPackageArn": ARN, "ModelApprovalStatus": "Rejected"}
    there.call("UpdateModelPackage", wish)
    cloud.kernel.faults.lose_events(1)
    there.call("UpdateModelPackage", wish)
    cloud.pass_minutes(1)
    assert [(each["account"], each["resources"]) for each in cloud.events] == [(ACCOUNT, [ARN])] * 2


def test_a_policy_can_be_taken_away(cloud: Cloud, there: Elsewhere) -> None:
    put(there, statement())
    CALLS["DescribeModelPackage"](cloud)
    there.call("DeleteModelPackageGroupPolicy", {"ModelPackageGroupName": "fraud-detector"})
    assert refused(lambda: CALLS["DescribeModelPackage"](cloud)).code == "AccessDeniedException"
