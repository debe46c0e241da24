"""Where the local run puts what failed too often: the two queues, in the shapes of Lambda and SQS. It decides nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pointsman.triggers import Queue, Trigger
from twin.kernel import Kernel

PLACE = "us-east-1:111122223333"
DEAD_LETTERS, FAILED_INVOCATIONS = "pointsman-dead-letters", "pointsman-failed-invocations"
DUE_TRIES, JOURNAL_TRIES = 3, 1000
"""As they are deployed (infra/queues.py)."""
WAITING = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """Both queues of an installation."""

    kernel: Kernel
    sqs: Any
    dead_letters_url: str
    failed_invocations_url: str

    def take(self, trigger: Trigger, event: Json, error: Exception, tries: int) -> None:
        """Keep an event on which a function failed each time. A message of a queue is kept as SQS moves it: bare."""
        if isinstance(trigger.started_by, Queue) and "Records" in event:
            for record in event["Records"]:
                self.sqs.send_message(QueueUrl=self.dead_letters_url, MessageBody=record["body"])
            return
        body = json.dumps(self._failure(trigger, event, error, tries))
        self.sqs.send_message(QueueUrl=self.failed_invocations_url, MessageBody=body)

    def count(self) -> int:
        """How many messages lie there now, those included that somebody is looking at."""
        answers = [
            self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(WAITING))["Attributes"]
            for url in (self.dead_letters_url, self.failed_invocations_url)
        ]
        return sum(int(attributes[name]) for attributes in answers for name in WAITING)

    def _failure(self, trigger: Trigger, event: Json, error: Exception, tries: int) -> Json:
        """The record of Lambda's on-failure destination (facts/aws.md, 5)."""
        return {
            "version": "1.0",
            "timestamp": f"{self.kernel.now:%Y-%m-%dT%H:%M:%S}.{self.kernel.now.microsecond // 1000:03d}Z",
            "requestContext": {
                "requestId": f"local-{self.kernel.now:%Y%m%dT%H%M%S}",
                "functionArn": f"arn:aws:lambda:{PLACE}:function:pointsman-{trigger.name.replace('_', '-')}:live",
                "condition": "RetriesExhausted",
                "approximateInvokeCount": tries,
            },
            "requestPayload": event,
            "responseContext": {
                "statusCode": 200,
                "executedVersion": "$LATEST",
                "functionError": "Unhandled",
            },
            "responsePayload": {"errorMessage": str(error), "errorType": type(error).__name__},
        }


def make_queues(kernel: Kernel, sqs: Any) -> DeadLetters:  # noqa: ANN401 - boto3's clients have no common type
    """Create both."""
    urls = [sqs.create_queue(QueueName=name)["QueueUrl"] for name in (DEAD_LETTERS, FAILED_INVOCATIONS)]
    return DeadLetters(kernel, sqs, *urls)


def redriven_after(tries: int) -> dict[str, str]:
    """Attributes of a queue whose messages go to the dead letters after so many tries."""
    policy = {"deadLetterTargetArn": f"arn:aws:sqs:{PLACE}:{DEAD_LETTERS}", "maxReceiveCount": tries}
    return {"RedrivePolicy": json.dumps(policy)}
