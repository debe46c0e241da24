"""Log lines and metrics of the functions, and what becomes of an event that cannot be read. No decisions."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from pointsman.errors import BadEvent
from pointsman.policy import EndpointName
from pointsman.reconcile import Outcome

logger = Logger(service="pointsman")
metrics = Metrics(namespace="Pointsman", service="pointsman")

Handler = Callable[[Any, Any], Any]
Body = Callable[[Any], Any]


def handler(body: Body) -> Handler:
    """Make a Lambda handler of a function of the event: context in every log line, metrics flushed, bad events dropped.

    Whatever is not a BadEvent is raised, so that retries and the dead-letter queue see it.
    """

    @logger.inject_lambda_context(clear_state=True)
    @metrics.log_metrics
    @functools.wraps(body)
    def handle(event: Any, context: Any) -> Any:  # noqa: ANN401, ARG001 - Lambda's own shapes
        count("EventReceived")
        try:
            return body(event)
        except BadEvent as err:
            logger.warning("event dropped", extra={"why": str(err)})
            count("EventDropped")
            return {"dropped": str(err)}

    wrapped: Handler = handle
    return wrapped


def count(name: str, value: int = 1) -> None:
    """Add to a metric of this invocation."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)


def each(endpoints: Iterable[EndpointName], look: Callable[[EndpointName], Outcome | None]) -> list[Outcome]:
    """Look at every endpoint; the failure of one keeps no other from its turn.

    Raises:
        Exception: the first failure, expected or not, once all have had their turn, so that the event is delivered again.

    """
    outcomes, failures = [], []
    for endpoint in endpoints:
        try:
            outcome = look(endpoint)
        # Also an error that nobody expected: it must not hold up the way back of another endpoint. It is raised below.
        except Exception as err:
            logger.exception("endpoint left out", extra={"endpoint": endpoint, "why": str(err)})
            failures.append(err)
            continue
        if outcome is not None:
            outcomes.append(outcome)
    if failures:
        raise failures[0]
    return outcomes


def tell(outcome: Outcome) -> dict[str, Any]:
    """Log what a pass came to, count it, and give it back as a function's answer."""
    told = {
        "endpoint": outcome.endpoint,
        "rollout": outcome.rollout,
        "phase": outcome.phase.value if outcome.phase else None,
        "act": outcome.act.value if outcome.act else None,
        "reason": outcome.reason,
    }
    logger.info("pass", extra={"outcome": told})
    count("Passes")
    if outcome.act is not None:
        count(f"Act{outcome.act.value.title().replace('_', '')}")
    return told
