"""Puts the readers of a forecast together from clients. Whoever makes the clients decides how long they wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pointsman.adapters.aws.alarm_details import AlarmDetails
from pointsman.adapters.aws.archive import DynamoArchive
from pointsman.adapters.aws.autoscaling import AutoScaling
from pointsman.adapters.aws.cloudwatch import CloudWatchMetrics
from pointsman.adapters.aws.dynamodb import DynamoStore
from pointsman.adapters.aws.quotas import EndpointUsage, ServiceQuotas
from pointsman.adapters.aws.registry import ModelRegistry
from pointsman.adapters.aws.sagemaker import SageMaker
from pointsman.adapters.aws.traffic import HourlyTraffic
from pointsman.adapters.aws.versions import Versions
from pointsman.surroundings import Surroundings

STATE_TABLE, AUDIT_TABLE = "pointsman-state", "pointsman-audit"


def surroundings_of(
    client: Callable[[str], Any],
    region: str,
    tables: tuple[str, str] = (STATE_TABLE, AUDIT_TABLE),
    is_late: Callable[[], bool] = lambda: False,
) -> Surroundings:
    """`client` makes one for a service. `tables`: the installation's, state and audit."""
    sagemaker, cloudwatch, dynamodb = client("sagemaker"), client("cloudwatch"), client("dynamodb")
    return Surroundings(
        region=region,
        serving=SageMaker(sagemaker, sagemaker),
        versions=Versions(sagemaker),
        registry=ModelRegistry(sagemaker),
        scaling=AutoScaling(client("application-autoscaling")),
        quotas=ServiceQuotas(client("service-quotas"), is_late),
        usage=EndpointUsage(sagemaker, is_late),
        traffic=HourlyTraffic(cloudwatch),
        metrics=CloudWatchMetrics(cloudwatch),
        alarms=AlarmDetails(cloudwatch, is_late),
        lanes=DynamoStore(dynamodb, *tables),
        records=DynamoArchive(dynamodb, *tables),
        is_late=is_late,
    )
