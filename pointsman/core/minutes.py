"""One complete minute of both sides, as it was counted. What it proves is `judge.py`; reading metrics is an adapter's work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Side:
    """One side's complete minute.

    `slow` took longer than the policy's limit. Of the `timed` requests, `over_p75` and `over_p99` took longer than this side's
    thresholds (`usual.Thresholds`); None where there are none. `score` is a mean and how many answers have one; `output` is
    generated tokens and the milliseconds that all answers took.
    """

    requests: int
    errors: int
    slow: int
    timed: int = 0
    over_p75: int | None = None
    over_p99: int | None = None
    score: tuple[float, int] | None = None
    output: tuple[int, float] | None = None


@dataclass(frozen=True, slots=True)
class Minute:
    """Both sides over the same minute; None where CloudWatch has no data point."""

    at: datetime
    baseline: Side | None
    candidate: Side | None
