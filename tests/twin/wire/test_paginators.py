"""botocore's own paginators walk the twin's lists to the end."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.twin.wire.serving import World, error_of


def _walked(client: Any, operation: str, answer: str, **asked: Any) -> list[list[dict[str, Any]]]:
    return [page[answer] for page in client.get_paginator(operation).paginate(**asked)]


@pytest.fixture
def full(world: World) -> World:
    """The world with 25 configurations, 25 alarms and 12 scalable policies more."""
    for number in range(25):
        world.config(f"spare-{number:02}", old=1.0)
        world.cloudwatch.put_metric_alarm(
            AlarmName=f"alarm-{number:02}",
            Namespace="AWS/SageMaker",
            MetricName="Invocations",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1.0,
            ComparisonOperator="GreaterThanThreshold",
        )
    return world


@pytest.mark.parametrize(
    ("operation", "answer", "sizes"),
    [
        ("list_endpoints", "Endpoints", [1]),
        ("list_endpoint_configs", "EndpointConfigs", [10, 10, 6]),
        ("list_models", "Models", [2]),
        ("list_model_package_groups", "ModelPackageGroupSummaryList", [1]),
        ("list_model_packages", "ModelPackageSummaryList", [0]),
    ],
)
def test_a_list_is_walked_in_pages_of_ten(full: World, operation: str, answer: str, sizes: list[int]) -> None:
    assert [len(page) for page in _walked(full.sagemaker, operation, answer)] == sizes


def test_versions_of_a_group_are_found_by_group(full: World) -> None:
    [page] = _walked(
        full.sagemaker, "list_model_packages", "ModelPackageSummaryList", ModelPackageGroupName="models"
    )
    assert [row["ModelPackageVersion"] for row in page] == [1, 2]


def test_endpoints_are_searched_by_tag(world: World) -> None:
    arn = world.describe()["EndpointArn"]
    world.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "team", "Value": "risk"}])
    asked = {"Filters": [{"Name": "Tags.team", "Operator": "Equals", "Value": "risk"}]}
    [page] = _walked(
        world.sagemaker, "search", "Results", Resource="Endpoint", SearchExpression=asked, MaxResults=1
    )
    assert page[0]["Endpoint"]["EndpointName"] == "e"
    assert page[0]["Endpoint"]["Tags"] == [{"Key": "team", "Value": "risk"}]


def test_alarms_are_walked_in_pages_of_the_size_asked_for(full: World) -> None:
    pages = _walked(full.cloudwatch, "describe_alarms", "MetricAlarms", PaginationConfig={"PageSize": 20})
    assert [len(page) for page in pages] == [20, 5]


def test_scaling_policies_come_ten_at_a_time(world: World) -> None:
    target = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": "endpoint/e/variant/old",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    world.autoscaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=4)
    metric = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
    for number in range(12):
        world.autoscaling.put_scaling_policy(
            **target,
            PolicyName=f"p-{number:02}",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration={
                "TargetValue": 70.0,
                "PredefinedMetricSpecification": metric,
            },
        )
    pages = _walked(
        world.autoscaling, "describe_scaling_policies", "ScalingPolicies", ServiceNamespace="sagemaker"
    )
    targets = _walked(
        world.autoscaling, "describe_scalable_targets", "ScalableTargets", ServiceNamespace="sagemaker"
    )
    assert ([len(page) for page in pages], [len(page) for page in targets]) == ([10, 2], [1])


def test_quotas_are_walked_to_the_one_that_is_looked_for(world: World) -> None:
    world.kernel.quota["ml.m5.large"] = 7
    pages = _walked(world.quotas, "list_service_quotas", "Quotas", ServiceCode="sagemaker")
    by_name = {quota["QuotaName"]: quota for page in pages for quota in page}
    found = by_name["ml.m5.large for endpoint usage"]
    assert {len(page) for page in pages[:-1]} == {100}
    assert len(pages) > 5
    assert found["Value"] == 7.0
    got = world.quotas.get_service_quota(ServiceCode="sagemaker", QuotaCode=found["QuotaCode"])
    assert got["Quota"] == found


def test_a_token_that_nobody_gave_out_is_refused_in_each_service_s_words(world: World) -> None:
    asked: list[tuple[Callable[[], Any], str]] = [
        (lambda: world.sagemaker.list_endpoints(NextToken="none"), "ValidationException"),
        (lambda: world.cloudwatch.describe_alarms(NextToken="none"), "InvalidNextToken"),
        (
            lambda: world.autoscaling.describe_scalable_targets(
                ServiceNamespace="sagemaker", NextToken="none"
            ),
            "InvalidNextTokenException",
        ),
        (
            lambda: world.quotas.list_service_quotas(ServiceCode="sagemaker", NextToken="none"),
            "InvalidPaginationTokenException",
        ),
    ]
    for ask, code in asked:
        with pytest.raises(ClientError) as error:
            ask()
        assert error_of(error)[0] == code
