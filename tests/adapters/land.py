"""An account for the tests of the survey: a kernel, CloudFormation as far as it is asked, and short ways to put things into it. It asserts nothing."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from pointsman.adapters.aws.survey import AwsSurvey
from pointsman.policy import EndpointName
from pointsman.survey import Sight
from tests.worlds.fleet import Stacks
from tests.worlds.kernel_client import KernelClient
from twin.kernel import Kernel

NAME = EndpointName("Fraud-Prod")
ALARM = {
    "MetricName": "Invocation5XXErrors",
    "Namespace": "AWS/SageMaker",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "GreaterThanThreshold",
}


def silently(_what: str, _done: int, _of: int) -> None:
    """Progress that nobody watches."""


class Land:
    """A kernel and short ways to put things into it."""

    def __init__(self) -> None:
        self.kernel = Kernel()
        self.stacks = Stacks()
        self.call("CreateModel", ModelName="model", ExecutionRoleArn="role", PrimaryContainer={"Image": "i"})

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        return self.kernel.call("sagemaker", operation, params)

    def config(self, name: str, model: str = "model") -> None:
        variant = {
            "VariantName": "AllTraffic",
            "ModelName": model,
            "InstanceType": "ml.c7i.large",
            "InitialInstanceCount": 2,
        }
        self.call("CreateEndpointConfig", EndpointConfigName=name, ProductionVariants=[variant])

    def endpoint(self, name: str, config: str) -> None:
        self.call("CreateEndpoint", EndpointName=name, EndpointConfigName=config)

    def alarm(self, name: str, endpoint: str = NAME) -> None:
        dimensions = [
            {"Name": "EndpointName", "Value": endpoint},
            {"Name": "VariantName", "Value": "AllTraffic"},
        ]
        self.kernel.call(
            "cloudwatch", "PutMetricAlarm", {"AlarmName": name, "Dimensions": dimensions, **ALARM}
        )

    def settle(self) -> None:
        self.kernel.advance(timedelta(minutes=15))
        self.kernel.calls.clear()

    @property
    def survey(self) -> AwsSurvey:
        return AwsSurvey(self.client)

    def client(self, service: str) -> Any:
        return self.stacks if service == "cloudformation" else KernelClient(self.kernel, service)

    def look(self, name: str = NAME) -> Sight:
        return self.survey.look(EndpointName(name), silently)

    def look_at_all(self) -> list[Sight]:
        return self.survey.look_at_all(silently)

    def counts(self) -> Counter[str]:
        return Counter(operation for _, _, operation, _ in self.kernel.calls)

    def deny(self, service: str, operation: str, code: str = "AccessDeniedException") -> None:
        self.kernel.faults.fail(service, operation, code, "no", times=1000)


def serving() -> Land:
    """One endpoint in service, and no call counted yet."""
    made = Land()
    made.config("fraud-prod-v1")
    made.endpoint(NAME, "fraud-prod-v1")
    made.settle()
    return made
