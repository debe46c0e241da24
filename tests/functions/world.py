"""An installation over the wire in which the samples of `events/` speak of something: endpoint Fraud-Prod, versions 1 to 7."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from local.installation import KernelClock, logging_to
from pointsman import wiring
from pointsman.adapters.aws.dynamodb import record_from, table_definitions
from pointsman.core.audit import Record, check
from pointsman.core.lane import Lane
from pointsman.core.phases import Phase
from pointsman.core.rollout import Rollout
from pointsman.policy import EndpointName
from pointsman.policy_book import PolicyBook
from pointsman.settings import Settings
from pointsman.world import World
from tests.functions.account import ACCOUNT, ALARM, ENDPOINT, Json, alarm, package, policy, sample, serving
from twin.kernel import Kernel
from twin.wire.world import Wire

if TYPE_CHECKING:
    from botocore.config import Config


class Context:
    """What Lambda hands a handler beside the event."""

    function_name = "pointsman-test"
    memory_limit_in_mb = 256
    invoked_function_arn = "arn:aws:lambda:us-east-1:111122223333:function:pointsman-test"
    aws_request_id = "00000000-0000-0000-0000-000000000000"


@dataclass(slots=True)
class Here:
    """A running installation and short ways to use it."""

    kernel: Kernel
    wire: Wire
    world: World
    settings: Settings
    log: io.StringIO
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Service and operation of every call that our own clients made, DynamoDB and SQS included."""
    failing: set[tuple[str, str]] = field(default_factory=set)

    def handle(self, name: str, event: object) -> Any:
        """Run a real handler; what it prints goes to the log."""
        with contextlib.redirect_stdout(self.log):
            return importlib.import_module(f"functions.{name}").handler(event, Context())

    def deliver(self, name: str) -> Any:
        """Hand a sample to the handler of its trigger."""
        return self.handle(name.partition("--")[0], sample(name))

    def facts(self) -> Any:
        """All that is remembered of the endpoint but how often it was written."""
        lane = self.lane()
        rollout = lane.rollout
        return (
            (rollout.id, rollout.phase, rollout.step, rollout.cause, rollout.baseline) if rollout else None,
            lane.queued,
            lane.approvals,
            set(lane.quarantined),
        )

    def drain(self) -> list[Any]:
        """Take what waits in the due queue."""
        sqs, url = self.wire.client("sqs"), self.settings.due_queue_url
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in messages]

    def lane(self, endpoint: EndpointName = ENDPOINT) -> Lane:
        return self.world.store.get_lane(endpoint)

    def rollout(self) -> Rollout:
        rollout = self.lane().rollout
        assert rollout is not None
        return rollout

    def phase(self) -> Phase | None:
        rollout = self.lane().rollout
        return rollout.phase if rollout else None

    def records(self, endpoint: EndpointName = ENDPOINT) -> list[Record]:
        """The endpoint's audit records, oldest first."""
        answer = self.wire.client("dynamodb").query(
            TableName=self.settings.audit_table,
            KeyConditionExpression="pk = :stream",
            ExpressionAttributeValues={":stream": {"S": f"rollouts#{endpoint}"}},
        )
        return [record_from(item) for item in answer["Items"]]

    def due(self, endpoint: str = ENDPOINT) -> Any:
        return self.handle("rollout_due", {"Records": [{"body": json.dumps({"endpoint": endpoint})}]})

    def approve(self) -> None:
        """Approve version 7 at the time of which the samples speak, and let the event of it arrive."""
        self.judge_in_registry("Approved")
        self.handle("model_package_changed", sample("model_package_changed--approved.json"))

    def judge_in_registry(self, status: str) -> None:
        self.call("UpdateModelPackage", ModelPackageArn=package(7), ModelApprovalStatus=status)

    def drive_to(self, *phases: Phase, passes: int = 200) -> Rollout:
        """Tick as the schedule would until the rollout is in one of the phases."""
        for _ in range(passes):
            if self.phase() in phases:
                return self.rollout()
            self.kernel.advance(timedelta(seconds=20))
            self.due()
        raise AssertionError(f"never came to {phases}: {self.rollout()}")

    def set_alarm(self, state: str, name: str = ALARM) -> None:
        wish = {"AlarmName": name, "StateValue": state, "StateReason": "set by the test"}
        self.kernel.call("cloudwatch", "SetAlarmState", wish)

    def call(self, operation: str, **params: Any) -> Json:
        """A SageMaker call by somebody else."""
        return self.kernel.call("sagemaker", operation, params)

    def fire(self) -> None:
        """Let the alarm fire, and go on firing however often CloudWatch evaluates it."""
        self.kernel.call("cloudwatch", "PutMetricAlarm", alarm(ALARM, threshold=-1.0))
        self.set_alarm("ALARM")

    def live(self) -> Json:
        return self.call("DescribeEndpoint", EndpointName=ENDPOINT)

    def weights(self) -> dict[str, float]:
        """Weights in percent by variant."""
        variants = self.live()["ProductionVariants"]
        total = sum(each["CurrentWeight"] for each in variants)
        return {each["VariantName"]: round(100 * each["CurrentWeight"] / total, 2) for each in variants}

    def changing_calls(self) -> list[str]:
        """Every SageMaker call so far that changes an endpoint."""
        return [
            operation
            for _, service, operation, _ in self.kernel.calls
            if service == "sagemaker" and operation.startswith("UpdateEndpoint")
        ]

    def lines(self) -> list[Json]:
        return [json.loads(line) for line in self.log.getvalue().splitlines()]

    def said(self, message: str) -> list[Json]:
        """Log lines with this message."""
        return [line for line in self.lines() if line.get("message") == message]

    def counted(self, metric: str) -> int:
        """Sum of a metric over all that was emitted."""
        return round(sum(sum(line[metric]) for line in self.lines() if "_aws" in line and metric in line))

    def break_calls(self, *calls: tuple[str, str]) -> None:
        """Let calls of our own clients, by service and operation, be answered with a server error from now on."""
        self.failing.update(calls)

    def break_table(self) -> None:
        """Let DynamoDB answer nothing any more."""
        operations = ("GetItem", "TransactWriteItems", "PutItem", "Query", "BatchWriteItem", "DeleteItem")
        self.break_calls(*(("dynamodb", operation) for operation in operations))

    def mend(self) -> None:
        self.failing.clear()


