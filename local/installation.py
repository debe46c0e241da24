"""One installation in one process: the twin, moto's tables and queues, the real adapters and handlers. Nothing leaves the process."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from local.dead_letters import DUE_TRIES, JOURNAL_TRIES, DeadLetters, make_queues, redriven_after
from local.dispatch import Dispatcher
from local.overheard import Overheard, listening
from local.policy_alarms import DeployedAlarms
from local.refusals import Refusals
from pointsman import wiring
from pointsman.adapters.aws.dynamodb import record_from, table_definitions
from pointsman.core.audit import Record
from pointsman.policy import Policy
from pointsman.policy_book import PolicyBook
from pointsman.policy_json import policy_to_json
from pointsman.settings import Settings
from pointsman.telemetry import logger
from pointsman.world import World
from twin.kernel import Kernel
from twin.wire.world import Wire

if TYPE_CHECKING:
    from botocore.config import Config

START = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
ACCOUNT = "111122223333"
STATE_TABLE, AUDIT_TABLE, BUS = "pointsman-state", "pointsman-audit", "pointsman"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class KernelClock:
    """Implements `ports.Clock` on the virtual time."""

    kernel: Kernel

    def now(self) -> datetime:
        """The kernel's time."""
        return self.kernel.now


class LivePolicies(PolicyBook):
    """The policies of an installation that stands; a deployment would bring others in a new zip, with their alarms."""

    def __init__(self, policies: Sequence[Policy], alarms: DeployedAlarms) -> None:
        """Deploy the first ones."""
        self._alarms_deployed = alarms
        self.replace(policies)

    def replace(self, policies: Sequence[Policy]) -> None:
        """Let these be the policies from now on."""
        super().__init__([policy_to_json(policy) for policy in policies], ACCOUNT)
        self._alarms_deployed.deploy(policies)


@dataclass(frozen=True, slots=True)
class Installation:
    """A running installation. `client` makes boto3 clients that reach it."""

    kernel: Kernel
    wire: Wire
    world: World
    dispatcher: Dispatcher
    settings: Settings
    policies: LivePolicies
    dead_letters: DeadLetters
    heard: Overheard = field(default_factory=Overheard)
    refusals: Refusals = field(default_factory=Refusals)
    _clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3's clients have no common type
        """A boto3 client, made once: that takes longer than a call."""
        if service not in self._clients:
            self._clients[service] = self.wire.client(service)
        return self._clients[service]

    def records(self) -> list[Record]:
        """The whole audit table, stream by stream."""
        items = self.client("dynamodb").scan(TableName=AUDIT_TABLE, ConsistentRead=True)["Items"]
        return sorted((record_from(item) for item in items), key=lambda each: (each.stream, each.seq))

    def stream(self, stream: str, after: int) -> list[Record]:
        """Records of one stream behind a number."""
        answer = self.client("dynamodb").query(
            TableName=AUDIT_TABLE,
            KeyConditionExpression="pk = :s AND sk > :n",
            ExpressionAttributeValues={":s": {"S": stream}, ":n": {"N": str(after)}},
        )
        return [record_from(item) for item in answer["Items"]]

    def pass_time(self, delta: timedelta) -> None:
        """Let virtual time pass, with everything that is due in it."""
        self.dispatcher.advance_to(self.kernel.now + delta)


@contextmanager
def installed(
    policies: Sequence[Policy], log: IO[str], seed: int = 7, start: datetime = START
) -> Iterator[Installation]:
    """Install everything; leaving takes it all away. It listens from `dispatcher.start()` on."""
    kernel = Kernel(seed=seed, start=start)
    with Wire(kernel) as wire, logging_to(log):
        here = _install(kernel, wire, policies, log)
        wiring.install(here.world)
        try:
            yield here
        finally:
            wiring.install(None)


def _install(kernel: Kernel, wire: Wire, policies: Sequence[Policy], log: IO[str]) -> Installation:
    dead_letters = make_queues(kernel, wire.client("sqs"))
    settings = _make_resources(wire)
    book = LivePolicies(policies, DeployedAlarms(wire.client("cloudwatch")))
    heard, refusals = Overheard(), Refusals()

    def clients(service: str, config: Config) -> Any:  # noqa: ANN401, ARG001 - the wire answers at once
        return refusals.listen(wire.client(service))

    world = listening(wiring.build(settings, clients, KernelClock(kernel), book), heard)
    dispatcher = Dispatcher(kernel, wire.client("sqs"), settings.due_queue_url, log, bury=dead_letters.take)
    return Installation(kernel, wire, world, dispatcher, settings, book, dead_letters, heard, refusals)


def _make_resources(wire: Wire) -> Settings:
    dynamodb, sqs, sns = wire.client("dynamodb"), wire.client("sqs"), wire.client("sns")
    for definition in table_definitions(STATE_TABLE, AUDIT_TABLE):
        dynamodb.create_table(**definition)
    wire.client("events").create_event_bus(Name=BUS)
    return Settings(
        state_table=STATE_TABLE,
        audit_table=AUDIT_TABLE,
        due_queue_url=sqs.create_queue(QueueName="pointsman-due", Attributes=redriven_after(DUE_TRIES))[
            "QueueUrl"
        ],
        journal_queue_url=sqs.create_queue(
            QueueName="pointsman-journal", Attributes=redriven_after(JOURNAL_TRIES)
        )["QueueUrl"],
        topic_arn=sns.create_topic(Name="pointsman")["TopicArn"],
        bus_name=BUS,
        policies_file=Path("in-process"),
    )


@contextmanager
def logging_to(log: IO[str]) -> Iterator[None]:
    """Let Powertools' log lines go to `log` while the installation stands."""
    handlers = [each for each in logger.handlers if isinstance(each, logging.StreamHandler)]
    before = [each.setStream(log) for each in handlers]
    try:
        yield
    finally:
        for each, stream in zip(handlers, before, strict=True):
            if stream is not None:
                each.setStream(stream)
