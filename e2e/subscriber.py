"""Somebody who listens to the installation's bus, as docs/events.md tells it: a rule, and a queue behind it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from e2e.deployment import PREFIX
from e2e.emulator import ACCOUNT, REGION, Emulator
from e2e.errors import NotProved
from pointsman.core.audit import Record

NAME = "e2e-subscriber"
Json = dict[str, Any]


@dataclass(slots=True)
class Subscriber:
    """What was heard so far, by the id that stays the same however often an event is sent."""

    emulator: Emulator
    url: str
    heard: dict[str, Json] = field(default_factory=dict)

    def expect(self, records: Iterable[Record]) -> None:
        """Hear what there is, and hold it against what was recorded.

        Raises:
            NotProved: a record was never sent, or an event tells of another hash than its record has.

        """
        self._listen()
        for record in records:
            event = self.heard.get(f"{record.stream}:{record.seq}")
            if event is None:
                raise NotProved(f"no event told of record {record.seq} of {record.stream}")
            if event["source"] != "pointsman" or event["detail"]["hash"] != record.hash:
                raise NotProved(f"an event does not tell what was recorded: {event}")

    def _listen(self) -> None:
        sqs = self.emulator.client("sqs")
        while messages := sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                event = json.loads(message["Body"])
                self.heard[event["detail"]["id"]] = event
                sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])


def subscribe(emulator: Emulator) -> Subscriber:
    """Make the queue, let the rule send to it, and make the rule."""
    queue, rule = (
        f"arn:aws:sqs:{REGION}:{ACCOUNT}:{NAME}",
        f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{PREFIX}/{NAME}",
    )
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    url = emulator.client("sqs").create_queue(QueueName=NAME, Attributes={"Policy": policy})["QueueUrl"]
    events = emulator.client("events")
    events.put_rule(Name=NAME, EventBusName=PREFIX, EventPattern=json.dumps({"source": ["pointsman"]}))
    events.put_targets(Rule=NAME, EventBusName=PREFIX, Targets=[{"Id": "queue", "Arn": queue}])
    return Subscriber(emulator, url)
