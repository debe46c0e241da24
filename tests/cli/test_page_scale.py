"""Ticks are round, hold what is drawn, and stand far enough apart to be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.page_scale import TICK_WIDTH, number_label, numbers_up_to, span, time_axis

BEGIN = datetime(2026, 11, 20, 14, 7, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (100, (0, 25, 50, 75, 100)),
        (1.25, (0, 0.5, 1, 1.5)),
        (84.6, (0, 25, 50, 75, 100)),
        (312, (0, 100, 200, 300, 400)),
        (0.07, (0, 0.02, 0.04, 0.06, 0.08)),
    ],
)
def test_ticks_are_round_numbers(highest: float, ticks: tuple[float, ...]) -> None:
    assert numbers_up_to(highest).ticks == ticks


@given(st.floats(min_value=1e-6, max_value=1e9))
def test_a_scale_holds_what_is_drawn_with_few_ticks(highest: float) -> None:
    scale = numbers_up_to(highest)
    assert scale.top >= highest * 0.999
    assert 2 <= len(scale.ticks) <= 6
    assert 0 <= scale.share(highest) <= 1


@given(
    st.integers(min_value=1, max_value=60 * 24 * 60),
    st.one_of(st.none(), st.integers(min_value=1, max_value=60 * 24 * 60)),
    st.sampled_from([(46, 350), (46, 590), (46, 950)]),
)
def test_times_stand_in_order_within_the_sides_and_apart(
    minutes: int, watch: int | None, sides: tuple[float, float]
) -> None:
    end = BEGIN + timedelta(minutes=minutes)
    axis = time_axis(BEGIN, end, None if watch is None else BEGIN + timedelta(minutes=watch), sides)
    places = [x for x, _ in axis.ticks()]
    assert all(sides[0] <= x <= sides[1] for x in places)
    assert all(later - earlier >= TICK_WIDTH * 0.85 for earlier, later in pairwise(places))
    moments = [BEGIN + (end - BEGIN) * part / 20 for part in range(21)]
    drawn = [axis.x(at) for at in moments]
    assert drawn == sorted(drawn)
    assert (drawn[0], round(drawn[-1], 6)) == (sides[0], sides[1])


def test_times_are_round_and_midnight_is_a_date() -> None:
    axis = time_axis(BEGIN, BEGIN + timedelta(hours=12), None, (46, 950))
    labels = [said for _, said in axis.ticks()]
    assert labels[:3] == ["15:00", "16:00", "17:00"]
    assert "21 Nov" in labels


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0"), (2.5, "2.5"), (1000, "1,000"), (25000, "25k"), (1.5e6, "1.5M")]
)
def test_numbers_are_parted_and_short(value: float, said: str) -> None:
    assert number_label(value) == said


def test_a_span_names_one_day_or_two() -> None:
    assert span((BEGIN, BEGIN + timedelta(hours=1))) == "2026-11-20"
    assert span((BEGIN, BEGIN + timedelta(hours=10))) == "2026-11-20 to 2026-11-21"
