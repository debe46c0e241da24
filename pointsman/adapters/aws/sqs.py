"""The two SQS queues: endpoints that are due, and the journal of moves that are still to be recorded."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.faults import mapped
from pointsman.archive import QueueLength
from pointsman.errors import Transient
from pointsman.policy import EndpointName
from pointsman.ports import JournalEntry

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

BATCH = 10
WAITING = "ApproximateNumberOfMessages"


class SqsQueues:
    """Implements `ports.Queues` and `archive.Backlog`."""

    def __init__(self, client: SQSClient, due_url: str, journal_url: str) -> None:
        """Take a client and the addresses of the queues."""
        self._client: Any = client
        self._due = due_url
        self._journal = journal_url

    def put_due(self, endpoints: list[EndpointName]) -> None:
        """One message for each, ten in a call. Raises Transient when one of them was not taken."""
        for start in range(0, len(endpoints), BATCH):
            batch = endpoints[start : start + BATCH]
            entries = [
                {"Id": str(index), "MessageBody": json.dumps({"endpoint": endpoint})}
                for index, endpoint in enumerate(batch)
            ]
            with mapped("SendMessageBatch"):
                answer = self._client.send_message_batch(QueueUrl=self._due, Entries=entries)
            if answer.get("Failed"):
                raise Transient(f"{len(answer['Failed'])} of {len(batch)} messages were not taken")

    def put_journal(self, entry: JournalEntry) -> None:
        """Keep a move."""
        body = {
            "endpoint": entry.endpoint,
            "at": entry.at.isoformat(),
            "rollout": entry.rollout,
            "act": entry.act,
            "reason": entry.reason,
            "cause": entry.cause,
        }
        with mapped("SendMessage to the journal"):
            self._client.send_message(QueueUrl=self._journal, MessageBody=json.dumps(body))

    def take_journal(self) -> list[JournalEntry]:
        """Up to ten entries, without waiting. A message that is no entry stays, for the queue's dead-letter queue."""
        with mapped("ReceiveMessage from the journal"):
            answer = self._client.receive_message(
                QueueUrl=self._journal, MaxNumberOfMessages=BATCH, WaitTimeSeconds=0
            )
        entries = [_find_entry(message) for message in answer.get("Messages", [])]
        return [entry for entry in entries if entry is not None]

    def drop_journal(self, entry: JournalEntry) -> None:
        """Delete the message."""
        with mapped("DeleteMessage from the journal"):
            self._client.delete_message(QueueUrl=self._journal, ReceiptHandle=entry.receipt)

    def read_lengths(self) -> list[QueueLength]:
        """GetQueueAttributes of both queues and of what takes their failures. The counts are SQS's approximate ones."""
        return [self._length(url) for url in (self._due, self._journal)]

    def _length(self, url: str) -> QueueLength:
        attributes = self._attributes(url)
        policy = attributes.get("RedrivePolicy")
        name, dead = url.rpartition("/")[2], None
        if policy:
            target = str(json.loads(policy)["deadLetterTargetArn"]).rpartition(":")[2]
            dead = int(self._attributes(url.removesuffix(name) + target)[WAITING])
        return QueueLength(name, int(attributes[WAITING]), dead)

    def _attributes(self, url: str) -> dict[str, str]:
        with mapped(f"GetQueueAttributes {url}"):
            answer = self._client.get_queue_attributes(
                QueueUrl=url, AttributeNames=[WAITING, "RedrivePolicy"]
            )
        attributes: dict[str, str] = answer["Attributes"]
        return attributes


def _find_entry(message: dict[str, Any]) -> JournalEntry | None:
    try:
        body = json.loads(message["Body"])
        return JournalEntry(
            endpoint=EndpointName(body["endpoint"]),
            at=datetime.fromisoformat(body["at"]),
            rollout=body["rollout"],
            act=body["act"],
            reason=body["reason"],
            receipt=message["ReceiptHandle"],
            cause=str(body.get("cause", "")),
        )
    except (ValueError, KeyError, TypeError):
        return None
