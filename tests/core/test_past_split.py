"""Requests that are dealt out to two sides: nothing is lost, and chance is what it should be, to the last digit."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.core.past import PastMinute
from pointsman.core.past_split import Chance, Counted, binomial, deal, hypergeometric
from tests.core.pasts import BEGIN, chances

GRID = 20_000


def shares(draw: object) -> dict[int, float]:
    """How often each value comes when chance is a fine grid from 0 to 1."""
    found: dict[int, float] = {}
    for number in range(GRID):
        value = draw(lambda number=number: (number + 0.5) / GRID)  # type: ignore[operator]
        found[value] = found.get(value, 0.0) + 1 / GRID
    return found


@pytest.mark.parametrize(("trials", "probability"), [(1, 0.3), (12, 0.05), (40, 0.5), (9, 0.99)])
def test_a_binomial_has_its_probabilities(trials: int, probability: float) -> None:
    def draw(chance: Chance) -> int:
        return binomial(trials, probability, chance)

    found = shares(draw)

    for k in range(trials + 1):
        exact = comb(trials, k) * probability**k * (1 - probability) ** (trials - k)
        assert found.get(k, 0.0) == pytest.approx(exact, abs=2 / GRID)


@pytest.mark.parametrize(
    ("population", "marked", "drawn"), [(10, 4, 3), (50, 5, 25), (30, 28, 29), (20, 10, 10)]
)
def test_cards_have_their_probabilities(population: int, marked: int, drawn: int) -> None:
    def draw(chance: Chance) -> int:
        return hypergeometric(population, marked, drawn, chance)

    found = shares(draw)

    for k in range(marked + 1):
        ways = comb(marked, k) * comb(population - marked, drawn - k) if drawn >= k else 0
        assert found.get(k, 0.0) == pytest.approx(ways / comb(population, drawn), abs=2 / GRID)


@given(st.floats(0, 1, exclude_max=True))
def test_the_ends_of_chance_are_within_the_range(u: float) -> None:
    assert 0 <= binomial(100_000, 0.5, lambda: u) <= 100_000
    assert 9_000 <= hypergeometric(100_000, 50_000, 59_000, lambda: u) <= 50_000


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 600), st.floats(0, 1), st.integers(0, 99))
def test_both_sides_together_are_what_was_there(
    requests: int, errors: int, timed: int, share: float, seed: int
) -> None:
    errors, over = min(errors, requests), {100: timed // 2, 200: timed // 5}
    past = PastMinute(BEGIN, requests, errors, timed, over)

    theirs, mine = deal(past, share, (200, 100), chances(str(seed)))

    assert theirs.requests + mine.requests == requests
    assert theirs.errors + mine.errors == errors
    assert theirs.timed + mine.timed == timed
    assert {each: theirs.over[each] + mine.over[each] for each in over} == over
    for side in (theirs, mine):
        assert 0 <= side.errors <= side.requests
        assert 0 <= side.over[200] <= side.over[100] <= side.timed


def test_a_side_without_a_request_has_no_data_and_one_without_latency_no_counts_of_it() -> None:
    by = Counted(slow=300, p75=100, p99=200)
    nothing, all_of_it = deal(PastMinute(BEGIN, 7, 2), 1.0, (100, 200, 300), chances("a"))

    assert nothing.side(by) is None
    side = all_of_it.side(by)
    assert side is not None
    assert (side.requests, side.errors, side.over_p75, side.over_p99) == (7, 2, None, None)


def test_a_threshold_without_a_count_takes_the_next_one_above() -> None:
    past = PastMinute(BEGIN, 10, 0, 10, {100: 8, 300: 2})

    assert [past.slower_than(each) for each in (100, 150, 300, 301)] == [8, 2, 2, None]
