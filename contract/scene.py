"""The account as a case sees it: short ways to make things, to wait, and to be refused. It claims nothing by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from contract.cloud import TAG, Cloud

Found = TypeVar("Found")
Params = dict[str, Any]

SHARES = {"stable": 0.9, "candidate": 0.1}
PATIENCE = timedelta(minutes=30)
"""Longest wait for an endpoint; a container that does not start takes 24 minutes to show (facts 2.3)."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What AWS said no with."""

    code: str
    message: str


class Scene:
    """One run: everything in it is named after its prefix and made when a case first asks for it."""

    def __init__(self, cloud: Cloud, prefix: str) -> None:
        self.cloud = cloud
        self.prefix = prefix
        self.sagemaker = cloud.client("sagemaker")
        self.cloudwatch = cloud.client("cloudwatch")
        self.autoscaling = cloud.client("application-autoscaling")
        self.tags = [{"Key": TAG, "Value": prefix}]
        self._made: set[str] = set()
        self._numbers: dict[str, int] = {}

    def name(self, tail: str) -> str:
        """A name of this run, always the same for one `tail`."""
        return f"{self.prefix}-{tail}"

    def fresh(self, tail: str) -> str:
        """A name of this run that was not given before."""
        number = self._numbers[tail] = self._numbers.get(tail, 0) + 1
        return self.name(f"{tail}-{number}")

    def until(self, what: str, ask: Callable[[], Found | None], within: timedelta = PATIENCE) -> Found:
        """Ask every ten seconds for something that is true; AssertionError with `what` when time is up."""
        end = self.cloud.now + within
        while True:
            found = ask()
            if found:
                return found
            assert self.cloud.now < end, f"within {within}: {what}"
            self.cloud.wait(timedelta(seconds=10))

    def container(self) -> Params:
        """The container that every model has."""
        made_of = self.cloud.settings
        data = {} if made_of.model_data is None else {"ModelDataUrl": made_of.model_data}
        return {"Image": made_of.image, **data}

    def model(self, tail: str = "model") -> str:
        """The name of a model, made once."""
        name = self.name(tail)
        if name not in self._made:
            self.sagemaker.create_model(
                ModelName=name,
                ExecutionRoleArn=self.cloud.settings.role,
                PrimaryContainer=self.container(),
                Tags=self.tags,
            )
            self._made.add(name)
        return name

    def variant(self, name: str, weight: float = 1.0, **given: Any) -> Params:
        """A production variant on one instance."""
        return {
            "VariantName": name,
            "ModelName": self.model(),
            "InitialInstanceCount": 1,
            "InstanceType": self.cloud.settings.instance_type,
            "InitialVariantWeight": weight,
            **given,
        }

    def config(self, *variants: Params, **given: Any) -> str:
        """The name of a new endpoint configuration."""
        name = self.fresh("config")
        self.patiently(
            self.sagemaker.create_endpoint_config,
            EndpointConfigName=name,
            ProductionVariants=list(variants),
            Tags=self.tags,
            **given,
        )
        return name

    def two_variants(self, **shares: float) -> str:
        """A new configuration of both shared variants, with the usual shares unless told otherwise."""
        return self.config(*(self.variant(name, weight) for name, weight in (shares or SHARES).items()))

    def patiently(self, call: Callable[..., Any], **params: Any) -> None:
        """Call, again and again while what was just made is not seen yet, as AWS's own reads lag behind (facts 2.1)."""

        def worked() -> bool:
            try:
                call(**params)
            except ClientError as err:
                if "Could not find" not in str(err):
                    raise
                return False
            return True

        self.until("what was just made is seen", worked, timedelta(minutes=2))

    def create(self, endpoint: str, config: str) -> None:
        """CreateEndpoint, without waiting until it serves."""
        self.patiently(
            self.sagemaker.create_endpoint, EndpointName=endpoint, EndpointConfigName=config, Tags=self.tags
        )

    def endpoint(self) -> str:
        """The name of the shared endpoint: in service, both variants on one instance, with the usual shares."""
        name = self.name("Shared")
        if name not in self._made:
            self._made.add(name)
            self.create(name, self.two_variants())
        self.settle(name)
        live = {each["VariantName"]: each["CurrentWeight"] for each in self.variants().values()}
        if any(abs(live[variant] - share) > 1e-6 for variant, share in SHARES.items()):
            self.weigh(**SHARES)
            self.settle(name)
        return name

    def describe(self, endpoint: str | None = None) -> Params:
        """DescribeEndpoint, of the shared one unless told otherwise."""
        answer: Params = self.sagemaker.describe_endpoint(EndpointName=endpoint or self.name("Shared"))
        return answer

    def variants(self) -> dict[str, Params]:
        """The variants of the shared endpoint by name, as they are now."""
        return {each["VariantName"]: each for each in self.describe()["ProductionVariants"]}

    def weights(self) -> dict[str, float]:
        """The current weights of the shared endpoint."""
        return {name: each["CurrentWeight"] for name, each in self.variants().items()}

    def settle(self, endpoint: str | None = None) -> Params:
        """Wait until the endpoint is in service; AssertionError if it fails."""

        def settled() -> Params | None:
            seen = self.describe(endpoint)
            assert seen["EndpointStatus"] != "Failed", seen.get("FailureReason")
            return seen if seen["EndpointStatus"] == "InService" else None

        return self.until("the endpoint is in service", settled)

    def weigh(self, **weights: float) -> None:
        """Ask for weights of the shared endpoint, without waiting for them."""
        self.sagemaker.update_endpoint_weights_and_capacities(
            EndpointName=self.name("Shared"),
            DesiredWeightsAndCapacities=[
                {"VariantName": name, "DesiredWeight": weight} for name, weight in weights.items()
            ],
        )

    def update(self, config: str, **given: Any) -> None:
        """UpdateEndpoint of the shared endpoint, without waiting for it."""
        self.patiently(
            self.sagemaker.update_endpoint,
            EndpointName=self.name("Shared"),
            EndpointConfigName=config,
            **given,
        )

    def invoke(self, **given: Any) -> str:
        """Send one request to the shared endpoint; returns the variant that answered."""
        answer = self.cloud.client("sagemaker-runtime").invoke_endpoint(
            EndpointName=self.name("Shared"),
            Body=self.cloud.settings.body,
            ContentType=self.cloud.settings.content_type,
            **given,
        )
        return str(answer["InvokedProductionVariant"])


def refusal_of(call: Callable[..., Any], **params: Any) -> Refusal:
    """What the call is refused with; AssertionError if it is not."""
    try:
        call(**params)
    except ClientError as err:
        told = err.response["Error"]
        return Refusal(told["Code"], told["Message"])
    raise AssertionError("it was not refused")


def assert_refused(prefix: str, call: Callable[..., Any], **params: Any) -> None:
    """The call must be refused as SageMaker refuses: a ValidationException whose message begins so (facts 2.1)."""
    refusal = refusal_of(call, **params)
    assert refusal.code == "ValidationException", refusal
    assert refusal.message.startswith(prefix), refusal
