"""Rollouts and observations for the tests of the core: what is usual is filled in, a test names what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pointsman.core.lane import Lane
from pointsman.core.observed import Endpoint, Observed, Status, Variant
from pointsman.core.phases import STANDING, Act, Cause, Hold, Phase
from pointsman.core.rollout import Approval, Baseline, Intent, Rollout, open_rollout
from pointsman.core.verdict import Counts, Opinion, Verdict
from pointsman.policy import EndpointName, ErrorKind, Health, OnPatience, Plan, Serve, Strategy, Version

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
ENDPOINT = EndpointName("fraud-prod")
TYPE = "ml.c7i.large"
MODEL = "fraud-detector-6"
PACKAGE = "arn:aws:sagemaker:eu-central-1:111122223333:model-package/fraud-detector/7"
OLD_PACKAGE = "arn:aws:sagemaker:eu-central-1:111122223333:model-package/fraud-detector/6"
SERVING = "AllTraffic"
OLD_CONFIG = "fraud-prod-2026-10"
FINAL_COUNT = 2

HEALTH = Health(
    errors=(ErrorKind.SERVER,),
    max_error_percent=1.0,
    slow_over=timedelta(seconds=2),
    max_slow_percent=5.0,
    min_requests=100,
    alarms=("fraud-5xx",),
)
PLAN = Plan(
    strategy=Strategy.CANARY,
    steps=(10, 50, 100),
    bake_min=timedelta(minutes=10),
    bake_max=timedelta(minutes=30),
    patience=timedelta(hours=2),
    on_patience=OnPatience.ROLLBACK,
    watch=timedelta(hours=4),
    serve=Serve(TYPE, 2),
    health=HEALTH,
)
GATED = replace(PLAN, gates=(50,), gate_wait=timedelta(hours=24))
BASELINE = Baseline(OLD_CONFIG, SERVING, MODEL, OLD_PACKAGE, instance_count=2, scale_in_suspended=False)
COUNTS = Counts(1000, 2, 3)

BEFORE_TRAFFIC = frozenset({Phase.PENDING, Phase.PREPARING, Phase.VALIDATING, Phase.SUPERSEDED})
CARRIES_ALL = frozenset({Phase.FINALIZING, Phase.WATCHING, Phase.SUCCEEDED})
ON_CANARY = frozenset(
    {Phase.VALIDATING, Phase.SHIFTING, Phase.BAKING, Phase.AWAITING_APPROVAL, Phase.FINALIZING}
)
ON_FINAL = frozenset({Phase.WATCHING, Phase.SUCCEEDED})


def approval(version: int = 7, at: datetime = NOW, by: str = "dana") -> Approval:
    return Approval(Version(version), PACKAGE.replace("/7", f"/{version}"), at, by)


def plan(**changes: Any) -> Plan:
    return replace(PLAN, **changes)


def rollout_in(phase: Phase, *, minutes: float = 1, **changes: Any) -> Rollout:
    """A rollout that has been in a phase for so many minutes, with what it must know by then.

    What stands still has done so since it entered; what awaits an approval awaits that of 50 %.
    """
    opened = open_rollout(ENDPOINT, approval(), PLAN, NOW - HOUR)
    known: dict[str, Any] = {"phase": phase, "entered_at": NOW - minutes * MINUTE}
    if phase is not Phase.PENDING:
        known["baseline"] = BASELINE
    if phase not in BEFORE_TRAFFIC:
        known |= {"traffic_has_moved": True, "share_bps": 1000}
    if phase in CARRIES_ALL:
        known |= {"step": 2, "share_bps": 10_000, "final_count": FINAL_COUNT}
    if phase in {Phase.ROLLING_BACK, Phase.ROLLED_BACK}:
        known |= {"share_bps": 0, "cause": Cause.JUDGED_BAD, "cause_reason": "too many errors"}
    if phase is Phase.NEEDS_HUMAN:
        known["hold"] = Hold.CHANGED_OUTSIDE
    if phase is Phase.AWAITING_APPROVAL:
        known |= {"plan": GATED, "hold": Hold.APPROVAL_WAITED_FOR}
    if changes.get("hold") in STANDING:
        known["stands_since"] = known["entered_at"]
    return replace(opened, **(known | changes))


def asked(act: Act, share_bps: int = 0, *, seconds_left: float = 10, attempt: int = 1) -> Intent:
    """An act that was recorded, with so many seconds to its deadline (negative: over)."""
    return Intent(act, NOW + timedelta(seconds=seconds_left), attempt, share_bps)


def variant(name: str = SERVING, weight: float = 1.0, count: int = 2, **changes: Any) -> Variant:
    usual = Variant(name, MODEL, OLD_PACKAGE, TYPE, count, count, weight)
    return replace(usual, **changes)


def serving_old(**changes: Any) -> Endpoint:
    """The endpoint as it was before anything of ours."""
    return replace(Endpoint(Status.IN_SERVICE, OLD_CONFIG, (variant(),)), **changes)


def serving_both(rollout: Rollout, percent: float, **changes: Any) -> Endpoint:
    """Both variants side by side, so many percent on the candidate."""
    both = (
        variant(weight=100.0 - percent),
        variant(rollout.candidate_variant, percent, rollout.candidate_count, package=PACKAGE),
    )
    return replace(Endpoint(Status.IN_SERVICE, rollout.canary_config, both), **changes)


def serving_new(rollout: Rollout, **changes: Any) -> Endpoint:
    """The version alone, under the old variant name."""
    alone = (variant(package=PACKAGE),)
    return replace(Endpoint(Status.IN_SERVICE, rollout.final_config, alone), **changes)


def expected_endpoint(rollout: Rollout, **changes: Any) -> Endpoint:
    """The endpoint that the rollout's phase claims to see."""
    if rollout.phase in ON_FINAL:
        return serving_new(rollout, **changes)
    if rollout.phase in ON_CANARY:
        return serving_both(rollout, rollout.share_bps / 100, **changes)
    return serving_old(**changes)


def seen(rollout: Rollout, **changes: Any) -> Observed:
    """A quiet look at the endpoint that the phase claims to see."""
    return replace(Observed(expected_endpoint(rollout)), **changes)


def under_way(rollout: Rollout, **changes: Any) -> Observed:
    """A quiet look while what the phase asked for has not arrived yet."""
    if rollout.phase is Phase.SHIFTING:
        changes = {"endpoint": serving_both(rollout, 0)} | changes
    return seen(rollout, **changes)


def verdict(opinion: Opinion = Opinion.PASS, sentence: str = "2 of 1,000 failed") -> Verdict:
    return Verdict(opinion, sentence, COUNTS, Counts(9000, 9, 30), 12)


def lane(**changes: Any) -> Lane:
    return replace(Lane(ENDPOINT), **changes)
