"""Starts the deployed handlers on the virtual clock: patterns, schedules and queues of `pointsman/triggers.py`. No logic of its own."""

from __future__ import annotations

import contextlib
import importlib
import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import IO, Any

from local.patterns import matches
from pointsman.triggers import TRIGGERS, Pattern, Queue, Schedule, Trigger
from twin.kernel import Kernel

RETRIES = 2
RETRY_AFTER = timedelta(minutes=1)
"""Lambda retries an asynchronous invocation twice, a minute later (facts/aws.md, 5)."""

Json = dict[str, Any]
Answered = Callable[[str, Any], None]
Bury = Callable[[Trigger, Json, Exception, int], None]
"""Takes the trigger, the event, the last error and the number of tries."""


def _forget(_trigger: Trigger, _event: Json, _error: Exception, _tries: int) -> None:
    """A run without dead-letter queues."""


@dataclass(slots=True)
class Delivery:
    """An event on its way to a handler."""

    trigger: Trigger
    event: Json
    due: datetime
    tries: int = 0


@dataclass(slots=True)
class Context:
    """What Lambda hands a handler beside the event."""

    function_name: str
    memory_limit_in_mb: int = 256
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:111122223333:function:pointsman-local"
    aws_request_id: str = "local"


@dataclass(slots=True)
class Dispatcher:
    """One installation's rules, schedules and queues. What failed too often is given to `bury`, and noted in `dead`.

    `is_enabled` says whether a trigger's rule lets anything through.
    """

    kernel: Kernel
    sqs: Any
    due_url: str
    log: IO[str]
    triggers: Sequence[Trigger] = TRIGGERS
    bury: Bury = _forget
    answered: Answered = lambda _name, _answer: None
    is_enabled: Callable[[Trigger], bool] = lambda _trigger: True
    pending: deque[Delivery] = field(default_factory=deque)
    dead: list[Json] = field(default_factory=list)
    _next_starts: dict[str, datetime] = field(default_factory=dict)
    _invocations: int = 0

    def start(self) -> None:
        """Begin to listen; each schedule starts for the first time when its own period has passed since the full minute."""
        self.kernel.subscribe(self.take)
        minute = self.kernel.now.replace(second=0, microsecond=0)
        self._next_starts = {trigger.name: minute + every for trigger, every in self._schedules()}

    def take(self, event: Json) -> None:
        """Route an event of the default bus."""
        for trigger in self.triggers:
            if isinstance(trigger.started_by, Pattern) and matches(trigger.started_by.pattern, event):
                self._start(trigger, event)

    def send(self, trigger: Trigger, event: Json) -> None:
        """Start a handler asynchronously, with retries, as soon as time moves."""
        self.pending.append(Delivery(trigger, event, self.kernel.now))

    def advance_to(self, end: datetime) -> None:
        """Let time pass up to `end`; everything that is due starts its handler."""
        self._settle()
        while self.kernel.now < end:
            self.kernel.advance_to(min([end, *self._moments()]))
            self._start_schedules()
            self._settle()

    def invoke(self, name: str, event: Json) -> Any:  # noqa: ANN401 - whatever the handler answers
        """Start one handler directly; its log lines and metrics go to the log."""
        handler = importlib.import_module(f"functions.{name}").handler
        self._invocations += 1
        with contextlib.redirect_stdout(self.log):
            answer = handler(event, Context(name, aws_request_id=f"local-{self._invocations:06d}"))
        self.answered(name, answer)
        return answer

    def _moments(self) -> list[datetime]:
        next_due = self.kernel.next_due()
        found = [] if next_due is None else [next_due]
        return [*found, *self._next_starts.values(), *(delivery.due for delivery in self.pending)]

    def _schedules(self) -> list[tuple[Trigger, timedelta]]:
        return [
            (trigger, trigger.started_by.every)
            for trigger in self.triggers
            if isinstance(trigger.started_by, Schedule)
        ]

    def _start_schedules(self) -> None:
        for trigger, every in self._schedules():
            due = self._next_starts.get(trigger.name)
            if due is not None and due <= self.kernel.now:
                self._next_starts[trigger.name] = due + every
                self._start(trigger, _scheduled(self.kernel.now))

    def _start(self, trigger: Trigger, event: Json) -> None:
        """A rule that is disabled delivers nothing, and nothing is made up for later."""
        if self.is_enabled(trigger):
            self.send(trigger, event)

    def _settle(self) -> None:
        """Deliver what is due now, and what comes of it, until nothing is left."""
        while True:
            ready = [delivery for delivery in self.pending if delivery.due <= self.kernel.now]
            if not ready and not self._receive():
                return
            for delivery in ready:
                self.pending.remove(delivery)
                self._deliver(delivery)

    def _receive(self) -> bool:
        answer = self.sqs.receive_message(QueueUrl=self.due_url, MaxNumberOfMessages=10, WaitTimeSeconds=0)
        messages = answer.get("Messages", [])
        trigger = next(each for each in self.triggers if isinstance(each.started_by, Queue))
        for message in messages:
            self.sqs.delete_message(QueueUrl=self.due_url, ReceiptHandle=message["ReceiptHandle"])
            event = {"Records": [_record(message)]}
            self.pending.append(Delivery(trigger, event, self.kernel.now))
        return bool(messages)

    def _deliver(self, delivery: Delivery) -> None:
        try:
            self.invoke(delivery.trigger.name, delivery.event)
        except Exception as error:  # noqa: BLE001 - Lambda's boundary: any failure is a retry, then the dead-letter queue
            self._again(delivery, error)

    def _again(self, delivery: Delivery, error: Exception) -> None:
        self.log.write(json.dumps({"failed": delivery.trigger.name, "error": repr(error)}) + "\n")
        delivery.tries += 1
        if delivery.tries > RETRIES:
            self.dead.append(
                {"function": delivery.trigger.name, "error": repr(error), "event": delivery.event}
            )
            self.bury(delivery.trigger, delivery.event, error, delivery.tries)
            return
        delivery.due = self.kernel.now + RETRY_AFTER * delivery.tries
        self.pending.append(delivery)


def _record(message: Json) -> Json:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": {},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
    }


def _scheduled(now: datetime) -> Json:
    return {
        "version": "0",
        "id": f"tick-{now:%Y%m%dT%H%M}",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "111122223333",
        "time": now.isoformat(),
        "region": "us-east-1",
        "resources": [],
        "detail": {},
    }
