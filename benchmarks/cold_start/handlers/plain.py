"""A lean function of the usual kind: log, metrics, traces, idempotency, boto3 as it comes, two clients. Compared with, never deployed."""

import os

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.data_classes import EventBridgeEvent, event_source
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent,
)
from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger(service="plain")
tracer = Tracer(service="plain")
metrics = Metrics(namespace="Plain", service="plain")
dynamodb = boto3.client("dynamodb")
sagemaker = boto3.client("sagemaker")
IMPORTED = (DynamoDBPersistenceLayer, IdempotencyConfig, idempotent)
"""At hand as in most functions, and not used: its writes would be two calls more."""


@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics
@event_source(data_class=EventBridgeEvent)
def handler(event: EventBridgeEvent, context: LambdaContext) -> None:  # noqa: ARG001 - Lambda's own shapes
    """Read an item, then give all traffic to one variant."""
    logger.info("alarm", extra={"alarm": event.detail["alarmName"]})
    metrics.add_metric(name="Alarms", unit=MetricUnit.Count, value=1)
    key = {"pk": {"S": "endpoint#chat-llm"}, "sk": {"S": "lane"}}
    dynamodb.get_item(TableName=os.environ["POINTSMAN_STATE_TABLE"], Key=key)
    sagemaker.update_endpoint_weights_and_capacities(
        EndpointName="chat-llm",
        DesiredWeightsAndCapacities=[{"VariantName": "AllTraffic", "DesiredWeight": 1.0}],
    )
