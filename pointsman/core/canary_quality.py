"""The bet of a canary judge on a quality score: nearly Gaussian, so its bound is measured and not proved."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from pointsman.core.canary_evidence import Minute

TOLERATED_LOSS = 0.02
ALTERNATIVES = (0.3, 0.8, 1.6)
PRIOR = (0.3, 0.4, 0.3)
PRIOR_SD, PRIOR_MINUTES = 0.25, 8
FLOOR = 0.04
BOUND = 3.0
"""A single minute counts as at most three standard deviations."""


@dataclass(frozen=True, slots=True)
class Scores:
    """How much the scaled difference of the two means was seen to vary between minutes."""

    total: float = 0.0
    seen: int = 0
    last: float | None = None
    lost: float = 0.0
    scored: int = 0

    @property
    def sd(self) -> float:
        """Standard deviation of one score, as the differences between minutes show it."""
        prior = PRIOR_MINUTES * PRIOR_SD**2
        return sqrt((prior + self.total) / (PRIOR_MINUTES + self.seen))


def judge_scores(scores: Scores, minute: Minute) -> tuple[Scores, list[float]] | None:
    """Return what was learnt, and the log e-values of the minute; None where a side has no score."""
    mine = minute.candidate.quality if minute.candidate else None
    theirs = minute.baseline.quality if minute.baseline else None
    if mine is None or theirs is None or not mine.scored or not theirs.scored:
        return None
    root = sqrt(1 / (1 / mine.scored + 1 / theirs.scored))
    scaled = root * (theirs.mean - mine.mean)
    surplus = min(BOUND, (scaled - root * TOLERATED_LOSS) / sqrt(scores.sd**2 + (root * FLOOR) ** 2))
    odds = [step * surplus - step * step / 2 for step in ALTERNATIVES]
    total, seen = scores.total, scores.seen
    if scores.last is not None:
        total, seen = total + (scaled - scores.last) ** 2 / 2, seen + 1
    lost = scores.lost + (theirs.mean - mine.mean) * mine.scored
    return Scores(total, seen, scaled, lost, scores.scored + mine.scored), odds
