"""Kayenta's judge: a Mann-Whitney test of each metric's minutes, candidate against baseline, every half hour.

As in its NetflixACAJudge: a metric is High when the lower end of the 98 % interval of the Hodges-Lehmann shift lies above a quarter
of that shift's size. Missing minutes are left out; without data on one side a metric is Nodata and counts for nothing.
Effect sizes are off, as they are by default. Every metric is critical, so one that is High fails the analysis. Outlier
removal is left out. Metrics: error rate, 50th and 99th percentile, and the score (lower is worse).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from benchmarks.judge.minutes import Decision, Judge, Minute, Side, Start
from pointsman.core.canary_evidence import Mode

INTERVAL = 30
FRACTION = 0.25
QUANTILE = 2.3263478740408408
"""Of the normal distribution: a two-sided interval of 98 %."""

Value = Callable[[Side], float | None]


def is_high(experiment: Sequence[float], control: Sequence[float]) -> bool:
    """Whether the experiment's values are classified as High."""
    if not experiment or not control or list(experiment) == list(control):
        return False
    differences = sorted(mine - theirs for mine in experiment for theirs in control)
    size = len(differences)
    middle = (differences[(size - 1) // 2] + differences[size // 2]) / 2
    spread = math.sqrt(size * (len(experiment) + len(control) + 1) / 12)
    rank = max(1, math.ceil(size / 2 - QUANTILE * spread))
    return differences[rank - 1] > FRACTION * abs(middle)


class Kayenta:
    """An analysis of all minutes so far every half hour; where the judge drives, one of each stage at its end."""

    def __init__(self, start: Start) -> None:
        self._start = start
        self._seen: list[Minute] = []

    def minute(self, minute: Minute) -> Decision:
        """Judge where an interval ends; in between it waits."""
        is_adaptive = self._start.mode is Mode.ADAPTIVE
        if is_adaptive and minute.stage_minute == 0:
            self._seen.clear()
        self._seen.append(minute)
        interval = self._start.plan[minute.stage].bake_max if is_adaptive else INTERVAL
        if len(self._seen) % interval:
            return Decision.CONTINUE
        return Decision.ROLLBACK if self._fails() else Decision.PROMOTE

    def _fails(self) -> bool:
        return any(
            is_high(
                _series([each.canary for each in self._seen], value),
                _series([each.baseline for each in self._seen], value),
            )
            for value in METRICS
        )


def kayenta(start: Start) -> Judge:
    """As it is without options."""
    return Kayenta(start)


def _series(sides: Sequence[Side | None], value: Value) -> list[float]:
    read = [value(side) for side in sides if side]
    return [each for each in read if each is not None]


METRICS: tuple[Value, ...] = (
    lambda side: side.errors / side.invocations,
    lambda side: side.latency.p50 if side.latency else None,
    lambda side: side.latency.p99 if side.latency else None,
    lambda side: -side.quality.mean if side.quality else None,
)
