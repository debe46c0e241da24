"""What a deployment leaves in an account beside tables and queues: rules and log groups, made with boto3 calls, and whether a rule is on."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from botocore.exceptions import ClientError

from local.functions_api import arn_of, function_name
from local.installation import Installation
from pointsman.triggers import TRIGGERS, Pattern, Schedule, Trigger

RETENTION_DAYS = 30


def deploy(here: Installation) -> None:
    """Make a rule for each trigger that has one, with its function as target, and a log group for each function."""
    logs = here.client("logs")
    for trigger in TRIGGERS:
        group = f"/aws/lambda/{function_name(trigger)}"
        logs.create_log_group(logGroupName=group)
        logs.put_retention_policy(logGroupName=group, retentionInDays=RETENTION_DAYS)
        if isinstance(trigger.started_by, Pattern | Schedule):
            _make_rule(here, trigger, trigger.started_by)


def _make_rule(here: Installation, trigger: Trigger, started_by: Pattern | Schedule) -> None:
    events, name = here.client("events"), function_name(trigger)
    if isinstance(started_by, Pattern):
        events.put_rule(Name=name, State="ENABLED", EventPattern=json.dumps(started_by.pattern))
    else:
        events.put_rule(Name=name, State="ENABLED", ScheduleExpression=rate(started_by.every))
    events.put_targets(Rule=name, Targets=[{"Id": "function", "Arn": arn_of(name)}])


def rate(every: timedelta) -> str:
    """EventBridge's expression for a period of whole minutes, hours or days: `rate(1 minute)`, `rate(2 hours)`."""
    for unit, size in (
        ("day", timedelta(days=1)),
        ("hour", timedelta(hours=1)),
        ("minute", timedelta(minutes=1)),
    ):
        count, rest = divmod(every, size)
        if not rest:
            return f"rate({count} {unit}{'' if count == 1 else 's'})"
    raise ValueError(f"EventBridge knows no schedule of {every}")


def rules_of(here: Installation) -> Callable[[Trigger], bool]:
    """Make what says whether a trigger's rule is there and enabled, as it is when asked."""
    events = here.client("events")

    def is_enabled(trigger: Trigger) -> bool:
        try:
            return bool(events.describe_rule(Name=function_name(trigger))["State"] == "ENABLED")
        except ClientError:
            # Somebody deleted the rule: nothing comes through it any more.
            return False

    return is_enabled
