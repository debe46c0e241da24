"""How the baseline was before the rollout, and what follows from it: thresholds, and the plan of the canary judge. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, log

from pointsman.core.canary_evidence import Plan as CanaryPlan
from pointsman.core.canary_evidence import Stage
from pointsman.core.canary_words import WHAT
from pointsman.core.minutes import ONE_MINUTE
from pointsman.policy import Comparison, Health, Plan

BUCKET = 1.1
"""CloudWatch may keep distributions in buckets about 10 % wide (recalled); counts over a bucket's edge are exact."""
ENOUGH = 100
"""An hour with fewer requests tells no percentile."""


@dataclass(frozen=True, slots=True)
class Usual:
    """The baseline in an hour before the traffic moved. Percentiles in microseconds; 0 where nobody knows."""

    p75_us: float = 0.0
    p99_us: float = 0.0
    error_rate: float = 0.0
    rpm: float = 0.0


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of a variant, as CloudWatch has it."""

    requests: float
    errors: float
    timed: float
    p75_us: float
    p99_us: float
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Microseconds that requests are counted over, for each side. `p75` is None where the past tells none."""

    baseline_p75: int | None
    candidate_p75: int | None
    baseline_p99: int
    candidate_p99: int


def usual_of(hours: list[Hour]) -> Usual:
    """Take the newest whole hour with enough requests, or else the hour under way; nothing where both have too few.

    Nobody may know how long the endpoint has been there, so an hour with few requests is not filled up from older ones.
    """
    whole = [hour for hour in hours if hour.is_whole and hour.timed >= ENOUGH]
    under_way = [hour for hour in hours if not hour.is_whole and hour.timed >= ENOUGH]
    found = (whole or under_way)[-1:]
    if not found:
        return Usual()
    [hour] = found
    rate = hour.errors / hour.requests if hour.requests else 0.0
    return Usual(
        _edge(hour.p75_us), _edge(hour.p99_us), min(1.0, rate), hour.requests / 60 if hour.is_whole else 0.0
    )


def thresholds_of(usual: Usual, health: Health) -> Thresholds:
    """Thresholds on edges of buckets. Without a past, the policy's own limit is what both sides are counted over."""
    if not usual.p99_us:
        limit = round(health.slow_over.total_seconds() * 1_000_000)
        return Thresholds(None, None, limit, limit)
    slower = 1 + health.comparison.slower_percent / 100
    # A tail is compared at one threshold, with its own tolerance; what is tolerated beyond a tenth shifts that, too.
    return Thresholds(
        round(usual.p75_us),
        round(_edge(usual.p75_us * slower)),
        round(usual.p99_us),
        round(_edge(usual.p99_us * max(1.0, slower / BUCKET))),
    )


def what_is_counted(usual: Usual, health: Health) -> Mapping[str, str]:
    """Put into words what each process of the canary judge counts, with the thresholds of this rollout."""
    over = thresholds_of(usual, health)
    if over.candidate_p75 is None:
        return WHAT | {"p99": f"answered slower than {_time(over.candidate_p99)} (the policy's limit):"}
    return WHAT | {
        "p75": f"answered slower than {_time(over.candidate_p75)} (75th percentile plus {health.comparison.slower_percent:g} %):",
        "p99": f"answered slower than {_time(over.candidate_p99)} (99th percentile):",
    }


def canary_plan(plan: Plan, usual: Usual) -> CanaryPlan:
    """The steps in which both sides serve, as the canary judge takes them. Whole minutes, rounded up."""
    bakes = ceil(plan.bake_min / ONE_MINUTE), ceil(plan.bake_max / ONE_MINUTE)
    stages = tuple(Stage(step / 100, *bakes) for step in plan.steps if step < 100)  # noqa: PLR2004 - percent
    comparison: Comparison = plan.health.comparison
    return CanaryPlan(
        stages,
        alpha=comparison.alpha,
        horizon_min=0,
        usual_error_rate=usual.error_rate,
        usual_rpm=usual.rpm,
        error_margin=comparison.error_margin_percent / 100,
        warm_up=ceil(comparison.warm_up / ONE_MINUTE),
    )


def _time(microseconds: int) -> str:
    seconds = microseconds / 1_000_000
    return f"{seconds:.3g} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"


def _edge(microseconds: float) -> float:
    """The next edge of a bucket that is not below."""
    if microseconds <= 1:
        return float(microseconds > 0)
    return float(BUCKET ** ceil(log(microseconds) / log(BUCKET) - 1e-6))
