"""What a team has before Pointsman comes: a registry group, a model, an endpoint with its alarm and autoscaling. Made with boto3 calls."""

from __future__ import annotations

from local.installation import Installation
from pointsman.policy import Policy
from twin.traffic import Profile

ROLE = "arn:aws:iam::111122223333:role/SageMakerExecution"
IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/serving:1.0"
VARIANT = "AllTraffic"


def serve(here: Installation, policy: Policy, character: Profile) -> str:
    """Let version 1 serve under the name it will always have; returns its package ARN. Time passes while it starts."""
    sagemaker = here.client("sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName=policy.model_package_group)
    package = register(here, policy, character)
    _set_approval(here, package, "Approved")
    name = f"{policy.endpoint}-v1"
    sagemaker.create_model(
        ModelName=name,
        ExecutionRoleArn=ROLE,
        PrimaryContainer={"ModelPackageName": package, "Environment": {"LOG_LEVEL": "info"}},
        EnableNetworkIsolation=True,
    )
    sagemaker.create_endpoint_config(
        EndpointConfigName=name,
        ProductionVariants=[
            {
                "VariantName": VARIANT,
                "ModelName": name,
                "InstanceType": policy.plan.serve.instance_type,
                "InitialInstanceCount": policy.plan.serve.instance_count,
                "InitialVariantWeight": 1.0,
            }
        ],
        Tags=[{"Key": "team", "Value": policy.owner.team}],
    )
    sagemaker.create_endpoint(EndpointName=policy.endpoint, EndpointConfigName=name)
    while sagemaker.describe_endpoint(EndpointName=policy.endpoint)["EndpointStatus"] == "Creating":
        here.kernel.advance_to(here.kernel.next_due() or here.kernel.now)
    _scale(here, policy)
    _alarm(here, policy)
    return package


def register(here: Installation, policy: Policy, character: Profile) -> str:
    """Register the next version, waiting for approval; returns its package ARN."""
    answer = here.client("sagemaker").create_model_package(
        ModelPackageGroupName=policy.model_package_group,
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


def approve(here: Installation, policy: Policy, character: Profile) -> str:
    """Register the next version and approve it, which is all that a person does; returns its package ARN."""
    package = register(here, policy, character)
    _set_approval(here, package, "Approved")
    return package


def _set_approval(here: Installation, package: str, status: str) -> None:
    here.client("sagemaker").update_model_package(
        ModelPackageArn=package, ModelApprovalStatus=status, ApprovalDescription="by the release board"
    )


def _scale(here: Installation, policy: Policy) -> None:
    scaling = here.client("application-autoscaling")
    target = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{policy.endpoint}/variant/{VARIANT}",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    count = policy.plan.serve.instance_count
    scaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=count)
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


def _alarm(here: Installation, policy: Policy) -> None:
    """A coarse alarm, as a team has it on its endpoint: every tenth request failing, three minutes in a row."""
    for name in policy.plan.health.alarms:
        here.client("cloudwatch").put_metric_alarm(
            AlarmName=name,
            Namespace="AWS/SageMaker",
            MetricName="Invocation5XXErrors",
            Dimensions=[
                {"Name": "EndpointName", "Value": policy.endpoint},
                {"Name": "VariantName", "Value": VARIANT},
            ],
            Statistic="Average",
            Period=60,
            EvaluationPeriods=3,
            Threshold=0.1,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="ignore",
        )
