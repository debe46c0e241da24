"""An installation's two queues of dead letters: looked through, put back, sent on, deleted. What a letter means is not its business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.faults import mapped
from pointsman.adapters.aws.inspection import find_queue_url
from pointsman.errors import Misconfigured, NotFound, Transient

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

BATCH = 10
WAIT_S = 1
"""Any wait at all makes SQS look on all of its servers; without one it may overlook messages."""
DEAD_LETTERS, FAILED_INVOCATIONS = "dead-letters", "failed-invocations"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message. `attributes` are the sender's; `source` is the name of the queue it comes from, or empty."""

    id: str
    queue: str
    body: str
    attributes: Mapping[str, str]
    sent_at: datetime
    source: str
    receipt: str


class DeadLetters:
    """Messages cannot be looked at without being taken: whoever reads gives back (`release`) what is to stay."""

    def __init__(self, client: SQSClient, installation: str) -> None:
        """Take a client, and what the names of the queues begin with."""
        self._client: Any = client
        self._installation = installation
        self._urls: dict[str, str] = {}

    def read(self, hidden_s: int, limit: int) -> list[Letter]:
        """Up to `limit` letters of both queues, which nobody else sees for `hidden_s` seconds.

        Raises:
            Misconfigured: there are no such queues here.
            Denied, Transient: SQS does not give them. What was taken already shows again after `hidden_s`.

        """
        found: list[Letter] = []
        for part in (DEAD_LETTERS, FAILED_INVOCATIONS):
            name = f"{self._installation}-{part}"
            while batch := self._receive(name, hidden_s, min(BATCH, limit - len(found))):
                found += batch
        return found

    def release(self, letters: Sequence[Letter]) -> None:
        """Let others see these again at once. One that is deleted already is no error."""
        for name in {letter.queue for letter in letters}:
            mine = [letter for letter in letters if letter.queue == name]
            for start in range(0, len(mine), BATCH):
                entries = [
                    {"Id": str(index), "ReceiptHandle": letter.receipt, "VisibilityTimeout": 0}
                    for index, letter in enumerate(mine[start : start + BATCH])
                ]
                with mapped(f"sqs:ChangeMessageVisibility in {name}"):
                    self._client.change_message_visibility_batch(QueueUrl=self._url(name), Entries=entries)

    def delete(self, letter: Letter) -> None:
        """Delete one for good."""
        with mapped(f"sqs:DeleteMessage in {letter.queue}"):
            self._client.delete_message(QueueUrl=self._url(letter.queue), ReceiptHandle=letter.receipt)

    def put_back(self, letter: Letter, queue: str) -> None:
        """Send the same body to the queue of that name. The letter stays where it is."""
        with mapped(f"sqs:SendMessage to {queue}"):
            self._client.send_message(QueueUrl=self._url(queue), MessageBody=letter.body)

    def _receive(self, name: str, hidden_s: int, most: int) -> list[Letter]:
        if most < 1:
            return []
        url = self._url(name)
        with mapped(f"sqs:ReceiveMessage from {name}"):
            answer = self._client.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=most,
                VisibilityTimeout=hidden_s,
                WaitTimeSeconds=WAIT_S,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
        return [_letter(name, message) for message in answer.get("Messages", [])]

    def _url(self, name: str) -> str:
        if name not in self._urls:
            try:
                self._urls[name] = find_queue_url(self._client, name)
            except NotFound as err:
                why = f"queue {name} does not exist here: deploy it, or choose another --region, --profile or --installation"
                raise Misconfigured(why) from err
        return self._urls[name]


def _letter(queue: str, message: dict[str, Any]) -> Letter:
    attributes = message.get("MessageAttributes", {})
    system = message.get("Attributes", {})
    try:
        sent_at = datetime.fromtimestamp(int(system["SentTimestamp"]) / 1000, UTC)
    except (KeyError, ValueError) as err:
        raise Transient(f"queue {queue} gave a message without the time it was sent") from err
    return Letter(
        id=str(message["MessageId"]),
        queue=queue,
        body=str(message["Body"]),
        attributes={name: str(each.get("StringValue", "")) for name, each in attributes.items()},
        sent_at=sent_at,
        source=str(system.get("DeadLetterQueueSourceArn", "")).rpartition(":")[2],
        receipt=str(message["ReceiptHandle"]),
    )
