"""Minutes and rollouts for the tests of the canary judge: seeded draws, and plans. It judges nothing."""

from __future__ import annotations

import random
from collections.abc import Iterable

from pointsman.core.canary_evidence import Minute, Plan, Quality, Side, Stage
from pointsman.core.canary_judge import Answer, begin, take
from pointsman.core.canary_state import State
from pointsman.core.verdict import Opinion

SHARES = (0.01, 0.05, 0.10, 0.25, 0.50)
PLAN = Plan(tuple(Stage(share, 5, 12) for share in SHARES), usual_error_rate=0.005)
HALF = Plan((Stage(0.5, 5, 60),))


def drawn(rng: random.Random, requests: int, error_rate: float, slow: float = 1.0) -> Side:
    """A side whose requests fail independently; `slow` multiplies how many are slower than each threshold."""

    def some(rate: float, of: int = requests) -> int:
        return sum(rng.random() < rate for _ in range(of))

    p75, p99 = some(min(1.0, 0.25 * slow)), some(min(1.0, 0.01 * slow))
    counts = {"p75": p75, "p75x1.1": some(0.8, p75), "p99": p99}
    return Side(requests, some(error_rate), requests, counts, Quality(rng.gauss(0.8, 0.02), requests))


def rollout(
    seed: int, rpm: int, candidate_error_rate: float, *, slow: float = 1.0, plan: Plan = PLAN
) -> list[Minute]:
    """Sixty minutes of a plan of five stages of twelve; the baseline fails 0.5 % of its requests."""
    rng = random.Random(seed)
    minutes = []
    for number in range(12 * len(plan.stages)):
        stage, stage_minute = divmod(number, 12)
        share = plan.stages[stage].share
        mine = round(rpm * share)
        sides = drawn(rng, rpm - mine, 0.005), drawn(rng, mine, candidate_error_rate, slow) if mine else None
        minutes.append(Minute(number, stage, stage_minute, share, *sides))
    return minutes


def at_half(*sides: tuple[Side | None, Side | None]) -> list[Minute]:
    """Minutes of `HALF`, each (candidate, baseline)."""
    return [
        Minute(number, 0, number, 0.5, baseline, candidate)
        for number, (candidate, baseline) in enumerate(sides)
    ]


def answers(plan: Plan, minutes: Iterable[Minute]) -> list[Answer]:
    """What the judge answers, minute by minute."""
    return [answer for _state, answer in judged(plan, minutes)]


def opinions(minutes: Iterable[Minute], plan: Plan = PLAN) -> list[Opinion]:
    """What it thinks, minute by minute."""
    return [answer.opinion for answer in answers(plan, minutes)]


def judged(plan: Plan, minutes: Iterable[Minute]) -> list[tuple[State, Answer]]:
    """The state after each minute, with the answer."""
    state, found = begin(plan), []
    for minute in minutes:
        state, answer = take(state, minute)
        found.append((state, answer))
    return found


def after(*sides: tuple[Side | None, Side | None], plan: Plan = HALF) -> State:
    """The state after these minutes, each (candidate, baseline)."""
    return judged(plan, at_half(*sides))[-1][0]


def in_stage(state: State, stage: int, sides: tuple[Side | None, Side | None], share: float = 0.5) -> State:
    """The state after one more minute, of that stage."""
    candidate, baseline = sides
    return take(state, Minute(state.minute + 1, stage, 0, share, baseline, candidate))[0]
