"""Endpoint configurations: complete, immutable, and only of models that exist."""

from __future__ import annotations

from typing import Any

import pytest

from tests.twin.cloud import Cloud, refused, variant

GIVEN: dict[str, Any] = {
    "KmsKeyId": "key",
    "DataCaptureConfig": {"EnableCapture": True, "InitialSamplingPercentage": 10},
    "VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]},
    "EnableNetworkIsolation": True,
    "MetricsConfig": {"EnableEnhancedMetrics": True},
    "ExecutionRoleArn": "role",
}


def test_describe_returns_everything_but_tags(cloud: Cloud) -> None:
    cloud.config("C-1", variant("stable", "old"), **GIVEN, Tags=[{"Key": "team", "Value": "risk"}])
    shown = cloud.call("DescribeEndpointConfig", EndpointConfigName="C-1")
    assert shown.items() >= GIVEN.items()
    assert shown["ProductionVariants"] == [variant("stable", "old")]
    assert shown["EndpointConfigArn"].endswith("endpoint-config/c-1")
    assert "Tags" not in shown


def test_a_weight_that_is_not_given_is_one(cloud: Cloud) -> None:
    plain = variant("stable", "old")
    del plain["InitialVariantWeight"]
    cloud.config("first", plain)
    shown = cloud.call("DescribeEndpointConfig", EndpointConfigName="first")
    assert shown["ProductionVariants"][0]["InitialVariantWeight"] == 1.0


def test_an_answer_is_a_copy(cloud: Cloud) -> None:
    cloud.config("first", variant("stable", "old"))
    cloud.call("DescribeEndpointConfig", EndpointConfigName="first")["ProductionVariants"].clear()
    assert cloud.call("DescribeEndpointConfig", EndpointConfigName="first")["ProductionVariants"]


@pytest.mark.parametrize(
    "variants",
    [
        pytest.param([variant("stable", "old", weight=0.0)], id="all weights zero"),
        pytest.param([variant("stable", "old"), variant("stable", "new")], id="a name twice"),
        pytest.param([variant("stable", "old", count=0)], id="no instances"),
        pytest.param([variant("stable", "nobody")], id="an unknown model"),
        pytest.param([variant("under_score", "old")], id="a wrong name"),
        pytest.param([], id="no variants"),
        pytest.param([variant(f"v{number}", "old") for number in range(11)], id="too many variants"),
    ],
)
def test_a_wrong_configuration_is_refused(cloud: Cloud, variants: list[dict[str, Any]]) -> None:
    assert refused(lambda: cloud.config("first", *variants)).code == "ValidationException"


def test_a_configuration_name_can_be_taken_once(cloud: Cloud) -> None:
    cloud.config("first", variant("stable", "old"))
    error = refused(lambda: cloud.config("first", variant("stable", "old")))
    assert error.message.startswith('Cannot create already existing endpoint configuration "arn:')


def test_a_deleted_configuration_could_not_be_found(cloud: Cloud) -> None:
    cloud.config("first", variant("stable", "old"))
    cloud.call("DeleteEndpointConfig", EndpointConfigName="first")
    error = refused(lambda: cloud.call("DescribeEndpointConfig", EndpointConfigName="first"))
    assert error.message.startswith('Could not find endpoint configuration "arn:')
