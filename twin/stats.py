"""CloudWatch statistics over a distribution. Where the values come from is the metric store's business."""

from __future__ import annotations

import re
from collections.abc import Callable

from twin.errors import TwinError
from twin.metrics import BUCKET_RATIO, ZERO_BUCKET, Summary

Statistic = Callable[[Summary], float]

_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?|100)")
_RANK = re.compile(r"PR\((\d*\.?\d*):(\d*\.?\d*)\)")
_PLAIN: dict[str, Statistic] = {
    "Sum": lambda summary: summary.total,
    "SampleCount": lambda summary: float(summary.count),
    "Average": lambda summary: summary.total / summary.count,
    "Minimum": lambda summary: summary.least,
    "Maximum": lambda summary: summary.most,
}


def statistic(name: str) -> Statistic:
    """Return the function for a statistic's name (facts 3.2); ValidationError if the twin does not know it."""
    plain = _PLAIN.get(name)
    if plain is not None:
        return plain
    percentile = _PERCENTILE.fullmatch(name)
    if percentile is not None:
        share = float(percentile[1]) / 100.0
        return lambda summary: _percentile(summary, share)
    rank = _RANK.fullmatch(name)
    if rank is not None and (rank[1] or rank[2]):
        low = float(rank[1]) if rank[1] else None
        high = float(rank[2]) if rank[2] else None
        return lambda summary: _rank(summary, low, high)
    raise TwinError("ValidationError", f"The value {name} for parameter Stat is not supported.")


def _edges(summary: Summary, bucket: int) -> tuple[float, float]:
    if bucket == ZERO_BUCKET:
        return 0.0, 0.0
    low, high = BUCKET_RATIO**bucket, BUCKET_RATIO ** (bucket + 1)
    return max(low, summary.least), min(high, summary.most)


def _percentile(summary: Summary, share: float) -> float:
    wanted = share * summary.count
    seen = 0
    for bucket in sorted(summary.buckets):
        seen += summary.buckets[bucket]
        if seen >= wanted:
            low, high = _edges(summary, bucket)
            return (low + high) / 2.0
    return summary.most


def _rank(summary: Summary, low: float | None, high: float | None) -> float:
    """Return the percentage of values in (low, high]; inside a bucket they count as spread evenly."""
    upper = summary.count if high is None else _at_most(summary, high)
    lower = 0.0 if low is None else _at_most(summary, low)
    return 100.0 * (upper - lower) / summary.count


def _at_most(summary: Summary, limit: float) -> float:
    total = 0.0
    for bucket, count in summary.buckets.items():
        low, high = _edges(summary, bucket)
        if limit >= high:
            total += count
        elif limit > low:
            total += count * (limit - low) / (high - low)
    return total
