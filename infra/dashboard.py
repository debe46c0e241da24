"""One dashboard of an installation. Fewer than 50 metrics, so that it is among the three that cost nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.lambdas import Function
from infra.names import Names
from infra.queues import Queues

FIVE_MINUTES = Duration.minutes(5)
NAMESPACE = "Pointsman"
SERVICE = {"service": "pointsman"}
"""As `pointsman/telemetry.py` emits them."""
DECISIONS = ("OpenRollouts", "Passes", "TickFailures", "EventDropped")
WIDTH = 12


class Dashboard(Construct):
    """What a person looks at first: is it alive, does anything fail, does anything wait."""

    def __init__(
        self, scope: Construct, names: Names, functions: tuple[Function, ...], queues: Queues
    ) -> None:
        super().__init__(scope, "Dashboard")
        board = cloudwatch.Dashboard(self, "Dashboard", dashboard_name=names.prefix)
        board.add_widgets(
            _graph("Rollouts and passes", [_decision(name) for name in DECISIONS]),
            _graph(
                "Invocations",
                _of(functions, lambda each: each.function.metric_invocations(period=FIVE_MINUTES)),
            ),
        )
        board.add_widgets(
            _graph("Errors", _of(functions, lambda each: each.function.metric_errors(period=FIVE_MINUTES))),
            _graph(
                "Duration, 95 of 100 are quicker (ms)",
                _of(
                    functions,
                    lambda each: each.function.metric_duration(period=FIVE_MINUTES, statistic="p95"),
                ),
            ),
        )
        board.add_widgets(
            _graph("Messages that wait", _depths(queues)),
            _graph("Age of the oldest message (s)", _ages(queues)),
        )


def _graph(title: str, metrics: Sequence[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=WIDTH)


def _of(
    functions: tuple[Function, ...], metric: Callable[[Function], cloudwatch.Metric]
) -> list[cloudwatch.Metric]:
    return [metric(each).with_(label=each.trigger.name) for each in functions]


def _decision(name: str) -> cloudwatch.Metric:
    statistic = "Maximum" if name == "OpenRollouts" else "Sum"
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=name,
        dimensions_map=SERVICE,
        period=FIVE_MINUTES,
        statistic=statistic,
    )


def _depths(queues: Queues) -> list[cloudwatch.Metric]:
    every = (queues.due, queues.journal, queues.dead_letters, queues.failed_invocations)
    return [
        each.metric_approximate_number_of_messages_visible(period=FIVE_MINUTES, statistic="Maximum")
        for each in every
    ]


def _ages(queues: Queues) -> list[cloudwatch.Metric]:
    return [
        each.metric_approximate_age_of_oldest_message(period=FIVE_MINUTES, statistic="Maximum")
        for each in (queues.due, queues.journal)
    ]
