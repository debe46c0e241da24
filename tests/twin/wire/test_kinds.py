"""Endpoints of every kind through real clients: what they send is taken, and what they read back is theirs."""

from datetime import timedelta
from typing import Any

import pytest

from tests.twin.wire.serving import IMAGE, ROLE, World

INSTANCES = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
STABLE = {"VariantName": "v", "ModelName": "old", **INSTANCES}
SERVERLESS = {"MemorySizeInMB": 2048, "MaxConcurrency": 5}
POOLS = [{"InstanceType": "ml.g5.xlarge", "Priority": 1}, {"InstanceType": "ml.g6.xlarge", "Priority": 2}]
SCALING = {"Status": "ENABLED", "MinInstanceCount": 0, "MaxInstanceCount": 4}
KINDS: dict[str, dict[str, Any]] = {
    "serverless": {
        "ProductionVariants": [{"VariantName": "v", "ModelName": "old", "ServerlessConfig": SERVERLESS}]
    },
    "pools": {
        "ProductionVariants": [
            {"VariantName": "v", "ModelName": "old", "InitialInstanceCount": 1, "InstancePools": POOLS}
        ]
    },
    "shadow": {
        "ProductionVariants": [STABLE],
        "ShadowProductionVariants": [{**STABLE, "VariantName": "copy", "ModelName": "new"}],
    },
    "asynchronous": {
        "ProductionVariants": [STABLE],
        "AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": "s3://results/out"}},
    },
    "captured": {
        "ProductionVariants": [STABLE],
        "DataCaptureConfig": {
            "EnableCapture": True,
            "InitialSamplingPercentage": 20,
            "DestinationS3Uri": "s3://captured/in",
            "CaptureOptions": [{"CaptureMode": "Input"}],
        },
    },
    "components": {
        "ProductionVariants": [{"VariantName": "v", "ManagedInstanceScaling": SCALING, **INSTANCES}],
        "ExecutionRoleArn": ROLE,
    },
}


def _serving(world: World, kind: str) -> dict[str, Any]:
    world.sagemaker.create_endpoint_config(EndpointConfigName=kind, **KINDS[kind])
    world.sagemaker.create_endpoint(EndpointName=kind, EndpointConfigName=kind)
    world.kernel.advance(timedelta(minutes=10))
    answer: dict[str, Any] = world.sagemaker.describe_endpoint(EndpointName=kind)
    return answer


@pytest.mark.parametrize(
    ("kind", "member", "expected"),
    [
        ("serverless", "CurrentServerlessConfig", SERVERLESS),
        (
            "pools",
            "InstancePools",
            [
                {"InstanceType": "ml.g5.xlarge", "CurrentInstanceCount": 1},
                {"InstanceType": "ml.g6.xlarge", "CurrentInstanceCount": 0},
            ],
        ),
        ("components", "ManagedInstanceScaling", SCALING),
    ],
)
def test_a_kind_shows_in_its_variant(world: World, kind: str, member: str, expected: Any) -> None:
    assert _serving(world, kind)["ProductionVariants"][0][member] == expected


def test_a_kind_shows_in_its_endpoint(world: World) -> None:
    assert _serving(world, "shadow")["ShadowProductionVariants"][0]["CurrentInstanceCount"] == 1
    assert _serving(world, "asynchronous")["AsyncInferenceConfig"]["OutputConfig"]
    assert _serving(world, "captured")["DataCaptureConfig"]["CurrentSamplingPercentage"] == 20


def test_a_component_is_created_described_listed_and_deleted(world: World) -> None:
    _serving(world, "components")
    world.sagemaker.create_inference_component(
        InferenceComponentName="llm",
        EndpointName="components",
        VariantName="v",
        Specification={
            "Container": {"Image": IMAGE, "Environment": {"A": "b"}},
            "ComputeResourceRequirements": {"MinMemoryRequiredInMb": 1024},
        },
        RuntimeConfig={"CopyCount": 1},
    )
    world.kernel.advance(timedelta(minutes=5))

    seen = world.sagemaker.describe_inference_component(InferenceComponentName="llm")
    [row] = world.sagemaker.list_inference_components(EndpointNameEquals="components")["InferenceComponents"]
    world.sagemaker.delete_inference_component(InferenceComponentName="llm")
    world.kernel.advance(timedelta(minutes=1))

    assert (seen["InferenceComponentStatus"], seen["RuntimeConfig"]["CurrentCopyCount"]) == ("InService", 1)
    assert seen["Specification"]["Container"]["DeployedImage"] == {"SpecifiedImage": IMAGE}
    assert row["InferenceComponentArn"] == seen["InferenceComponentArn"]
    assert world.sagemaker.list_inference_components()["InferenceComponents"] == []


def test_a_package_outside_a_group_is_sold_and_served(world: World) -> None:
    arn = world.sagemaker.create_model_package(
        ModelPackageName="sold",
        InferenceSpecification={"Containers": [{"Image": IMAGE}], "SupportedContentTypes": ["text/csv"]},
    )["ModelPackageArn"]
    world.sagemaker.create_model(
        ModelName="sold", ExecutionRoleArn=ROLE, PrimaryContainer={"ModelPackageName": arn}
    )
    assert "ModelPackageVersion" not in world.sagemaker.describe_model_package(ModelPackageName=arn)
    assert arn.endswith(":model-package/sold")
