"""Rates as they are drawn: counted from the beginning of a step, within the band that so few requests allow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cli.explained import Counts, Row
from cli.page_rates import rates, wilson
from tests.cli.pages import row


def with_counts(minute: int, counts: Counts | None, window: str = "step-0") -> Row:
    return replace(row(minute, window), candidate=counts)


def candidate(each: Row) -> Counts | None:
    return each.candidate


@pytest.mark.parametrize(
    ("bad", "requests", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (1, 1000, 0.000177, 0.005648)],
)
def test_a_band_is_wilsons(bad: int, requests: int, low: float, high: float) -> None:
    assert wilson(bad, requests) == pytest.approx((low, high), abs=1e-4)


def test_counts_add_up_within_a_step_and_begin_anew_in_the_next() -> None:
    rows = [with_counts(0, (10, 1, 0)), with_counts(1, (30, 1, 0)), with_counts(2, (10, 0, 0), "step-1")]
    assert [point.value for point in rates(rows, candidate, 1)] == pytest.approx([10, 5, 0])


def test_a_band_narrows_as_requests_come() -> None:
    points = rates([with_counts(minute, (10, 1, 0)) for minute in range(20)], candidate, 1)
    widths = [point.band[1] - point.band[0] for point in points if point.band]
    assert widths == sorted(widths, reverse=True)
    assert len(widths) == 20


def test_a_minute_without_data_or_without_any_request_is_no_point() -> None:
    rows = [
        with_counts(0, (0, 0, 0)),
        with_counts(1, (4, 1, 0)),
        with_counts(2, None),
        with_counts(3, (4, 1, 0)),
    ]
    assert [point.row.at for point in rates(rows, candidate, 1)] == [rows[1].at, rows[3].at]


def test_a_late_fault_in_a_long_watch_shows_within_the_hour() -> None:
    rows = [with_counts(minute, (10, 5 if minute >= 1000 else 0, 0), "watch") for minute in range(1060)]
    points = rates(rows, candidate, 1)
    assert points[999].value == 0
    assert points[1029].value == pytest.approx(25)
    assert points[-1].value == pytest.approx(50)
