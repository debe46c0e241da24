"""The AWS operations that the deployed functions call: all that is kept of botocore's service models. Nothing is called here."""

from __future__ import annotations

from collections.abc import Mapping

OPERATIONS: Mapping[str, frozenset[str]] = {
    "application-autoscaling": frozenset({"DescribeScalableTargets", "RegisterScalableTarget"}),
    "cloudwatch": frozenset({"DescribeAlarms", "GetMetricData", "ListAlarmMuteRules"}),
    "dynamodb": frozenset(
        {"BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "TransactWriteItems"}
    ),
    "events": frozenset({"PutEvents"}),
    "sagemaker": frozenset(
        {
            "CreateEndpointConfig",
            "CreateModel",
            "DeleteEndpointConfig",
            "DeleteModel",
            "DescribeEndpoint",
            "DescribeEndpointConfig",
            "DescribeModel",
            "DescribeModelPackage",
            "ListModelPackages",
            "ListTags",
            "Search",
            "UpdateEndpoint",
            "UpdateEndpointWeightsAndCapacities",
        }
    ),
    "sagemaker-runtime": frozenset({"InvokeEndpoint"}),
    "service-quotas": frozenset({"ListAWSDefaultServiceQuotas", "ListServiceQuotas"}),
    "sns": frozenset({"Publish"}),
    "sqs": frozenset(
        {"DeleteMessage", "GetQueueAttributes", "ReceiveMessage", "SendMessage", "SendMessageBatch"}
    ),
}
"""boto3's name of a service to AWS's names of operations. A test holds it against the adapters: all they call, and no more."""
READ: Mapping[tuple[str, str], frozenset[str]] = {("sagemaker", "SearchRecord"): frozenset({"Endpoint"})}
"""Answers of which a part is read: service and shape to the members that are kept. Whatever else AWS sends is passed over.

Search can find anything that SageMaker has, and is asked for endpoints alone: the rest would double the model.
"""
