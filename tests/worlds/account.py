"""An account in which one endpoint serves the first version of a model, with others registered. Calls go to the kernel directly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from pointsman.policy import EndpointName
from twin.kernel import Kernel, Timings
from twin.traffic import Profile, Request

START = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
WARM_UP = timedelta(minutes=2)
ENDPOINT = EndpointName("fraud-prod")
GROUP = "fraud-detector"
VARIANT = "main"
CONFIG = "fraud-prod-original"
MODEL = "fraud-prod-model"
TYPE = "ml.c7i.large"
ROLE = "arn:aws:iam::111122223333:role/serving"
IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/model:1"
ALARM = "fraud-prod-latency"
COUNT = 2
RPM = 24
GOOD = Profile(max_rpm_per_instance=15.0)
QUICK = Timings(
    fleet=timedelta(seconds=30),
    weights=timedelta(seconds=5),
    scale_out=timedelta(seconds=30),
    no_capacity=timedelta(seconds=40),
    health_check=timedelta(seconds=60),
    metric_lag=timedelta(seconds=30),
)
RESOURCE = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": f"endpoint/{ENDPOINT}/variant/{VARIANT}",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}


class Account:
    """A kernel and short ways to do what people do in it."""

    def __init__(self, seed: int, *, versions: int = 3, is_autoscaled: bool = False) -> None:
        self.kernel = Kernel(seed=seed, start=START - WARM_UP, timings=QUICK)
        self.packages: dict[int, str] = {}
        self.call("CreateModelPackageGroup", ModelPackageGroupName=GROUP)
        for version in range(1, versions + 1):
            self._register(version)
        self._serve_the_first()
        if is_autoscaled:
            self._autoscale()
        self.kernel.advance_to(START)

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        return self.kernel.call("sagemaker", operation, params)

    def approve(self, version: int) -> None:
        self._set_approval(version, "Approved")

    def reject(self, version: int) -> None:
        self._set_approval(version, "Rejected")

    def behave(self, version: int, profile: Profile) -> None:
        self.kernel.profiles[self.packages[version]] = profile

    def put_alarm(self) -> None:
        """An alarm on a metric that nobody reports: it stays in the state that it is set to."""
        alarm = {
            "AlarmName": ALARM,
            "Namespace": "Business",
            "MetricName": "Complaints",
            "Statistic": "Average",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 1.0,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "ignore",
        }
        self.kernel.call("cloudwatch", "PutMetricAlarm", alarm)

    def set_alarm(self, state: str) -> None:
        wish = {"AlarmName": ALARM, "StateValue": state, "StateReason": "set by the test"}
        self.kernel.call("cloudwatch", "SetAlarmState", wish)

    def split(self) -> dict[str, float]:
        """Weights of the live endpoint by package, those without traffic left out."""
        live = self.call("DescribeEndpoint", EndpointName=ENDPOINT)
        config = self.call("DescribeEndpointConfig", EndpointConfigName=live["EndpointConfigName"])
        models = {each["VariantName"]: each["ModelName"] for each in config["ProductionVariants"]}
        found: dict[str, float] = {}
        for variant in live["ProductionVariants"]:
            model = self.call("DescribeModel", ModelName=models[variant["VariantName"]])
            package = model["PrimaryContainer"]["ModelPackageName"]
            if variant["CurrentWeight"] > 0:
                found[package] = found.get(package, 0.0) + variant["CurrentWeight"]
        return found

    def status(self) -> str:
        return str(self.call("DescribeEndpoint", EndpointName=ENDPOINT)["EndpointStatus"])

    def is_scale_in_suspended(self) -> bool | None:
        """Of the baseline's variant; None where nothing scales it."""
        asked = {key: RESOURCE[key] for key in ("ServiceNamespace", "ScalableDimension")}
        answer = self.kernel.call("application-autoscaling", "DescribeScalableTargets", asked)
        states = [target["SuspendedState"] for target in answer["ScalableTargets"]]
        return bool(states[0]["DynamicScalingInSuspended"]) if states else None

    def update_by_hand(self, config: str) -> None:
        """Somebody else puts the first version live under a config of their own."""
        first = self.call("DescribeEndpointConfig", EndpointConfigName=CONFIG)["ProductionVariants"]
        self.call("CreateEndpointConfig", EndpointConfigName=config, ProductionVariants=first)
        self.call("UpdateEndpoint", EndpointName=ENDPOINT, EndpointConfigName=config)

    def _set_approval(self, version: int, status: str) -> None:
        self.call("UpdateModelPackage", ModelPackageArn=self.packages[version], ModelApprovalStatus=status)

    def _register(self, version: int) -> None:
        specification = {"Containers": [{"Image": IMAGE}], "SupportedContentTypes": ["application/json"]}
        answer = self.call(
            "CreateModelPackage",
            ModelPackageGroupName=GROUP,
            ModelApprovalStatus="Approved" if version == 1 else "PendingManualApproval",
            InferenceSpecification=specification,
        )
        self.packages[version] = str(answer["ModelPackageArn"])
        self.behave(version, GOOD)

    def _serve_the_first(self) -> None:
        container = {"ModelPackageName": self.packages[1]}
        self.call("CreateModel", ModelName=MODEL, ExecutionRoleArn=ROLE, PrimaryContainer=container)
        variant = {
            "VariantName": VARIANT,
            "ModelName": MODEL,
            "InitialInstanceCount": COUNT,
            "InstanceType": TYPE,
            "InitialVariantWeight": 1.0,
        }
        self.call("CreateEndpointConfig", EndpointConfigName=CONFIG, ProductionVariants=[variant])
        self.call("CreateEndpoint", EndpointName=ENDPOINT, EndpointConfigName=CONFIG)
        self.kernel.advance(timedelta(minutes=1))
        self.kernel.traffic(ENDPOINT, steady_traffic())

    def _autoscale(self) -> None:
        target = RESOURCE | {"MinCapacity": 1, "MaxCapacity": 4}
        self.kernel.call("application-autoscaling", "RegisterScalableTarget", target)
        tracking = {
            "TargetValue": float(RPM) / COUNT,
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
            },
        }
        policy = RESOURCE | {
            "PolicyName": "follow-the-load",
            "PolicyType": "TargetTrackingScaling",
            "TargetTrackingScalingPolicyConfiguration": tracking,
        }
        self.kernel.call("application-autoscaling", "PutScalingPolicy", policy)


def steady_traffic() -> Iterator[Request]:
    """Requests at even distances from a little before the start on, without end."""
    distance = timedelta(minutes=1) / RPM
    at = START - WARM_UP / 2
    while True:
        at += distance
        yield Request(at)
