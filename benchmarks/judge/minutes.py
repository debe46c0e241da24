"""What a judge is given: the start of a rollout and one minute after the other. The words are those of `pointsman judge --jsonl`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pointsman.core.canary_evidence import Mode, Stage

PERCENTILES = ("p75", "p90", "p99")
SLOW_KEYS = tuple(f"{name}{factor}" for name in PERCENTILES for factor in ("", "x1.1", "x1.25"))


class Decision(StrEnum):
    """What a judge answers to a minute."""

    CONTINUE = "continue"
    ROLLBACK = "rollback"
    PROMOTE = "promote"


@dataclass(frozen=True, slots=True)
class Start:
    """The line that begins a rollout. `history` and `thresholds_ms` are of the baseline's last hour before it."""

    alpha: float
    horizon_min: int
    plan: tuple[Stage, ...]
    mode: Mode
    thresholds_ms: Mapping[str, float]
    history: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds, read from buckets 10 % wide; `count` requests have one."""

    count: int
    avg: float
    p50: float
    p90: float
    p99: float


@dataclass(frozen=True, slots=True)
class Quality:
    """A score between 0 and 1 of `n` sampled answers."""

    n: int
    mean: float


@dataclass(frozen=True, slots=True)
class Side:
    """One side's minute. `slow["p90x1.25"]` counts requests slower than 1.25 times that threshold."""

    invocations: int
    errors: int
    latency: Latency | None
    slow: Mapping[str, int]
    quality: Quality | None = None


@dataclass(frozen=True, slots=True)
class Minute:
    """Both sides over the same minute; None where there is no data point."""

    minute: int
    stage: int
    stage_minute: int
    share: float
    baseline: Side | None
    canary: Side | None


class Judge(Protocol):
    """A rule that follows one rollout."""

    def minute(self, minute: Minute) -> Decision:
        """Answer one minute; minutes come in order."""
        ...


StartJudge = Callable[[Start], Judge]
"""Begins a rollout. Nothing is carried over from the one before."""
