"""SageMaker's deployment guardrails: any alarm that goes off during the bake takes everything back; the bake's end promotes.

Three sets of alarms. `template` is what AWS's own project template (mlops-deployment-patterns) ships: the sum of 5xx of a
minute is 1 or more, on the variant name that both fleets share. `documented` has the periods of the developer
guide's example (errors twice 600 s, latency twice 300 s); its error threshold, an average above 1, can never be met, so 1 % is taken.
`tight` looks at the candidate each minute. Missing data does not breach, as in the examples of AWS.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.judge.minutes import Decision, Judge, Minute, Start

LATENCY_LIMIT = 1.5
"""A limit on latency is this times what the baseline's last hour had; the examples give none that fits every model."""
ERROR_LIMIT = 0.01

Breaches = Callable[[list[Minute]], bool]
"""Whether one period of minutes breaches."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Goes off when the last `periods` whole periods of `minutes` minutes all breach."""

    minutes: int
    periods: int
    breaches: Breaches


class Guardrails:
    """Alarms, and a stage that ends when its bake does."""

    def __init__(self, start: Start, alarms: tuple[Alarm, ...]) -> None:
        self._plan, self._alarms = start.plan, alarms
        longest = max(alarm.minutes * alarm.periods for alarm in alarms)
        self._seen: deque[Minute] = deque(maxlen=longest)

    def minute(self, minute: Minute) -> Decision:
        """Each minute all alarms are looked at."""
        self._seen.append(minute)
        if any(self._is_on(alarm) for alarm in self._alarms):
            return Decision.ROLLBACK
        is_over = minute.stage_minute + 1 >= self._plan[minute.stage].bake_max
        return Decision.PROMOTE if is_over else Decision.CONTINUE

    def _is_on(self, alarm: Alarm) -> bool:
        needed = alarm.minutes * alarm.periods
        if len(self._seen) < needed:
            return False
        last = list(self._seen)[-needed:]
        periods = (last[at : at + alarm.minutes] for at in range(0, needed, alarm.minutes))
        return all(alarm.breaches(period) for period in periods)


def template(start: Start) -> Judge:
    """One 5xx in a minute, on either side."""
    return Guardrails(start, (Alarm(1, 1, _any_error),))


def documented(start: Start) -> Judge:
    """The periods of the developer guide."""
    slow = start.history["avg"] * LATENCY_LIMIT
    return Guardrails(start, (Alarm(10, 2, _errors_above), Alarm(5, 2, _mean_above(slow))))


def tight(start: Start) -> Judge:
    """Two minutes in a row with more than 1 % errors, or with a 99th percentile at 1.5 times the usual."""
    slow = start.history["p99"] * LATENCY_LIMIT
    return Guardrails(start, (Alarm(1, 2, _errors_above), Alarm(1, 2, _p99_above(slow))))


def _any_error(period: list[Minute]) -> bool:
    return any(
        side is not None and side.errors >= 1 for each in period for side in (each.baseline, each.canary)
    )


def _errors_above(period: list[Minute]) -> bool:
    sides = [each.canary for each in period if each.canary]
    requests = sum(side.invocations for side in sides)
    return bool(requests) and sum(side.errors for side in sides) > ERROR_LIMIT * requests


def _mean_above(limit_ms: float) -> Breaches:
    def breaches(period: list[Minute]) -> bool:
        read = [each.canary.latency for each in period if each.canary and each.canary.latency]
        requests = sum(latency.count for latency in read)
        return bool(requests) and sum(latency.avg * latency.count for latency in read) > limit_ms * requests

    return breaches


def _p99_above(limit_ms: float) -> Breaches:
    def breaches(period: list[Minute]) -> bool:
        latencies = [each.canary.latency for each in period if each.canary]
        return any(latency is not None and latency.p99 > limit_ms for latency in latencies)

    return breaches
