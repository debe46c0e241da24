"""What a team has before Pointsman comes: a registry group, a model, an endpoint with its alarm and autoscaling. Made with boto3 calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from pointsman.policy import Policy
from pointsman.policy_alarms import created_names
from twin.kernel import Kernel
from twin.traffic import Profile

ROLE = "arn:aws:iam::111122223333:role/SageMakerExecution"
IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/serving:1.0"
VARIANT = "AllTraffic"


class Account(Protocol):
    """Where it is made: clients, and the time that passes there."""

    @property
    def kernel(self) -> Kernel:
        """The simulated account."""
        ...

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3's clients have no common type
        """A boto3 client of it."""
        ...


@dataclass(frozen=True, slots=True)
class Site:
    """An endpoint as its team made it, and the group its versions come from."""

    endpoint: str
    group: str
    team: str
    instance_type: str
    instance_count: int


def serve(here: Account, policy: Policy, character: Profile) -> str:
    """Let version 1 serve under the name it will always have; returns its package ARN. Time passes while it starts."""
    wanted = policy.plan.serve
    site = Site(
        policy.endpoint,
        policy.model_package_group,
        policy.owner.team,
        wanted.instance_type,
        wanted.instance_count,
    )
    package = start(here, site, character)
    scale(here, site)
    created = created_names(policy.endpoint, policy.plan.health)
    for alarm in policy.plan.health.alarms:
        if alarm not in created:
            watch_errors(here, site, alarm)
    return package


def start(here: Account, site: Site, character: Profile) -> str:
    """Make the group and its version 1, and an endpoint that serves it; returns the package ARN."""
    sagemaker = here.client("sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName=site.group)
    package = register(here, site.group, character)
    set_approval(here, package, "Approved")
    name = f"{site.endpoint}-v1"
    sagemaker.create_model(
        ModelName=name,
        ExecutionRoleArn=ROLE,
        PrimaryContainer={"ModelPackageName": package, "Environment": {"LOG_LEVEL": "info"}},
        EnableNetworkIsolation=True,
    )
    variant = {
        "VariantName": VARIANT,
        "ModelName": name,
        "InstanceType": site.instance_type,
        "InitialInstanceCount": site.instance_count,
        "InitialVariantWeight": 1.0,
    }
    tags = [{"Key": "team", "Value": site.team}]
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant], Tags=tags)
    sagemaker.create_endpoint(EndpointName=site.endpoint, EndpointConfigName=name)
    while sagemaker.describe_endpoint(EndpointName=site.endpoint)["EndpointStatus"] == "Creating":
        here.kernel.advance_to(here.kernel.next_due() or here.kernel.now)
    return package


def register(here: Account, group: str, character: Profile) -> str:
    """Register the next version, waiting for approval; returns its package ARN."""
    answer = here.client("sagemaker").create_model_package(
        ModelPackageGroupName=group,
        ModelApprovalStatus="PendingManualApproval",
        InferenceSpecification={
            "Containers": [{"Image": IMAGE, "ModelDataUrl": "s3://models/model.tar.gz"}],
            "SupportedContentTypes": ["application/json"],
            "SupportedResponseMIMETypes": ["application/json"],
        },
    )
    package: str = answer["ModelPackageArn"]
    here.kernel.profiles[package] = character
    return package


def approve(here: Account, group: str, character: Profile) -> str:
    """Register the next version and approve it, which is all that a person does; returns its package ARN."""
    package = register(here, group, character)
    set_approval(here, package, "Approved")
    return package


def set_approval(here: Account, package: str, status: str) -> None:
    """Approve or reject a version, as a person does."""
    here.client("sagemaker").update_model_package(
        ModelPackageArn=package, ModelApprovalStatus=status, ApprovalDescription="by the release board"
    )


def scale(here: Account, site: Site) -> None:
    """Let the endpoint's instances follow its traffic."""
    scaling = here.client("application-autoscaling")
    target = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{site.endpoint}/variant/{VARIANT}",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    scaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=site.instance_count)
    scaling.put_scaling_policy(
        **target,
        PolicyName="requests-per-instance",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 60.0,
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
            },
        },
    )


def watch_errors(here: Account, site: Site, alarm: str) -> None:
    """A coarse alarm, as a team has it on its endpoint: every tenth request failing, three minutes in a row."""
    _alarm(here, site, alarm, MetricName="Invocation5XXErrors", Statistic="Average", Threshold=0.1)


def watch_latency(here: Account, site: Site, alarm: str, slowest: timedelta) -> None:
    """An alarm on the slowest hundredth of the requests, three minutes in a row."""
    microseconds = slowest / timedelta(microseconds=1)
    _alarm(here, site, alarm, MetricName="ModelLatency", ExtendedStatistic="p99", Threshold=microseconds)


def _alarm(here: Account, site: Site, alarm: str, **measured: Any) -> None:  # noqa: ANN401 - boto3's parameters
    here.client("cloudwatch").put_metric_alarm(
        AlarmName=alarm,
        Namespace="AWS/SageMaker",
        Dimensions=[
            {"Name": "EndpointName", "Value": site.endpoint},
            {"Name": "VariantName", "Value": VARIANT},
        ],
        Period=60,
        EvaluationPeriods=3,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="ignore",
        **measured,
    )
