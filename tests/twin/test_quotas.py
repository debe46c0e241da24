"""Service quotas: shown as the ledger goes by them, many to page through, and few that concern endpoints."""

from __future__ import annotations

from typing import Any

import pytest

from tests.twin.cloud import Cloud, refused

IN_ACCOUNT = "Number of instances across active endpoints"
PER_ENDPOINT = "Maximum number of instances per endpoint"


def pages(cloud: Cloud, **asked: Any) -> list[list[dict[str, Any]]]:
    found = []
    more: dict[str, Any] = {}
    while True:
        question = {"ServiceCode": "sagemaker", **asked, **more}
        answer = cloud.kernel.call("service-quotas", "ListServiceQuotas", question)
        found.append(answer["Quotas"])
        if "NextToken" not in answer:
            return found
        more = {"NextToken": answer["NextToken"]}


def values(cloud: Cloud) -> dict[str, float]:
    return {quota["QuotaName"]: quota["Value"] for page in pages(cloud) for quota in page}


def test_quotas_come_a_hundred_to_a_page_each_with_a_code_of_its_own(cloud: Cloud) -> None:
    found = pages(cloud)
    codes = [quota["QuotaCode"] for page in found for quota in page]
    assert len(found) > 5
    assert {len(page) for page in found[:-1]} == {100}
    assert len(set(codes)) == len(codes)
    assert len(pages(cloud, MaxResults=10)[0]) == 10


def test_a_quota_is_shown_as_aws_shows_it(cloud: Cloud) -> None:
    [[shown]] = pages(cloud, QuotaCode="L-7A3DF611")
    assert shown == {
        "ServiceCode": "sagemaker",
        "ServiceName": "Amazon SageMaker",
        "QuotaArn": "arn:aws:servicequotas:us-east-1:111122223333:sagemaker/L-7A3DF611",
        "QuotaCode": "L-7A3DF611",
        "QuotaName": IN_ACCOUNT,
        "Value": 10_000.0,
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
        "QuotaAppliedAtLevel": "ACCOUNT",
    }


def test_a_type_has_the_quota_it_was_given_or_the_default(cloud: Cloud) -> None:
    cloud.kernel.quota["ml.g5.2xlarge"] = 3
    cloud.kernel.quota["ml.new.type"] = 2
    shown = values(cloud)
    assert shown["ml.g5.2xlarge for endpoint usage"] == 3.0
    assert shown["ml.new.type for endpoint usage"] == 2.0
    assert shown["ml.g5.xlarge for endpoint usage"] == 100.0
    assert shown["ml.g5.2xlarge for training job usage"] == 4.0


def test_totals_are_shown_as_set_and_are_no_instance_types(cloud: Cloud) -> None:
    cloud.kernel.quota[IN_ACCOUNT] = 20
    cloud.kernel.quota[PER_ENDPOINT] = 4
    shown = values(cloud)
    assert (shown[IN_ACCOUNT], shown[PER_ENDPOINT]) == (20.0, 4.0)
    assert f"{IN_ACCOUNT} for endpoint usage" not in shown


def test_one_quota_is_had_by_its_code(cloud: Cloud) -> None:
    asked = {"ServiceCode": "sagemaker", "QuotaCode": "L-1928E07B"}
    answer = cloud.kernel.call("service-quotas", "GetServiceQuota", asked)
    assert answer["Quota"]["QuotaName"] == "ml.g5.xlarge for endpoint usage"


@pytest.mark.parametrize(
    "asked", [{"ServiceCode": "sagemaker", "QuotaCode": "L-0"}, {"ServiceCode": "s3", "QuotaCode": "L-0"}]
)
def test_a_quota_that_does_not_exist_is_no_such_resource(cloud: Cloud, asked: dict[str, str]) -> None:
    error = refused(lambda: cloud.kernel.call("service-quotas", "GetServiceQuota", asked))
    assert error.code == "NoSuchResourceException"


def test_no_resource_has_a_quota_of_its_own(cloud: Cloud) -> None:
    assert pages(cloud, QuotaAppliedAtLevel="RESOURCE") == [[]]
