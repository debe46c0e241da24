"""The installation as it stands on ministack: its tables, queues and functions, reached as an operator's tools reach them."""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import dataclass
from typing import Any

from botocore.config import Config

from e2e.deployment import PREFIX
from e2e.emulator import ROOT, Emulator
from e2e.errors import NotProved
from pointsman.adapters.aws.dynamodb import DynamoStore, record_from
from pointsman.core.audit import Record, check
from pointsman.policy import EndpointName
from pointsman.record import stream_of

STATE, AUDIT = f"{PREFIX}-state", f"{PREFIX}-audit"
DEAD = (f"{PREFIX}-dead-letters", f"{PREFIX}-failed-invocations")
WAITING = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
SENT_WITHIN_S, POLL_S = 130.0, 1.0
ONCE = Config(retries={"total_max_attempts": 1})


@dataclass(frozen=True, slots=True)
class Installed:
    """One installation."""

    emulator: Emulator
    store: DynamoStore

    @staticmethod
    def on(emulator: Emulator) -> Installed:
        """What was deployed there."""
        return Installed(emulator, DynamoStore(emulator.client("dynamodb", ONCE), STATE, AUDIT))

    def records(self, endpoint: EndpointName) -> list[Record]:
        """The audit records of an endpoint's rollouts, oldest first, read from the table.

        Raises:
            NotProved: the chain is broken, or its head is not the one that the state holds.

        """
        answer = self.emulator.client("dynamodb").query(
            TableName=AUDIT,
            KeyConditionExpression="pk = :stream",
            ExpressionAttributeValues={":stream": {"S": stream_of(endpoint)}},
            ConsistentRead=True,
        )
        records = [record_from(item) for item in answer["Items"]]
        if problems := check(records, self.store.get_lane(endpoint).head):
            raise NotProved("; ".join(problems))
        return records

    def await_sent(self) -> None:
        """Wait until nothing is left to be sent: a tick comes every minute.

        Raises:
            NotProved: something still is after two of them.

        """
        end = time.monotonic() + SENT_WITHIN_S
        while unsent := self.store.find_unsent():
            if time.monotonic() > end:
                raise NotProved(f"what these records leave was not sent: {[each.id for each in unsent]}")
            time.sleep(POLL_S)

    def dead_letters(self) -> dict[str, int]:
        """How many messages lie in each queue for what failed."""
        sqs = self.emulator.client("sqs")
        found = {}
        for queue in DEAD:
            url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
            counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(WAITING))["Attributes"]
            found[queue] = sum(int(counts[name]) for name in WAITING)
        return found

    def start(self, function: str, event: dict[str, Any]) -> None:
        """Start a function as a rule does: asynchronously, by its alias."""
        self.emulator.client("lambda").invoke(
            FunctionName=f"{PREFIX}-{function}",
            Qualifier="live",
            InvocationType="Event",
            Payload=json.dumps(event).encode(),
        )

    def command(self, *words: str) -> str:
        """What `pointsman` prints, run as a person runs it. Raises NotProved where it fails."""
        done = subprocess.run(  # noqa: S603 - the command is ours
            [str(ROOT / "bin" / "pointsman"), *words],
            env={
                "PATH": os.environ.get("PATH", ""),
                "HOME": str(self.emulator.folder),
                **self.emulator.environment(),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NotProved(
                f"pointsman {' '.join(words)} exits {done.returncode}: {done.stderr or done.stdout}"
            )
        return done.stdout
