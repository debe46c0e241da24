"""The table of triggers: what starts which function. The deployed rules and the local run are both made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Pattern:
    """Started by events on the default bus that match an EventBridge pattern."""

    pattern: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Started again and again."""

    every: timedelta


@dataclass(frozen=True, slots=True)
class Queue:
    """Started by one message of a queue at a time."""

    queue: str


@dataclass(frozen=True, slots=True)
class Direct:
    """Started by whoever may invoke the function."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """One function and what starts it. No function outlives `timeout`, on which `core/lane.py` GRACE relies."""

    name: str
    started_by: Pattern | Schedule | Queue | Direct
    timeout: timedelta = timedelta(seconds=60)

    @property
    def handler(self) -> str:
        """Dotted name of the handler."""
        return f"functions.{self.name}.handler"


TRIGGERS = (
    Trigger(
        "model_package_changed",
        Pattern(
            {
                "source": ["aws.sagemaker"],
                "detail-type": ["SageMaker Model Package State Change"],
                "detail": {"ModelApprovalStatus": ["Approved", "Rejected"]},
            }
        ),
    ),
    Trigger(
        "alarm_changed",
        Pattern(
            {
                "source": ["aws.cloudwatch"],
                "detail-type": ["CloudWatch Alarm State Change"],
                "detail": {"state": {"value": ["ALARM"]}},
            }
        ),
    ),
    Trigger(
        "endpoint_changed",
        Pattern(
            {
                "source": ["aws.sagemaker"],
                "detail-type": [
                    "SageMaker Endpoint State Change",
                    "SageMaker Endpoint Deployment State Change",
                ],
            }
        ),
    ),
    Trigger("rollout_tick", Schedule(timedelta(minutes=1))),
    Trigger("registry_sweep", Schedule(timedelta(minutes=15))),
    Trigger("rollout_due", Queue("due")),
    Trigger("operator_request", Direct()),
    Trigger("operator_query", Direct()),
)
