"""The same runs with nothing of ours replaced: boto3 clients, the wire, and moto's DynamoDB, SQS, SNS and EventBridge behind the gate."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pointsman import wiring
from pointsman.adapters.aws.dynamodb import DynamoStore, record_from, table_definitions
from pointsman.core.audit import Record
from pointsman.core.lane import Lane
from pointsman.core.outgoing import Outgoing
from pointsman.policy import Policy
from pointsman.settings import Settings
from pointsman.world import World
from tests.properties.gate import TABLE, Gate, Gated, refuse_as_aws
from tests.properties.installations import KernelClock
from tests.worlds.account import ENDPOINT, Account
from tests.worlds.memory import FixedPolicies
from tests.worlds.subscriber import Subscriber
from twin.wire.world import Wire

STATE, AUDIT = "state", "audit"


class OverBoto3:
    """A maker of one installation; it is closed with its with-statement."""

    def __init__(self) -> None:
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def __call__(self, account: Account, gate: Gate, policy: Policy) -> BotoInstallation:
        wire = self._stack.enter_context(Wire(account.kernel))
        return BotoInstallation(wire, account, gate, policy)


class BotoInstallation:
    """Tables, queues and topic in moto; what is looked at from outside does not go through the gate."""

    def __init__(self, wire: Wire, account: Account, gate: Gate, policy: Policy) -> None:
        self._dynamodb, self._sqs = wire.client("dynamodb"), wire.client("sqs")
        self._settings = settings = self._create(wire)
        self._store = DynamoStore(self._dynamodb, STATE, AUDIT)
        self._subscriber = Subscriber(wire, settings.bus_name)

        def clients(service: str, config: object) -> Any:
            kind = TABLE if service == "dynamodb" else service
            return Gated(gate, kind, wire.client(service), refuse_as_aws)

        self.world: World = wiring.build(settings, clients, KernelClock(account), FixedPolicies(policy))

    def _create(self, wire: Wire) -> Settings:
        for definition in table_definitions(STATE, AUDIT):
            self._dynamodb.create_table(**definition)
        # moto hides a message in real time, of which none passes here.
        at_once = {"VisibilityTimeout": "0"}
        due, journal = (
            self._sqs.create_queue(QueueName=name, Attributes=at_once)["QueueUrl"]
            for name in ("due", "journal")
        )
        topic = wire.client("sns").create_topic(Name="topic")["TopicArn"]
        wire.client("events").create_event_bus(Name="bus")
        return Settings(STATE, AUDIT, due, journal, topic, "bus", Path("unused"))

    def lane(self) -> Lane:
        return self._store.get_lane(ENDPOINT)

    def records(self) -> list[Record]:
        return [record_from(item) for item in self._dynamodb.scan(TableName=AUDIT)["Items"]]

    def published(self) -> list[dict[str, Any]]:
        return self._subscriber.details()

    def unsent(self) -> list[Outgoing]:
        return self._store.find_unsent()

    def has_journal(self) -> bool:
        count = "ApproximateNumberOfMessages"
        asked = self._sqs.get_queue_attributes(
            QueueUrl=self._settings.journal_queue_url, AttributeNames=[count]
        )
        return int(asked["Attributes"][count]) > 0

    def take_due(self) -> list[str]:
        bodies: list[str] = []
        url = self._settings.due_queue_url
        while messages := self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                bodies.append(message["Body"])
                self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return bodies
