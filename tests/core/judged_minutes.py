"""Evidence for the tests of the judge that decides rollouts: minutes of both sides, in steps and in the watch. It judges nothing."""

from __future__ import annotations

from pointsman.core.judge import Evidence, begin, take
from pointsman.core.minutes import Minute, Side
from pointsman.core.usual import Usual
from pointsman.policy import Plan
from tests.core.builders import MINUTE, NOW, PLAN

TENTH, HALF, ALL = 1000, 5000, 10_000
PAST = Usual(500_000.0, 1_000_000.0, 0.002, 1000.0)
MINE, THEIRS = Side(100, 0, 1, 100, 18, 1), Side(900, 2, 9, 900, 225, 9)
"""A good minute at 10 %: the candidate and the baseline."""
EVEN = Side(500, 1, 5, 500, 100, 5), Side(500, 1, 5, 500, 125, 5)
"""A good minute at 50 %."""
Sides = tuple[Side | None, Side | None]
GOOD: Sides = (MINE, THEIRS)


def begun(plan: Plan = PLAN, usual: Usual = PAST) -> Evidence:
    """Evidence of a rollout whose first step begins now."""
    return begin(plan, usual, "r/step-0", NOW)


def grown(evidence: Evidence, *minutes: Sides, share_bps: int = TENTH, plan: Plan = PLAN) -> Evidence:
    """Evidence that took further minutes in a row, each (candidate, baseline)."""
    for candidate, baseline in minutes:
        evidence = take(evidence, Minute(evidence.until, baseline, candidate), share_bps, plan)
    return evidence


def at(number: int, sides: Sides = GOOD) -> Minute:
    """The minute so many after the first one."""
    candidate, baseline = sides
    return Minute(NOW + number * MINUTE, baseline, candidate)
