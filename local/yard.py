"""Short ways to make endpoints as teams make them, with boto3 calls. Which endpoints there are is `kinds.py`; nothing of the product is used here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from twin.kernel import Kernel

Json = dict[str, Any]
Client = Callable[[str], Any]

ROLE = "arn:aws:iam::111122223333:role/SageMakerExecution"
IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/serving:1.0"
VARIANT = "AllTraffic"
TYPE = "ml.c7i.large"
SETTLED_WITHIN = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Yard:
    """Where endpoints are made. `client` makes boto3 clients by service; `kernel` is the world that they reach."""

    client: Client
    kernel: Kernel

    @property
    def sagemaker(self) -> Any:  # noqa: ANN401 - boto3's clients have no common type
        """A SageMaker client."""
        return self.client("sagemaker")

    def version(self, group: str, content_types: tuple[str, ...] = ("application/json",)) -> str:
        """The next version of a group, approved; returns its ARN. The group is made where there is none."""
        known = self.sagemaker.list_model_package_groups(NameContains=group, MaxResults=100)
        if group not in {each["ModelPackageGroupName"] for each in known["ModelPackageGroupSummaryList"]}:
            self.sagemaker.create_model_package_group(ModelPackageGroupName=group)
        specification = {
            "Containers": [{"Image": IMAGE, "ModelDataUrl": "s3://models/model.tar.gz"}],
            "SupportedContentTypes": list(content_types),
            "SupportedResponseMIMETypes": ["application/json"],
        }
        answer = self.sagemaker.create_model_package(
            ModelPackageGroupName=group, ModelApprovalStatus="Approved", InferenceSpecification=specification
        )
        return str(answer["ModelPackageArn"])

    def judge(self, version: str, status: str) -> None:
        """Approve or reject a version."""
        self.sagemaker.update_model_package(ModelPackageArn=version, ModelApprovalStatus=status)

    def model(self, name: str, *containers: Json, **given: Any) -> str:  # noqa: ANN401 - boto3's parameters
        """A model of these containers; without any, of the next approved version of the group of its name."""
        made = containers or ({"ModelPackageName": self.version(name)},)
        serving = {"PrimaryContainer": made[0]} if len(made) == 1 else {"Containers": list(made)}
        self.sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE, **serving, **given)
        return name

    def endpoint(
        self,
        name: str,
        *variants: Json,
        config: str = "",
        tags: Mapping[str, str] | None = None,
        **given: Any,  # noqa: ANN401 - boto3's parameters
    ) -> None:
        """An endpoint on a config of these variants; without any, one of two instances with a model of its name."""
        config = config or f"{name}-v1"
        self.config(config, *(variants or (self.variant(self.model(name)),)), **given)
        pairs = [{"Key": key, "Value": value} for key, value in (tags or {}).items()]
        self.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config, Tags=pairs)

    def config(self, name: str, *variants: Json, **given: Any) -> None:  # noqa: ANN401 - boto3's parameters
        """An endpoint config."""
        self.sagemaker.create_endpoint_config(
            EndpointConfigName=name, ProductionVariants=list(variants), **given
        )

    def variant(self, model: str, count: int = 2, **given: Any) -> Json:  # noqa: ANN401 - boto3's parameters
        """A production variant for `endpoint`. A member given as None is left out."""
        usual = {
            "VariantName": VARIANT,
            "ModelName": model,
            "InstanceType": TYPE,
            "InitialInstanceCount": count,
            "InitialVariantWeight": 1.0,
        }
        return {member: value for member, value in (usual | given).items() if value is not None}

    def update(self, endpoint: str, config: str) -> None:
        """Put another config live, as a person or a tool does."""
        self.sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=config)

    def scale(self, endpoint: str, least: int, most: int) -> None:
        """Let autoscaling follow the requests."""
        target = {
            "ServiceNamespace": "sagemaker",
            "ResourceId": f"endpoint/{endpoint}/variant/{VARIANT}",
            "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
        }
        scaling = self.client("application-autoscaling")
        scaling.register_scalable_target(**target, MinCapacity=least, MaxCapacity=most)
        metric = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
        scaling.put_scaling_policy(
            **target,
            PolicyName="requests-per-instance",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration={
                "TargetValue": 600.0,
                "PredefinedMetricSpecification": metric,
            },
        )

    def alarm(self, name: str, dimensions: Mapping[str, str], **given: Any) -> None:  # noqa: ANN401 - boto3's parameters
        """An alarm, by default on every tenth request failing, three minutes in a row."""
        usual = {
            "Namespace": "AWS/SageMaker",
            "MetricName": "Invocation5XXErrors",
            "Statistic": "Average",
            "Period": 60,
            "EvaluationPeriods": 3,
            "Threshold": 0.1,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "ignore",
        }
        wanted = usual | {"AlarmName": name, "Dimensions": _pairs(dimensions)} | given
        chosen = {member: value for member, value in wanted.items() if value is not None}
        self.client("cloudwatch").put_metric_alarm(**chosen)

    def rate_alarm(self, name: str, dimensions: Mapping[str, str]) -> None:
        """An alarm on errors by requests, which is metric math."""
        metrics = [
            {
                "Id": each,
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/SageMaker",
                        "MetricName": metric,
                        "Dimensions": _pairs(dimensions),
                    },
                    "Period": 60,
                    "Stat": "Sum",
                },
                "ReturnData": False,
            }
            for each, metric in (("errors", "Invocation5XXErrors"), ("requests", "Invocations"))
        ]
        rate = {"Id": "rate", "Expression": "errors / requests", "ReturnData": True}
        self.client("cloudwatch").put_metric_alarm(
            AlarmName=name,
            Metrics=[*metrics, rate],
            EvaluationPeriods=3,
            Threshold=0.05,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="ignore",
        )

    def watch(self, endpoint: str) -> None:
        """The alarm that an endpoint ought to have."""
        self.alarm(f"{endpoint}-5xx", {"EndpointName": endpoint, "VariantName": VARIANT})

    def settle(self) -> None:
        """Let time pass until nothing is being built, two hours at most."""
        end = self.kernel.now + SETTLED_WITHIN
        while self._is_building() and self.kernel.now < end:
            self.kernel.advance_to(self.kernel.next_due() or end)

    def _is_building(self) -> bool:
        pages = self.sagemaker.get_paginator("list_endpoints").paginate(PaginationConfig={"PageSize": 100})
        return any(
            each["EndpointStatus"] in {"Creating", "Updating", "RollingBack"}
            for page in pages
            for each in page["Endpoints"]
        )


def _pairs(dimensions: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Name": key, "Value": value} for key, value in dimensions.items()]
