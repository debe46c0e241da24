"""A small account for the tests of the kernel: short ways to say what is set up. It asserts nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from twin.errors import TwinError
from twin.kernel import Kernel, Timings
from twin.traffic import Profile, Request

TYPE = "ml.c7i.large"
ENDPOINT = "Fraud-Prod"
ARN = "arn:aws:sagemaker:us-east-1:111122223333:endpoint/fraud-prod"
MINUTE = timedelta(minutes=1)


class Cloud:
    """A kernel with a recorder of its events and shorthands for calls."""

    def __init__(self, seed: int = 7, timings: Timings | None = None) -> None:
        self.kernel = Kernel(seed=seed, timings=timings)
        self.events: list[dict[str, Any]] = []
        self.kernel.subscribe(self.events.append)

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        return self.kernel.call("sagemaker", operation, params)

    def watch(self, operation: str, **params: Any) -> dict[str, Any]:
        return self.kernel.call("cloudwatch", operation, params)

    def scale(self, operation: str, **params: Any) -> dict[str, Any]:
        return self.kernel.call("application-autoscaling", operation, params)

    def invoke(self, **params: Any) -> dict[str, Any]:
        return self.kernel.call("sagemaker-runtime", "InvokeEndpoint", {"EndpointName": ENDPOINT, **params})

    def pass_minutes(self, minutes: float) -> None:
        self.kernel.advance(timedelta(minutes=minutes))

    def package(self, approval: str = "Approved", **given: Any) -> str:
        if ("sagemaker", "CreateModelPackageGroup") not in {(call[1], call[2]) for call in self.kernel.calls}:
            self.call("CreateModelPackageGroup", ModelPackageGroupName="fraud-detector")
        answer = self.call(
            "CreateModelPackage",
            ModelPackageGroupName="fraud-detector",
            ModelApprovalStatus=approval,
            **given,
        )
        return str(answer["ModelPackageArn"])

    def model(self, name: str, profile: Profile | None = None) -> None:
        """A model without a package, which profiles and tallies know by its name."""
        self.call("CreateModel", ModelName=name, ExecutionRoleArn="role", PrimaryContainer={"Image": "image"})
        if profile is not None:
            self.kernel.profiles[name] = profile

    def config(self, name: str, *variants: dict[str, Any], **given: Any) -> None:
        self.call("CreateEndpointConfig", EndpointConfigName=name, ProductionVariants=list(variants), **given)

    def serving(self, *variants: dict[str, Any]) -> None:
        """An endpoint in service on the configuration "first"; the models of its variants must exist."""
        self.config("first", *(variants or (variant("stable", "old"),)))
        self.call("CreateEndpoint", EndpointName=ENDPOINT, EndpointConfigName="first")
        self.pass_minutes(10)
        self.events.clear()

    def update(self, config: str, **given: Any) -> None:
        self.call("UpdateEndpoint", EndpointName=ENDPOINT, EndpointConfigName=config, **given)

    def weigh(self, **weights: float) -> None:
        wishes = [{"VariantName": name, "DesiredWeight": weight} for name, weight in weights.items()]
        self.call(
            "UpdateEndpointWeightsAndCapacities", EndpointName=ENDPOINT, DesiredWeightsAndCapacities=wishes
        )

    def resize(self, name: str, count: int) -> None:
        wishes = [{"VariantName": name, "DesiredInstanceCount": count}]
        self.call(
            "UpdateEndpointWeightsAndCapacities", EndpointName=ENDPOINT, DesiredWeightsAndCapacities=wishes
        )

    def endpoint(self) -> dict[str, Any]:
        return self.call("DescribeEndpoint", EndpointName=ENDPOINT)

    def status(self) -> str:
        return str(self.endpoint()["EndpointStatus"])

    def seen(self, name: str) -> dict[str, Any]:
        """The live variant `name` as DescribeEndpoint shows it."""
        return next(shown for shown in self.endpoint()["ProductionVariants"] if shown["VariantName"] == name)

    def statuses(self) -> list[str]:
        """Statuses of the endpoint events so far."""
        return [
            event["detail"]["EndpointStatus"] for event in self.events if "EndpointStatus" in event["detail"]
        ]

    def send(self, per_minute: int, minutes: int, start: datetime | None = None) -> None:
        """Attach traffic, evenly spread, from now or `start` on."""
        self.kernel.traffic(ENDPOINT, evenly(start or self.kernel.now, per_minute, minutes))

    def metric(self, name: str, stat: str, variant: str = "stable", **given: Any) -> list[float]:
        """Values of the last hour, newest first."""
        return list(self.data(query(name, stat, variant), **given)["Values"])

    def data(self, asked: dict[str, Any], **given: Any) -> dict[str, Any]:
        now = self.kernel.now
        window = {"StartTime": now - timedelta(hours=1), "EndTime": now, **given}
        answer = self.watch("GetMetricData", MetricDataQueries=[asked], **window)
        result: dict[str, Any] = answer["MetricDataResults"][0]
        return result


def variant(name: str, model: str, count: int = 2, weight: float = 1.0, **given: Any) -> dict[str, Any]:
    """A production variant for CreateEndpointConfig."""
    return {
        "VariantName": name,
        "ModelName": model,
        "InitialInstanceCount": count,
        "InstanceType": TYPE,
        "InitialVariantWeight": weight,
        **given,
    }


def query(name: str, stat: str, variant: str = "stable") -> dict[str, Any]:
    """One query for GetMetricData."""
    dimensions = [{"Name": "EndpointName", "Value": ENDPOINT}, {"Name": "VariantName", "Value": variant}]
    metric = {"Namespace": "AWS/SageMaker", "MetricName": name, "Dimensions": dimensions}
    return {"Id": "q", "MetricStat": {"Metric": metric, "Period": 60, "Stat": stat}}


def evenly(start: datetime, per_minute: int, minutes: int) -> Iterator[Request]:
    """Requests at even distances."""
    for number in range(per_minute * minutes):
        yield Request(start + MINUTE * number / per_minute, 100, 10)


def refused(ask: Callable[[], object]) -> TwinError:
    """The error that `ask` is answered with; the test fails if there is none."""
    with pytest.raises(TwinError) as caught:
        ask()
    return caught.value
