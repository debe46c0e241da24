"""Alarms on Pointsman itself. Those that guard releases belong to the policies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.lambdas import Function
from infra.names import Names
from infra.queues import Queues
from pointsman.triggers import Pattern, Schedule

FIVE_MINUTES = Duration.minutes(5)
DUE_LATE_S = 300
"""Five ticks: an endpoint with an open rollout was not looked at for that long."""
JOURNAL_LATE_S = 900
TICK = "rollout_tick"


@dataclass(frozen=True, slots=True)
class Watched:
    """One alarm: its name, what it watches, from where on, and what a person does."""

    name: str
    metric: cloudwatch.IMetric
    threshold: float
    says: str
    silence_is_trouble: bool = False


class OwnAlarms(Construct):
    """Each tells the topic when it begins, and when it is over."""

    def __init__(
        self,
        scope: Construct,
        names: Names,
        functions: tuple[Function, ...],
        queues: Queues,
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, "Alarms")
        told = actions.SnsAction(topic)
        watched = [*_of_functions(functions), *_of_queues(queues), _heartbeat(functions)]
        for each in watched:
            alarm = _alarm(self, names, each)
            alarm.add_alarm_action(told)
            alarm.add_ok_action(told)


def _of_functions(functions: tuple[Function, ...]) -> Iterator[Watched]:
    for each in functions:
        kept = (
            "The event lies in the queue for failed invocations with its cause. " if _is_async(each) else ""
        )
        says = f"Function {each.name} failed. {kept}Read log group {each.log_group.log_group_name}."
        yield Watched(
            f"{each.trigger.name}-errors", each.function.metric_errors(period=FIVE_MINUTES), 1, says
        )
        if _is_async(each):
            metric = each.function.metric_throttles(period=FIVE_MINUTES)
            says = (
                f"Lambda did not start function {each.name}: the concurrency of the account is used up. Lambda tries "
                "again for hours. Find what uses it, or ask for a higher quota."
            )
            yield Watched(f"{each.trigger.name}-throttles", metric, 1, says)


def _is_async(function: Function) -> bool:
    return isinstance(function.trigger.started_by, Pattern | Schedule)


def _of_queues(queues: Queues) -> Iterator[Watched]:
    says = (
        "A rule could not reach its function, or a message failed each time. Look at queue {}: each message names its "
        "cause. Mend that, then redrive."
    )
    yield Watched("dead-letters", _depth(queues.dead_letters), 1, says.format(queues.dead_letters.queue_name))
    says = "A function failed on an event each time. Look at queue {}: each message holds the event and its cause."
    failed = queues.failed_invocations
    yield Watched("failed-invocations", _depth(failed), 1, says.format(failed.queue_name))
    says = (
        "An endpoint with an open rollout was not looked at for 5 minutes: read the log of the function that is "
        "started by this queue. Alarms of endpoints still act at once."
    )
    yield Watched("due-age", _age(queues.due), DUE_LATE_S, says)
    says = (
        "A move back was made and could not be recorded for 15 minutes: the tables do not answer. Nothing moves "
        "forward until they do."
    )
    yield Watched("journal-age", _age(queues.journal), JOURNAL_LATE_S, says)


def _heartbeat(functions: tuple[Function, ...]) -> Watched:
    tick = next(each for each in functions if each.trigger.name == TICK)
    says = (
        f"Function {tick.name} was not started for 5 minutes, though it is due every minute: is its rule disabled? "
        "Rollouts stand still; alarms of endpoints still act at once."
    )
    metric = tick.function.metric_invocations(period=FIVE_MINUTES)
    return Watched("tick-heartbeat", metric, 1, says, silence_is_trouble=True)


def _alarm(scope: Construct, names: Names, watched: Watched) -> cloudwatch.Alarm:
    at_least = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
    below = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
    missing = cloudwatch.TreatMissingData
    return cloudwatch.Alarm(
        scope,
        watched.name,
        alarm_name=f"{names.prefix}-{watched.name.replace('_', '-')}",
        alarm_description=watched.says,
        metric=watched.metric,
        threshold=watched.threshold,
        evaluation_periods=1,
        comparison_operator=below if watched.silence_is_trouble else at_least,
        treat_missing_data=missing.BREACHING if watched.silence_is_trouble else missing.NOT_BREACHING,
    )


def _depth(queue: sqs.Queue) -> cloudwatch.Metric:
    return queue.metric_approximate_number_of_messages_visible(period=FIVE_MINUTES, statistic="Maximum")


def _age(queue: sqs.Queue) -> cloudwatch.Metric:
    return queue.metric_approximate_age_of_oldest_message(period=FIVE_MINUTES, statistic="Maximum")
