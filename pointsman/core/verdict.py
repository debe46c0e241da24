"""What a judge says: an opinion, a sentence, and the numbers both rest on. How it comes to it is `judge.py`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

UNEQUAL = 2.0
"""Loads that differ by more than this factor are said to differ."""


class Opinion(StrEnum):
    """What the evidence says. Stored."""

    PASS = "PASS"
    FAIL = "FAIL"
    NOT_ENOUGH = "NOT_ENOUGH"
    BLIND = "BLIND"


@dataclass(frozen=True, slots=True)
class Counts:
    """Requests of one side over the judged minutes. `slow` took longer than the policy's `slow_over`."""

    requests: int = 0
    errors: int = 0
    slow: int = 0

    def percent(self, count: int) -> float:
        """Percent of the requests; 0 where there were none."""
        return 100 * count / self.requests if self.requests else 0.0

    def plus(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(self.requests + other.requests, self.errors + other.errors, self.slow + other.slow)


@dataclass(frozen=True, slots=True)
class Weighed:
    """The e-value of one process, and the one of its proof where that is asked for."""

    name: str
    e_value: float
    proof: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """An opinion with the numbers it rests on, and a sentence a person understands. Counts are of the step or the watch."""

    opinion: Opinion
    sentence: str
    candidate: Counts = Counts()
    baseline: Counts = Counts()
    minutes: int = 0
    is_silent: bool = False
    """It reports nothing, although there used to be requests: only asking it can tell why."""
    evidence: float = 0.0
    """Odds against its being as good as what serves; at `needed` it is a FAIL."""
    needed: float = 0.0
    weighed: tuple[Weighed, ...] = ()
    is_fix_forward: bool = False
    """It is above what the policy tolerates, and so is the baseline: it passes since it is no worse."""
    load_ratio: float | None = None
    """Requests an instance of the candidate, over those of the baseline; None where it serves alone."""


def silent_and_failing(verdict: Verdict, detail: str) -> Verdict:
    """It was asked because it is silent, and failed: it is dead."""
    return replace(
        verdict, opinion=Opinion.FAIL, sentence=f"{verdict.sentence}, and fails when it is asked: {detail}"
    )


def with_load(verdict: Verdict, ratio: float) -> Verdict:
    """Add the load an instance carries; said where it differs so much that a latency may come from it."""
    noted = replace(verdict, load_ratio=round(ratio, 3))
    if verdict.opinion is Opinion.BLIND or 1 / UNEQUAL <= ratio <= UNEQUAL:
        return noted
    effect = "may flatter its latency" if ratio < 1 else "may be why it is slower"
    said = f"{verdict.sentence}; an instance of it carries {ratio:.2g} times the load of the baseline's, which {effect}"
    return replace(noted, sentence=said)


def blind(why: str) -> Verdict:
    """The source cannot be read: neither pass nor fail."""
    return Verdict(Opinion.BLIND, f"metrics cannot be read: {why}")
