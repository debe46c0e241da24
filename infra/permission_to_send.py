"""Grants for what leaves a function beside its answer: messages to people, events to other programs, and to our own queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.grants import Grant
from infra.scope import Scope

OURS: Mapping[str, Mapping[str, Any]] = {
    "ForAllValues:StringEquals": {"events:source": "pointsman"},
    "Null": {"events:source": "false"},
}
"""A request without a source would pass the first condition alone."""


def tells(scope: Scope) -> list[Grant]:
    """Messages to people, events to other programs."""
    grants = [
        Grant("Tell", ("sns:Publish",), scope.topic_arns(), "People hear of decisions, by topic."),
        Grant(
            "TellBus",
            ("events:PutEvents",),
            (scope.bus(),),
            "Other programs hear of every record, under our name and no other.",
            OURS,
        ),
    ]
    if scope.topic_key:
        actions = "kms:Decrypt", "kms:GenerateDataKey"
        why = "The topic is encrypted; SNS uses the key in the name of who publishes."
        grants.append(Grant("TellEncrypted", actions, (scope.topic_key,), why, done_by="Amazon SNS"))
    return grants


def asks_again(scope: Scope) -> list[Grant]:
    """A message for the next pass."""
    why = "What can go on at once does not wait for the tick."
    return [Grant("AskAgain", ("sqs:SendMessage",), (scope.queue(scope.names.due_queue),), why)]