def require_whole_chain(here: Here) -> None:
    assert check(here.records(), here.lane().head) == []


@contextlib.contextmanager
def installed(*policies: object, config: Json | None = None) -> Iterator[Here]:
    """Install everything beside an endpoint that serves version 1; leaving takes it all away."""
    kernel = serving(config or {})
    log = io.StringIO()
    with Wire(kernel) as wire, logging_to(log):
        settings = _make_resources(wire)
        asked: list[tuple[str, str]] = []
        failing: set[tuple[str, str]] = set()
        book = PolicyBook(policies or (policy(),), ACCOUNT)
        world = wiring.build(settings, _clients(wire, asked, failing), KernelClock(kernel), book)
        wiring.install(world)
        try:
            yield Here(kernel, wire, world, settings, log, asked, failing)
        finally:
            wiring.install(None)


def _clients(wire: Wire, asked: list[tuple[str, str]], failing: set[tuple[str, str]]) -> wiring.Clients:
    def clients(service: str, config: Config) -> Any:
        session = wire._session
        assert session is not None
        client = session.client(service, config=config)  # type: ignore[call-overload]

        def note(model: Any, **_: Any) -> Any:
            asked.append((service, model.name))
            return _server_error() if (service, model.name) in failing else None

        client.meta.events.register("before-call", note)
        return client

    return clients


def _server_error() -> tuple[Any, Json]:
    """What botocore takes for the answer, so that it waits for no retry."""
    error = {"Code": "InternalServerError", "Message": "broken by the test"}
    return SimpleNamespace(status_code=500), {"Error": error, "ResponseMetadata": {"HTTPStatusCode": 500}}


def _make_resources(wire: Wire) -> Settings:
    sqs, sns = wire.client("sqs"), wire.client("sns")
    for definition in table_definitions("pointsman-state", "pointsman-audit"):
        wire.client("dynamodb").create_table(**definition)
    at_once = {"VisibilityTimeout": "0"}
    return Settings(
        state_table="pointsman-state",
        audit_table="pointsman-audit",
        due_queue_url=sqs.create_queue(QueueName="pointsman-due")["QueueUrl"],
        journal_queue_url=sqs.create_queue(QueueName="pointsman-journal", Attributes=at_once)["QueueUrl"],
        topic_arn=sns.create_topic(Name="pointsman")["TopicArn"],
        bus_name=wire.client("events").create_event_bus(Name="pointsman")["EventBusArn"].rpartition("/")[2],
        policies_file=Path("given"),
    )
