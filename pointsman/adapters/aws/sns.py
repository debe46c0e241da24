"""Messages to people over SNS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.faults import mapped
from pointsman.core.outgoing import Message

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

MAX_BYTES = 250_000


class SnsTopic:
    """Implements `listeners.Topic`. The stable id travels as an attribute, so that receivers can drop duplicates."""

    def __init__(self, client: SNSClient, default_topic: str) -> None:
        """Take a client and the installation's topic."""
        self._client: Any = client
        self._default = default_topic

    def send(self, message: Message) -> None:
        """Publish."""
        with mapped(f"Publish {message.id}"):
            self._client.publish(
                TopicArn=message.topic or self._default,
                Subject=message.subject,
                Message=message.body.encode()[:MAX_BYTES].decode(errors="ignore"),
                MessageAttributes={
                    "message_id": {"DataType": "String", "StringValue": message.id},
                    "endpoint": {"DataType": "String", "StringValue": message.endpoint},
                },
            )
