"""Somebody who listens to an installation's bus: a rule with a queue behind it, as anybody would set it up. Nothing of ours is in it."""

from __future__ import annotations

import json
from typing import Any

from pointsman.core.bus_event import SOURCE
from twin.wire.world import Wire

QUEUE, RULE = "subscriber", "everything-of-pointsman"
Json = dict[str, Any]


class Subscriber:
    """It hears from now on, and remembers."""

    def __init__(self, wire: Wire, bus: str, pattern: Json | None = None) -> None:
        self._sqs, events = wire.client("sqs"), wire.client("events")
        self._url = self._sqs.create_queue(QueueName=QUEUE)["QueueUrl"]
        asked = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])
        wanted = json.dumps(pattern or {"source": [SOURCE]})
        events.put_rule(Name=RULE, EventBusName=bus, EventPattern=wanted)
        target = {"Id": QUEUE, "Arn": asked["Attributes"]["QueueArn"]}
        events.put_targets(Rule=RULE, EventBusName=bus, Targets=[target])
        self._heard: list[Json] = []

    def events(self) -> list[Json]:
        """Every event so far, in the order of its arrival."""
        while found := self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages"):
            for message in found:
                self._heard.append(json.loads(message["Body"]))
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return self._heard

    def details(self) -> list[Json]:
        """What the events say."""
        return [event["detail"] for event in self.events()]
