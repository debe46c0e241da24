"""The same function with all of Powertools' utilities that read an event imported, and the event as a model. Compared with, never deployed."""

import os

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType
from aws_lambda_powertools.utilities.data_classes import EventBridgeEvent
from aws_lambda_powertools.utilities.feature_flags import AppConfigStore, FeatureFlags
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent,
)
from aws_lambda_powertools.utilities.parameters import SSMProvider
from aws_lambda_powertools.utilities.parser import BaseModel, envelopes, event_parser
from aws_lambda_powertools.utilities.streaming import S3Object
from aws_lambda_powertools.utilities.typing import LambdaContext
from aws_lambda_powertools.utilities.validation import validate

logger = Logger(service="typical")
tracer = Tracer(service="typical")
metrics = Metrics(namespace="Typical", service="typical")
dynamodb = boto3.client("dynamodb")
sagemaker = boto3.client("sagemaker")
IMPORTED = (
    *(BatchProcessor, EventType, EventBridgeEvent, FeatureFlags, AppConfigStore, SSMProvider, S3Object),
    *(DynamoDBPersistenceLayer, IdempotencyConfig, idempotent, validate),
)
"""At hand, and not used: their calls would come before the one that is waited for."""


class Alarm(BaseModel):
    """What the function needs of the event."""

    alarmName: str  # noqa: N815 - as the event has it


@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics
@event_parser(model=Alarm, envelope=envelopes.EventBridgeEnvelope)
def handler(event: Alarm, context: LambdaContext) -> None:  # noqa: ARG001 - Lambda's own shapes
    """Read an item, then give all traffic to one variant."""
    logger.info("alarm", extra={"alarm": event.alarmName})
    metrics.add_metric(name="Alarms", unit=MetricUnit.Count, value=1)
    key = {"pk": {"S": "endpoint#chat-llm"}, "sk": {"S": "lane"}}
    dynamodb.get_item(TableName=os.environ["POINTSMAN_STATE_TABLE"], Key=key)
    sagemaker.update_endpoint_weights_and_capacities(
        EndpointName="chat-llm",
        DesiredWeightsAndCapacities=[{"VariantName": "AllTraffic", "DesiredWeight": 1.0}],
    )
