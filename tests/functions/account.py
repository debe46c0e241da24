"""The account that the samples of `events/` speak of: endpoint Fraud-Prod serves version 1; 2 to 7 are registered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pointsman.policy import EndpointName
from twin.kernel import Kernel, Timings
from twin.traffic import Request

EVENTS = Path(__file__).resolve().parents[2] / "events"
SAMPLES = sorted(path.name for path in EVENTS.glob("*.json"))
ENDPOINT = EndpointName("Fraud-Prod")
ACCOUNT = "111122223333"
REGISTRY = "444455556666"
"""Another account, which has a registry."""
OTHER = EndpointName("Other-Prod")
GROUP = "fraud-detector"
ALARM = "fraud-candidate-p99"
CONFIG = "fraud-prod-cfg-20261101"
MODEL = "fraud-prod-v1"
VARIANT = "stable"
ROLE = "arn:aws:iam::111122223333:role/serving"
IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/fraud-serving:1.4.2"
APPROVED_AT = datetime(2026, 11, 20, 14, 5, 30, tzinfo=UTC)
QUICK = Timings(
    fleet=timedelta(seconds=30),
    weights=timedelta(seconds=5),
    metric_lag=timedelta(seconds=30),
    spread=0.0,
)
TARGET = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": f"endpoint/{ENDPOINT}/variant/{VARIANT}",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
Json = dict[str, Any]


def sample(name: str) -> Any:
    return json.loads((EVENTS / name).read_text(encoding="utf-8"))


def package(version: int) -> str:
    return f"arn:aws:sagemaker:us-east-1:111122223333:model-package/{GROUP}/{version}"


def policy(endpoint: str = ENDPOINT, **changes: Any) -> Json:
    """A compiled policy, with changes to its plan."""
    health = {
        "errors": ["5xx", "model_error"],
        "max_error_percent": 5.0,
        "slow_over_ms": 60_000,
        "max_slow_percent": 5.0,
        "min_requests": 5,
        "metric_delay_s": 120,
        "alarms": [ALARM],
        "created": [],
        "comparison": {
            "mode": "decide",
            "alpha": 0.02,
            "error_margin_percent": 0.0,
            "slower_percent": 10.0,
            "quality": None,
            "output_tokens": None,
            "failures": [],
            "warm_up_s": 300,
        },
    }
    plan = {
        "strategy": "canary",
        "steps": [50, 100],
        "bake_min": 60,
        "bake_max": 3600,
        "patience": 7200,
        "on_patience": "rollback",
        "watch": 600,
        "serve": {"instance_type": "ml.c7i.large", "instance_count": 2},
        "health": health,
        "validation": {"content_type": "application/json", "body": "{}"},
        "gates": [],
        "gate_wait": 86400,
    }
    return {
        "schema": 1,
        "endpoint": endpoint,
        "model_package_group": GROUP,
        "owner": {"team": "risk", "notify": ""},
        "plan": plan | changes,
        "freeze": "",
        "metadata": {},
        "windows": None,
        "after": None,
        "managed_by": None,
        "registry_account": "",
    }


def serving(config: Json) -> Kernel:
    """A kernel at the time of which the samples speak, in which the endpoint serves version 1."""
    kernel = Kernel(seed=7, start=APPROVED_AT - timedelta(minutes=5), timings=QUICK)

    def call(operation: str, **params: Any) -> Json:
        return kernel.call("sagemaker", operation, params)

    call("CreateModelPackageGroup", ModelPackageGroupName=GROUP)
    for version in range(1, 8):
        call(
            "CreateModelPackage",
            ModelPackageGroupName=GROUP,
            ModelApprovalStatus="Approved" if version == 1 else "PendingManualApproval",
            InferenceSpecification={"Containers": [{"Image": IMAGE}], "SupportedContentTypes": ["text/csv"]},
        )
    call(
        "CreateModel",
        ModelName=MODEL,
        ExecutionRoleArn=ROLE,
        PrimaryContainer={"ModelPackageName": package(1), "Environment": {"LOG_LEVEL": "info"}},
        EnableNetworkIsolation=True,
        VpcConfig={"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]},
    )
    variant = {
        "VariantName": VARIANT,
        "ModelName": MODEL,
        "InitialInstanceCount": 2,
        "InstanceType": "ml.c7i.large",
        "InitialVariantWeight": 1.0,
    }
    request = {"EndpointConfigName": CONFIG, "ProductionVariants": [variant]} | config
    call("CreateEndpointConfig", **request)
    call("CreateEndpoint", EndpointName=ENDPOINT, EndpointConfigName=CONFIG)
    kernel.advance(timedelta(minutes=1))
    for name in (ALARM, "fraud-health"):
        kernel.call("cloudwatch", "PutMetricAlarm", alarm(name))
    kernel.call(
        "application-autoscaling", "RegisterScalableTarget", TARGET | {"MinCapacity": 2, "MaxCapacity": 4}
    )
    kernel.traffic(ENDPOINT, _requests(kernel.now))
    kernel.advance_to(APPROVED_AT)
    kernel.calls.clear()
    return kernel


def alarm(name: str, threshold: float = 1000.0) -> Json:
    """A PutMetricAlarm request; with a threshold below zero it always fires."""
    return {
        "AlarmName": name,
        "Namespace": "AWS/SageMaker",
        "MetricName": "Invocation5XXErrors",
        "Dimensions": [
            {"Name": "EndpointName", "Value": ENDPOINT},
            {"Name": "VariantName", "Value": VARIANT},
        ],
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 3,
        "Threshold": threshold,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "ignore",
    }


def _requests(start: datetime) -> Iterator[Request]:
    at = start
    while True:
        at += timedelta(seconds=4)
        yield Request(at, 10, 1)
