"""What a canary judge is told: the plan of a rollout and the counts of each complete minute. No verdict is made here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

NOTHING_SLOW: Mapping[str, int] = {}


class Mode(StrEnum):
    """Whether whoever asks lets a PASS end a stage, or the clock alone: the judge does not look at it."""

    FIXED = "fixed"
    ADAPTIVE = "adaptive"


WARM_UP_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: the candidate's share of the traffic (0 to 1) and the minutes it bakes, at least and at most."""

    share: float
    bake_min: int
    bake_max: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known before a rollout starts.

    `alpha` bounds wrong rollbacks. The usual error rate (0 to 1) and requests a minute of both sides are 0 where nobody knows
    them. `error_margin` (0 to 1) says by how much more than the baseline's the candidate's error rate may be. For `warm_up`
    usable minutes a cold start is no fault. Whether a PASS is followed is the caller's business: the judge answers alike.
    """

    stages: tuple[Stage, ...]
    alpha: float = 0.02
    horizon_min: int = 60
    usual_error_rate: float = 0.0
    usual_rpm: float = 0.0
    error_margin: float = 0.0
    warm_up: int = WARM_UP_MINUTES


@dataclass(frozen=True, slots=True)
class Quality:
    """The mean score of the `scored` requests of a minute, higher is better."""

    mean: float
    scored: int


@dataclass(frozen=True, slots=True)
class Output:
    """What the answers of a minute had in all: generated tokens, and the milliseconds they took."""

    tokens: int
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Side:
    """One side's complete minute.

    `slow` counts, among `timed` requests, those slower than a threshold frozen before the rollout: "p99" is the baseline's
    usual 99th percentile, "p99x1.1" one tenth above it.
    """

    requests: int
    errors: int = 0
    timed: int = 0
    slow: Mapping[str, int] = field(default_factory=dict)
    quality: Quality | None = None
    output: Output | None = None


@dataclass(frozen=True, slots=True)
class Minute:
    """Both sides over the same minute of a stage; None where there is no data point. `number` goes up within a rollout."""

    number: int
    stage: int
    stage_minute: int
    share: float
    baseline: Side | None
    candidate: Side | None
