"""Adds up how runs ended, by cell and rule, with exact bounds of what a rate can be."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from benchmarks.judge.minutes import Decision
from benchmarks.judge.play import Ended
from pointsman.core.canary_evidence import Mode

CONFIDENCE = 0.95


@dataclass(slots=True)
class Tally:
    """All runs of one rule in one cell and mode. `onset` is the minute in which the fault begins."""

    onset: int = 0
    runs: int = 0
    promoted_at: list[int] = field(default_factory=list)
    rolled_back_at: list[int] = field(default_factory=list)
    early: int = 0
    """Rolled back before the fault began: nothing was detected."""
    harm: float = 0.0
    unjudged: float = 0.0

    def add(self, ended: Ended, unjudged: float) -> None:
        """Count one run; `unjudged` is what it spoils when nobody judges."""
        self.runs += 1
        self.harm += ended.harm
        self.unjudged += unjudged
        if ended.decision is Decision.PROMOTE:
            self.promoted_at.append(ended.minutes)
        elif ended.decision is Decision.ROLLBACK:
            if ended.minutes <= self.onset:
                self.early += 1
            else:
                self.rolled_back_at.append(ended.minutes)

    def merge(self, other: Tally) -> None:
        """Add the runs of another block."""
        self.runs += other.runs
        self.early += other.early
        self.harm += other.harm
        self.unjudged += other.unjudged
        self.promoted_at += other.promoted_at
        self.rolled_back_at += other.rolled_back_at

    @property
    def rolled_back(self) -> int:
        """Runs that were taken back, whenever."""
        return self.early + len(self.rolled_back_at)

    @property
    def detected(self) -> float:
        """Part of the runs that were taken back after the fault began."""
        return len(self.rolled_back_at) / self.runs

    @property
    def minutes(self) -> float | None:
        """Median minutes from the fault until it was taken back, of the runs in which it was."""
        return statistics.median(self.rolled_back_at) - self.onset if self.rolled_back_at else None

    @property
    def harm_percent(self) -> float:
        """What is spoilt, in percent of what is spoilt when nobody judges."""
        return 100 * self.harm / self.unjudged if self.unjudged else 0.0


Key = tuple[str, str, int, str, Mode]
"""Noise, scenario, requests a minute, rule, mode."""
Tallies = dict[Key, Tally]


def merged(parts: Iterable[Tallies]) -> Tallies:
    """All blocks as one."""
    whole: Tallies = {}
    for part in parts:
        for key, tally in part.items():
            if key in whole:
                whole[key].merge(tally)
            else:
                whole[key] = tally
    return whole


def bounds(count: int, runs: int) -> tuple[float, float]:
    """Clopper and Pearson's interval of a rate, two-sided 95 %: it never covers less."""
    tail = (1 - CONFIDENCE) / 2
    low = 0.0 if count == 0 else _root(lambda rate: 1 - _at_most(count - 1, runs, rate), tail)
    high = 1.0 if count == runs else _root(lambda rate: -_at_most(count, runs, rate), -tail)
    return low, high


def _root(rising: Callable[[float], float], level: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < level else (low, middle)
    return (low + high) / 2


def _at_most(count: int, runs: int, rate: float) -> float:
    """Binomial probability of `count` or fewer."""
    if rate <= 0.0 or rate >= 1.0:
        return 1.0 if rate <= 0.0 or count >= runs else 0.0
    logs = math.lgamma(runs + 1), math.log(rate), math.log1p(-rate)
    terms = (
        logs[0]
        - math.lgamma(each + 1)
        - math.lgamma(runs - each + 1)
        + each * logs[1]
        + (runs - each) * logs[2]
        for each in range(count + 1)
    )
    return min(1.0, math.fsum(math.exp(term) for term in terms))
