"""Rates with their 95 % bands, as they are drawn: counts added up in each step, in the watch over its last hour. It draws nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from math import sqrt

from cli.explained import Counts, Row
from cli.page_chart import Point

Side = Callable[[Row], Counts | None]
Z = 1.96
"""The quantile of the normal distribution that a band of 95 % takes."""
WATCH, LAST = "watch", timedelta(hours=1)
"""A watch is long: what happens late in it must not vanish in what went well before."""


def wilson(bad: int, requests: int) -> tuple[float, float]:
    """The 95 % band of a rate (0 to 1) by Wilson's score interval. `requests` must not be 0."""
    rate, square = bad / requests, Z * Z / requests
    middle = (rate + square / 2) / (1 + square)
    half = Z * sqrt(rate * (1 - rate) / requests + square / (4 * requests)) / (1 + square)
    return max(0.0, min(rate, middle - half)), min(1.0, max(rate, middle + half))


def rates(rows: Sequence[Row], side: Side, index: int) -> tuple[Point, ...]:
    """Percent of a side's requests that failed (`index` 1) or were slow (2); a row without data makes a gap."""
    found: list[Point] = []
    kept: list[Row] = []
    for row in rows:
        kept = [each for each in kept if _counts_with(each, row)] + [row]
        if side(row) is None:
            continue
        requests, bad = (sum(_count(side(each), which) for each in kept) for which in (0, index))
        if requests:
            low, high = wilson(bad, requests)
            found.append(Point(row, 100 * bad / requests, (100 * low, 100 * high)))
    return tuple(found)


def _counts_with(row: Row, newest: Row) -> bool:
    if row.window != newest.window:
        return False
    return row.window != WATCH or row.at + LAST >= newest.at + newest.length


def _count(counts: Counts | None, which: int) -> int:
    return counts[which] if counts else 0
