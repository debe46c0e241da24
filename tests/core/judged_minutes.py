"""Evidence for the tests of the judge that decides rollouts: minutes of both sides, in steps and in the watch. It judges nothing."""

from __future__ import annotations

from pointsman.core.judge import Evidence, begin, judge, open_window, take
from pointsman.core.minutes import Minute, Side
from pointsman.core.usual import Usual
from pointsman.core.verdict import Verdict
from pointsman.policy import Plan
from tests.core.builders import HEALTH, MINUTE, NOW, PLAN

TENTH, HALF, ALL = 1000, 5000, 10_000
PAST = Usual(500_000.0, 1_000_000.0, 0.002, 1000.0)
MINE, THEIRS = Side(100, 0, 1, 100, 18, 1), Side(900, 2, 9, 900, 225, 9)
"""A good minute at 10 %: the candidate and the baseline."""
EVEN = Side(500, 1, 5, 500, 100, 5), Side(500, 1, 5, 500, 125, 5)
"""A good minute at 50 %."""
Sides = tuple[Side | None, Side | None]
GOOD: Sides = (MINE, THEIRS)
DARK: Sides = (None, None)
UNSEEN: Sides = (MINE, None)
SILENT: Sides = (None, THEIRS)
FAILING: Sides = (Side(100, 60, 1, 100, 18, 1), THEIRS)
LEAST = 15
"""Usable minutes of the first step: the policy's ten, after five in which a cold start is no fault."""


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


def verdict(evidence: Evidence, share_bps: int = TENTH) -> Verdict:
    """What is said of a candidate under the usual policy."""
    return judge(evidence, HEALTH, share_bps)


def in_second_step(evidence: Evidence) -> Evidence:
    """Evidence of the step after the first, before it has a minute."""
    return open_window(evidence, "r/step-1", evidence.until, 1)
