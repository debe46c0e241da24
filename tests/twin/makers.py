"""What endpoints of unusual kinds are made of: variants, models, settings. It asserts nothing."""

from __future__ import annotations

from typing import Any

from tests.twin.cloud import Cloud, variant

ROLE = {"ExecutionRoleArn": "arn:aws:iam::111122223333:role/serving"}
ASYNC = {"AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": "s3://results"}}}
CAPTURE = {
    "EnableCapture": True,
    "InitialSamplingPercentage": 20,
    "DestinationS3Uri": "s3://captured",
    "CaptureOptions": [{"CaptureMode": "Input"}],
}


def serverless(name: str = "stable", model: str = "old") -> dict[str, Any]:
    size = {"MemorySizeInMB": 2048, "MaxConcurrency": 5}
    return {"VariantName": name, "ModelName": model, "ServerlessConfig": size}


def pooled(**given: Any) -> dict[str, Any]:
    """A variant on two pools, the second of them first in line."""
    pools = [{"InstanceType": "ml.g5.xlarge", "Priority": 2}, {"InstanceType": "ml.g6.xlarge", "Priority": 1}]
    return without(variant("stable", "old", 3), "InstanceType") | {"InstancePools": pools, **given}


def host(**given: Any) -> dict[str, Any]:
    """A variant for inference components."""
    return without(variant("stable", "old", 1), "ModelName") | given


def without(spec: dict[str, Any], *members: str) -> dict[str, Any]:
    return {member: value for member, value in spec.items() if member not in members}


def sold(cloud: Cloud) -> None:
    """The model "sold" of a package of the Marketplace."""
    arn = cloud.call("CreateModelPackage", ModelPackageName="sold")["ModelPackageArn"]
    container = {"ModelPackageName": arn}
    cloud.call("CreateModel", ModelName="sold", ExecutionRoleArn="role", PrimaryContainer=container)


def pipeline(cloud: Cloud, name: str = "pipeline", mode: str = "Serial") -> None:
    containers = [{"Image": "clean", "ContainerHostname": "a"}, {"Image": "score", "ContainerHostname": "b"}]
    execution = {"Mode": mode}
    cloud.call(
        "CreateModel",
        ModelName=name,
        ExecutionRoleArn="role",
        Containers=containers,
        InferenceExecutionConfig=execution,
    )


def many_models(cloud: Cloud) -> None:
    """The model "many", which serves several models from one container."""
    container = {"Image": "image", "Mode": "MultiModel", "ModelDataUrl": "s3://models/"}
    cloud.call("CreateModel", ModelName="many", ExecutionRoleArn="role", PrimaryContainer=container)
