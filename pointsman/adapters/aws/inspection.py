"""Looks at what an installation consists of: functions, rules, tables, queues, alarms. Reads only, with the caller's own permissions."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pointsman.adapters.aws.cloudwatch import MAX_NAMES
from pointsman.adapters.aws.faults import mapped
from pointsman.adapters.aws.groups import id_of, listing
from pointsman.errors import NotFound, Transient
from pointsman.policy import ModelGroup

Json = dict[str, Any]
WAITING = "ApproximateNumberOfMessages"
NO_QUEUE = ("NonExistentQueue", "QueueDoesNotExist")


@dataclass(frozen=True, slots=True)
class Deployed:
    """A function as it is deployed."""

    state: str
    update: str
    handler: str
    timeout_s: int


@dataclass(frozen=True, slots=True)
class Queued:
    """A queue: what waits in it, and in the queue that takes what failed too often (None: there is none)."""

    waiting: int
    dead_letters: str
    dead: int | None


class Inspection:
    """One method for each kind of part. Raises NotFound, Denied or Transient."""

    def __init__(self, client: Callable[[str], Any]) -> None:
        """Take what makes clients by the name of their service."""
        self._client = client

    def function(self, name: str) -> Deployed:
        """GetFunctionConfiguration."""
        with mapped(f"lambda:GetFunctionConfiguration on {name}"):
            answer = self._client("lambda").get_function_configuration(FunctionName=name)
        return Deployed(
            state=str(answer.get("State", "Active")),
            update=str(answer.get("LastUpdateStatus", "Successful")),
            handler=str(answer.get("Handler", "")),
            timeout_s=int(answer.get("Timeout", 0)),
        )

    def may_invoke(self, name: str) -> None:
        """Invoke as a dry run: it checks the permission and runs nothing. Raises Denied."""
        with mapped(f"lambda:InvokeFunction on {name}"):
            self._client("lambda").invoke(FunctionName=name, InvocationType="DryRun")

    def rule(self, name: str) -> str:
        """DescribeRule: `ENABLED` or `DISABLED`."""
        with mapped(f"events:DescribeRule on {name}"):
            return str(self._client("events").describe_rule(Name=name)["State"])

    def bus(self, name: str) -> str:
        """DescribeEventBus: its ARN."""
        with mapped(f"events:DescribeEventBus on {name}"):
            return str(self._client("events").describe_event_bus(Name=name)["Arn"])

    def table(self, name: str) -> str:
        """DescribeTable: `ACTIVE`, or what else it is."""
        with mapped(f"dynamodb:DescribeTable on {name}"):
            return str(self._client("dynamodb").describe_table(TableName=name)["Table"]["TableStatus"])

    def queue(self, name: str) -> Queued:
        """GetQueueUrl, and GetQueueAttributes of it and of its dead-letter queue. The counts are SQS's approximate ones."""
        url = find_queue_url(self._client("sqs"), name)
        attributes = self._attributes(name, url)
        policy = attributes.get("RedrivePolicy")
        if not policy:
            return Queued(int(attributes[WAITING]), "", None)
        other = str(json.loads(policy)["deadLetterTargetArn"]).rpartition(":")[2]
        dead = int(self._attributes(other, find_queue_url(self._client("sqs"), other))[WAITING])
        return Queued(int(attributes[WAITING]), other, dead)

    def alarms(self, prefix: str) -> dict[str, str]:
        """DescribeAlarms by the beginning of the name: the state of each."""
        found: dict[str, str] = {}
        token: Json = {}
        while True:
            with mapped(f"cloudwatch:DescribeAlarms of {prefix}*"):
                answer = self._client("cloudwatch").describe_alarms(
                    AlarmNamePrefix=prefix, AlarmTypes=["MetricAlarm", "CompositeAlarm"], **token
                )
            for kind in ("MetricAlarms", "CompositeAlarms"):
                found |= {str(each["AlarmName"]): str(each["StateValue"]) for each in answer.get(kind, [])}
            if not answer.get("NextToken"):
                return found
            token = {"NextToken": answer["NextToken"]}

    def missing_alarms(self, names: Sequence[str]) -> list[str]:
        """DescribeAlarms by name: which of these do not exist."""
        found: set[str] = set()
        for start in range(0, len(names), MAX_NAMES):
            with mapped("cloudwatch:DescribeAlarms"):
                answer = self._client("cloudwatch").describe_alarms(
                    AlarmNames=list(names[start : start + MAX_NAMES]),
                    AlarmTypes=["MetricAlarm", "CompositeAlarm"],
                    MaxRecords=MAX_NAMES,
                )
            for kind in ("MetricAlarms", "CompositeAlarms"):
                found |= {str(each["AlarmName"]) for each in answer.get(kind, [])}
        return [name for name in names if name not in found]

    def group(self, group: ModelGroup) -> None:
        """ListModelPackages, one row: it shows whether the group's versions may be read."""
        client = self._client("sagemaker")
        with listing(group):
            client.list_model_packages(ModelPackageGroupName=id_of(group, client), MaxResults=1)

    def _attributes(self, name: str, url: str) -> Json:
        with mapped(f"sqs:GetQueueAttributes of {name}"):
            answer = self._client("sqs").get_queue_attributes(
                QueueUrl=url, AttributeNames=[WAITING, "RedrivePolicy"]
            )
        attributes: Json = answer["Attributes"]
        return attributes


def find_queue_url(client: Any, name: str) -> str:  # noqa: ANN401 - boto3's clients have no common type
    """GetQueueUrl. Raises NotFound where there is no such queue."""
    try:
        with mapped(f"sqs:GetQueueUrl of {name}"):
            return str(client.get_queue_url(QueueName=name)["QueueUrl"])
    except Transient as err:
        # SQS has codes of its own for what others call not found.
        if any(code in str(err) for code in NO_QUEUE):
            raise NotFound(str(err)) from err
        raise
