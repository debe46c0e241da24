"""Wilson's bound against its definition, and verdicts over any history."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.core.judge import Evidence, judge, open_window, take, wilson_lower
from pointsman.core.minutes import Minute, Side
from pointsman.core.verdict import Opinion
from tests.core.builders import HEALTH, MINUTE, NOW
from tests.core.strategies import thorough

TENTH = 1000
ALL = 10_000


def gathered(*minutes: tuple[Side | None, Side | None], share_bps: int = TENTH, usual: float = 0) -> Evidence:
    """Evidence of minutes in a row, each (candidate, baseline)."""
    evidence = replace(open_window(None, "step-0", NOW), usual_rpm=usual)
    for number, (candidate, baseline) in enumerate(minutes):
        evidence = take(evidence, Minute(NOW + number * MINUTE, baseline, candidate), share_bps)
    return evidence


# Wilson's bound: the root of (rate - p)^2 = z^2 p (1 - p) / n below the rate, with z = 1.645.


@pytest.mark.parametrize(
    ("bad", "requests", "bound"),
    [
        (0, 10, 0.0),
        (1, 10, 0.0226),
        (5, 10, 0.2693),
        (10, 10, 10 / (10 + 1.645**2)),
        (10, 100, 0.0607),
        (50, 1000, 0.0398),
        (1, 1, 1 / (1 + 1.645**2)),
    ],
)
def test_the_lower_bound_is_wilsons(bad: int, requests: int, bound: float) -> None:
    assert wilson_lower(bad, requests) == pytest.approx(bound, abs=0.0001)


@thorough
@given(st.integers(1, 100_000), st.data())
def test_the_bound_solves_the_equation_that_defines_it(requests: int, data: st.DataObject) -> None:
    rate = data.draw(st.integers(1, requests)) / requests
    bound = wilson_lower(round(rate * requests), requests)

    assert (rate - bound) ** 2 == pytest.approx(
        1.645**2 * bound * (1 - bound) / requests, rel=1e-6, abs=1e-12
    )


@thorough
@given(st.integers(1, 100_000), st.data())
def test_the_bound_lies_between_nothing_and_the_rate(requests: int, data: st.DataObject) -> None:
    bad = data.draw(st.integers(0, requests))

    assert 0 <= wilson_lower(bad, requests) <= bad / requests + 1e-15


@thorough
@given(st.integers(1, 5000), st.integers(1, 50), st.integers(1, 10))
def test_more_of_the_same_proves_more(requests: int, bad: int, times: int) -> None:
    bad = min(bad, requests)

    assert wilson_lower(bad * times, requests * times) >= wilson_lower(bad, requests) - 1e-12


SIDES = st.none() | st.builds(Side, st.integers(0, 500), st.integers(0, 500), st.integers(0, 500)).map(
    lambda side: replace(side, errors=min(side.errors, side.requests), slow=min(side.slow, side.requests))
)


@thorough
@given(st.lists(st.tuples(SIDES, SIDES), max_size=70), st.sampled_from([1, 1000, 5000, ALL]))
def test_every_history_has_a_verdict_and_none_passes_above_the_tolerance(
    minutes: list[tuple[Side | None, Side | None]], share_bps: int
) -> None:
    verdict = judge(gathered(*minutes, share_bps=share_bps), HEALTH, share_bps)

    if verdict.opinion is Opinion.PASS:
        assert verdict.candidate.requests >= HEALTH.min_requests
        assert verdict.candidate.percent(verdict.candidate.errors) <= HEALTH.max_error_percent
        assert verdict.candidate.percent(verdict.candidate.slow) <= HEALTH.max_slow_percent
