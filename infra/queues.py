"""The queues, and those that take what failed. Who reads and sends is in `permissions.py`."""

from __future__ import annotations

from datetime import timedelta

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.names import Names
from pointsman.triggers import TRIGGERS, Queue

KEPT = Duration.days(14)
"""The most there is: a person must find the time to look."""
DUE_TRIES = 3
JOURNAL_TRIES = 1000
"""The most there is. An entry is received every other minute while the tables cannot be written, and must outlast that."""
JOURNAL_HIDDEN = Duration.minutes(2)
"""Twice the time that the tick may take: no entry is taken by two ticks at once."""
DUE_HIDDEN_TIMES = 6
"""AWS's advice for a queue that starts a function, in timeouts of the function. Nobody waits for it: the tick asks again."""


class Queues(Construct):
    """Four queues: what is due, the journal, and what could not be delivered or handled."""

    def __init__(self, scope: Construct, names: Names) -> None:
        super().__init__(scope, "Queues")
        self.dead_letters = _queue(self, "DeadLetters", names.dead_letters)
        self.failed_invocations = _queue(self, "FailedInvocations", names.failed_invocations)
        self.due = _queue(
            self,
            "Due",
            names.due_queue,
            hidden=Duration.seconds(round(_due_timeout().total_seconds()) * DUE_HIDDEN_TIMES),
            dead=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=DUE_TRIES),
        )
        self.journal = _queue(
            self,
            "Journal",
            names.journal_queue,
            hidden=JOURNAL_HIDDEN,
            dead=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=JOURNAL_TRIES),
        )


def _queue(
    scope: Construct,
    part: str,
    name: str,
    hidden: Duration | None = None,
    dead: sqs.DeadLetterQueue | None = None,
) -> sqs.Queue:
    return sqs.Queue(
        scope,
        part,
        queue_name=name,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        retention_period=KEPT,
        visibility_timeout=hidden,
        dead_letter_queue=dead,
    )


def _due_timeout() -> timedelta:
    return next(trigger.timeout for trigger in TRIGGERS if isinstance(trigger.started_by, Queue))
