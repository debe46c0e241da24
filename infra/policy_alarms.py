"""Alarms that the policies ask for, in nested stacks. What each is told is `pointsman/policy_alarms.py`; those on Pointsman itself are `own_alarms.py`."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import aws_cdk
from constructs import Construct

from infra import limits
from infra.names import Names

BUCKETS = 16
"""Nested stacks at most, for ever: with another number alarms would move, and one cannot be created in one stack while another still has its name."""
Json = dict[str, Any]
Alarms = Mapping[str, Sequence[Json]]
"""By endpoint: what PutMetricAlarm takes, which AWS::CloudWatch::Alarm takes as well."""


class PolicyAlarms(Construct):
    """One nested stack for each bucket with an alarm in it. No alarm has an action.

    EventBridge hears of every alarm, and Pointsman then tells people once, with the decision and the numbers; an action
    would tell them the same twice, and of alarms while nothing is released.
    """

    def __init__(self, scope: Construct, names: Names, alarms: Alarms) -> None:
        super().__init__(scope, "PolicyAlarms")
        self.stacks = 0
        for bucket, each in sorted(bucketed(alarms).items()):
            limits.require_alarms_fit(bucket, [_resource(alarm, names) for alarm in each])
            nested = aws_cdk.NestedStack(
                self, f"Bucket{bucket:02}", description="Pointsman: alarms that policies ask for"
            )
            for alarm in each:
                resource = _resource(alarm, names)
                aws_cdk.CfnResource(
                    nested,
                    _logical(alarm),
                    type=resource["Type"],
                    properties=resource["Properties"],
                )
            self.stacks += 1


def bucketed(alarms: Alarms) -> dict[int, list[Json]]:
    """Sort by the hash of the endpoint: where an alarm goes depends on nothing but its endpoint."""
    found: dict[int, list[Json]] = defaultdict(list)
    for endpoint, each in sorted(alarms.items()):
        if each:
            found[bucket_of(endpoint)].extend(each)
    return found


def bucket_of(endpoint: str) -> int:
    """Bucket of an endpoint, the same for ever."""
    return int(hashlib.sha256(endpoint.encode()).hexdigest(), 16) % BUCKETS


def _resource(alarm: Json, names: Names) -> Json:
    tags = [{"Key": "pointsman:installation", "Value": names.prefix}]
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm | {"Tags": tags}}


def _logical(alarm: Json) -> str:
    """By the alarm's name alone, so that a change of a threshold changes the alarm and does not replace it."""
    return f"Alarm{hashlib.sha256(alarm['AlarmName'].encode()).hexdigest()[:16]}"
