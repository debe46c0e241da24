"""Pasts for the tests of backtests: seeded minutes of one variant. Nothing is judged here."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from pointsman.core.backtests import Rules
from pointsman.core.past import Past, PastMinute
from pointsman.core.past_split import Chance, binomial
from pointsman.core.usual import BUCKET
from pointsman.policy import EndpointName, Owner, Plan, Policy
from tests.core.builders import MINUTE, PLAN

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
EDGE_P75, EDGE_P99, SLOW = round(BUCKET**130), round(BUCKET**140), 2_000_000
OVER = {
    EDGE_P75: 0.2,
    round(BUCKET**131): 0.15,
    EDGE_P99: 0.008,
    SLOW: 0.001,
}
"""How many of a hundred took longer; the hour's percentiles are on the first and the third."""


def policy(plan: Plan = PLAN) -> Policy:
    return Policy(EndpointName("fraud-prod"), "fraud-detector", Owner("risk"), plan)


def chances(name: str) -> Chance:
    return random.Random(name).random


def rules(**changes: object) -> Rules:
    usual = {
        "policy": policy(),
        "every": timedelta(hours=1),
        "late_fill": timedelta(minutes=5),
        "chances": chances,
    }
    return Rules(**(usual | changes))  # type: ignore[arg-type]


def minute(at: datetime, requests: int, error_rate: float = 0.0, *, seed: int = 1) -> PastMinute:
    chance = random.Random(f"{seed} {at.isoformat()}").random
    over, left, before = {}, requests, 1.0
    for threshold, rate in OVER.items():
        left = binomial(left, rate / before, chance)
        over[threshold], before = left, rate
    return PastMinute(at, requests, binomial(requests, error_rate, chance), requests, over)


def past(
    hours: float,
    rpm: int | Callable[[datetime], int] = 300,
    error_rate: float | Callable[[datetime], float] = 0.002,
) -> Past:
    """Minutes from BEGIN on; no row where there was no request."""
    found = {}
    for number in range(round(hours * 60)):
        at = BEGIN + number * MINUTE
        requests = rpm(at) if callable(rpm) else rpm
        rate = error_rate(at) if callable(error_rate) else error_rate
        if requests:
            found[at] = minute(at, requests, rate)
    return Past(BEGIN, BEGIN + round(hours * 60) * MINUTE, found)
