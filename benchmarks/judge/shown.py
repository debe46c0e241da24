"""Makes the minutes that judges read out of what was drawn. Each is made once, however many judges read it."""

from __future__ import annotations

import numpy as np

from benchmarks.judge.minutes import SLOW_KEYS, Latency, Minute, Quality, Side, Start
from benchmarks.judge.setting import ALPHA, HORIZON, PLAN, SHARES
from benchmarks.judge.world import COLUMNS, Drawn, Seen
from pointsman.core.canary_evidence import Mode


class Run:
    """One run of a block: its start, its minutes and what its candidate spoils."""

    def __init__(self, drawn: Drawn, run: int) -> None:
        self._sides = [_Row(seen, run) for seen in drawn.sides]
        self._made: dict[int, tuple[Side | None, Side | None]] = {}
        self._limits = {name: float(values[run]) for name, values in drawn.limits.items()}
        self._history = {name: float(values[run]) for name, values in drawn.history.items()}
        self.harm: list[float] = drawn.harm[run].tolist()
        self.harm_at_all: list[float] = drawn.harm_at_all[run].tolist()

    def start(self, mode: Mode) -> Start:
        """What a judge is told before the first minute."""
        return Start(ALPHA, HORIZON, PLAN, mode, self._limits, self._history)

    def minute(self, minute: int, stage: int, stage_minute: int) -> Minute:
        """The minute as both sides are reported at the stage's share."""
        column = COLUMNS[stage, minute]
        if column not in self._made:
            self._made[column] = (self._sides[0].side(column), self._sides[1].side(column))
        baseline, canary = self._made[column]
        return Minute(minute, stage, stage_minute, SHARES[stage], baseline, canary)


class _Row:
    """One side of one run as lists: numpy's own numbers are slow to handle one by one."""

    def __init__(self, seen: Seen, run: int) -> None:
        self._is_there: list[bool] = seen.is_there[run].tolist()
        self._counts: list[list[int]] = np.stack(
            [seen.requests[run], seen.errors[run], seen.scored[run]], axis=-1
        ).tolist()
        self._latency: list[list[float]] = seen.latency[run].tolist()
        self._slow: list[list[int]] = seen.slow[run].tolist()
        self._score: list[float] = seen.score[run].tolist()

    def side(self, column: int) -> Side | None:
        if not self._is_there[column]:
            return None
        requests, errors, scored = self._counts[column]
        average, p50, p90, p99 = self._latency[column]
        return Side(
            requests,
            errors,
            Latency(requests, average, p50, p90, p99),
            dict(zip(SLOW_KEYS, self._slow[column], strict=True)),
            Quality(scored, self._score[column]) if scored else None,
        )
