"""The bets of a canary judge on means: a quality score, and time per output token. Nearly Gaussian, so measured and not proved."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt

from pointsman.core.canary_evidence import Minute, Side

ALTERNATIVES = (0.3, 0.8, 1.6)
PRIOR = (0.3, 0.4, 0.3)
PRIOR_MINUTES = 8
BOUND = 3.0
"""A single minute counts as at most three standard deviations."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One mean that is compared, and how much worse than the baseline's is tolerated.

    `sd` is the standard deviation of one request's value that is assumed before any was seen, `floor` the one by which means
    differ without a cause, `weight` its part of the whole stake.
    """

    name: str
    tolerated: float
    sd: float
    floor: float
    weight: float


QUALITY = Measure("quality", tolerated=0.015, sd=0.25, floor=0.01, weight=0.11)
TPOT = Measure("tpot", tolerated=log(1.1), sd=0.5, floor=0.08, weight=0.33)
"""Logarithm of the time per output token. Its weight is that of the latency processes in whose place it bets."""


@dataclass(frozen=True, slots=True)
class Means:
    """Both sides' means of one minute, so that higher is worse, and of how many requests each is."""

    requests: int
    worse: float
    baseline_requests: int


@dataclass(frozen=True, slots=True)
class Scores:
    """How much the scaled difference of the two means was seen to vary between minutes."""

    total: float = 0.0
    seen: int = 0
    last: float | None = None

    def sd(self, prior: float) -> float:
        """Standard deviation of one request's value, as the differences between minutes show it."""
        return sqrt((PRIOR_MINUTES * prior**2 + self.total) / (PRIOR_MINUTES + self.seen))


def scores_of(minute: Minute) -> Means | None:
    """Read what the candidate's score lost; None where a side has no score."""
    mine = minute.candidate.quality if minute.candidate else None
    theirs = minute.baseline.quality if minute.baseline else None
    if mine is None or theirs is None or not mine.scored or not theirs.scored:
        return None
    return Means(mine.scored, theirs.mean - mine.mean, theirs.scored)


def paces_of(minute: Minute) -> Means | None:
    """Read how much longer the candidate takes for an output token, as a logarithm; None where a side tells no output."""
    mine, theirs = _pace(minute.candidate), _pace(minute.baseline)
    if mine is None or theirs is None:
        return None
    return Means(mine[0], log(mine[1] / theirs[1]), theirs[0])


def judged(measure: Measure, scores: Scores, means: Means) -> tuple[Scores, list[float]]:
    """Return what was learnt, and the log e-values of the minute."""
    root = sqrt(1 / (1 / means.requests + 1 / means.baseline_requests))
    scaled = root * means.worse
    deviation = sqrt(scores.sd(measure.sd) ** 2 + (root * measure.floor) ** 2)
    surplus = min(BOUND, (scaled - root * measure.tolerated) / deviation)
    odds = [step * surplus - step * step / 2 for step in ALTERNATIVES]
    if scores.last is None:
        return Scores(scores.total, scores.seen, scaled), odds
    return Scores(scores.total + (scaled - scores.last) ** 2 / 2, scores.seen + 1, scaled), odds


def _pace(side: Side | None) -> tuple[int, float] | None:
    if side is None or side.output is None:
        return None
    answered, output = side.requests - side.errors, side.output
    if answered <= 0 or output.tokens <= 0 or output.milliseconds <= 0:
        return None
    return answered, output.milliseconds / output.tokens
