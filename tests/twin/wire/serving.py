"""A real kernel behind real boto3 clients, and the shortest way to an endpoint that serves."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from twin.kernel import Kernel
from twin.traffic import Profile
from twin.wire.world import Wire

START = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
ROLE = "arn:aws:iam::111122223333:role/serving"
IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/model:1"
POLLS = {"Delay": 0, "MaxAttempts": 200}


class World:
    """A kernel, its clients, and the shortest way to an endpoint that serves."""

    def __init__(self, kernel: Kernel, wire: Wire) -> None:
        self.kernel = kernel
        self.sagemaker = wire.client("sagemaker")
        self.runtime = wire.client("sagemaker-runtime")
        self.cloudwatch = wire.client("cloudwatch")
        self.autoscaling = wire.client("application-autoscaling")
        self.quotas = wire.client("service-quotas")
        self.packages: dict[str, str] = {}

    def model(self, name: str, profile: Profile | None = None) -> None:
        """A model of a package version that is approved already."""
        package = self.sagemaker.create_model_package(
            ModelPackageGroupName="models",
            ModelApprovalStatus="Approved",
            InferenceSpecification={"Containers": [{"Image": IMAGE}], "SupportedContentTypes": ["text/csv"]},
        )["ModelPackageArn"]
        self.packages[name] = package
        self.kernel.profiles[package] = profile or Profile()
        self.sagemaker.create_model(
            ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer={"ModelPackageName": package}
        )

    def config(self, name: str, **weights: float) -> None:
        """An endpoint config with one instance for each model named, under a variant of the same name."""
        variants = [
            {
                "VariantName": model,
                "ModelName": model,
                "InstanceType": "ml.m5.large",
                "InitialInstanceCount": 1,
                "InitialVariantWeight": weight,
            }
            for model, weight in weights.items()
        ]
        self.sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=variants)

    def wait(self, waiter: str) -> None:
        """Poll with botocore's waiter; half a minute passes in the kernel before each poll."""

        def pass_time(**_: object) -> None:
            self.kernel.advance(timedelta(seconds=30))

        events = self.sagemaker.meta.events
        events.register("before-call.sagemaker.DescribeEndpoint", pass_time)
        try:
            self.sagemaker.get_waiter(waiter).wait(EndpointName="e", WaiterConfig=POLLS)
        finally:
            events.unregister("before-call.sagemaker.DescribeEndpoint", pass_time)

    def update(self, config: str) -> None:
        """UpdateEndpoint, seen through by botocore's waiter."""
        self.sagemaker.update_endpoint(EndpointName="e", EndpointConfigName=config)
        self.wait("endpoint_in_service")

    def describe(self) -> dict[str, Any]:
        """The endpoint as a client sees it."""
        answer: dict[str, Any] = self.sagemaker.describe_endpoint(EndpointName="e")
        return answer

    def weights(self) -> dict[str, float]:
        """Current weights by variant."""
        return {it["VariantName"]: it["CurrentWeight"] for it in self.describe()["ProductionVariants"]}


def error_of(raised: pytest.ExceptionInfo[ClientError]) -> tuple[str, str]:
    """Code and message of what a client raised."""
    found = raised.value.response["Error"]
    return found["Code"], found["Message"]
