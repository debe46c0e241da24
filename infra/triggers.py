"""What starts the functions: rules, schedules and the queue, all of them from `pointsman/triggers.py`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra.lambdas import Function
from infra.names import Names
from infra.queues import Queues
from pointsman.triggers import Pattern, Queue, Schedule

FUNCTION_RETRIES = 2
"""The most that Lambda offers: after one and after two more minutes (facts/aws.md, 5)."""
DELIVERY_RETRIES = 185
"""The most that EventBridge offers. It ends sooner, with the age of the event."""
EVENT_AGE = timedelta(hours=6)
"""The most that Lambda offers. An old event is as good as a new one: it says where to look, not what to do."""
STARTS_MISSED = 5
"""An unheard start of a schedule is given up after so many periods: the later ones do its work."""
MOST_AT_ONCE = 50
"""Of the messages that are due. Endpoints do not hold each other up, and a Region's SageMaker calls are not used up."""


class Triggers(Construct):
    """Starts each function as its line of the table says."""

    def __init__(
        self, scope: Construct, names: Names, functions: tuple[Function, ...], queues: Queues
    ) -> None:
        super().__init__(scope, "Triggers")
        for function in functions:
            match function.trigger.started_by:
                case Pattern(pattern=pattern):
                    rule = self._rule(names, function, pattern=_pattern(pattern))
                    _start(rule, function, queues, EVENT_AGE)
                case Schedule(every=every):
                    rule = self._rule(names, function, schedule=events.Schedule.rate(_duration(every)))
                    _start(rule, function, queues, STARTS_MISSED * every)
                case Queue():
                    function.alias.add_event_source(
                        sources.SqsEventSource(queues.due, batch_size=1, max_concurrency=MOST_AT_ONCE)
                    )
                case _:
                    continue

    def _rule(
        self,
        names: Names,
        function: Function,
        pattern: events.EventPattern | None = None,
        schedule: events.Schedule | None = None,
    ) -> events.Rule:
        return events.Rule(
            self,
            function.trigger.name,
            rule_name=names.function(function.trigger),
            description=f"Starts function {function.name}",
            event_pattern=pattern,
            schedule=schedule,
        )


def _start(rule: events.Rule, function: Function, queues: Queues, age: timedelta) -> None:
    """What EventBridge cannot deliver and what the function fails on are kept apart: the second holds its cause."""
    rule.add_target(
        targets.LambdaFunction(
            function.alias,
            dead_letter_queue=queues.dead_letters,
            max_event_age=_duration(age),
            retry_attempts=DELIVERY_RETRIES,
        )
    )
    function.alias.configure_async_invoke(
        on_failure=destinations.SqsDestination(queues.failed_invocations),
        retry_attempts=FUNCTION_RETRIES,
        max_event_age=_duration(age),
    )


def _pattern(pattern: Mapping[str, Any]) -> events.EventPattern:
    """Raises KeyError for a key of a pattern that is not known here, rather than matching too much."""
    fields = {"source": "source", "detail-type": "detail_type", "detail": "detail"}
    return events.EventPattern(**{fields[key]: value for key, value in pattern.items()})


def _duration(delta: timedelta) -> Duration:
    return Duration.seconds(round(delta.total_seconds()))
