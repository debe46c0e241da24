"""Whole counts of minutes to come: what they add up to, and what a thin minute is."""

from __future__ import annotations

import math

import pytest

from pointsman.core.evidence_time import Mood
from pointsman.core.expected_minutes import CANDIDATE_STRIDE, Crowd, Rates, usual_rates
from pointsman.core.minutes import Side
from pointsman.core.usual import Usual

USUAL = Usual(50_000, 90_000, 0.002, 60)


def minutes(crowd: Crowd, expected: float, count: int) -> list[Side | None]:
    return [crowd.answered(crowd.arrivals(expected), is_compared=True) for _ in range(count)]


def total(sides: list[Side | None]) -> tuple[int, int, int, int]:
    seen = [side for side in sides if side is not None]
    return (
        sum(side.requests for side in seen),
        sum(side.errors for side in seen),
        sum(side.over_p75 or 0 for side in seen),
        sum(side.over_p99 or 0 for side in seen),
    )


def test_parts_of_requests_are_carried_over() -> None:
    found = minutes(Crowd(Rates(0.01, 0.25, 0.01)), 2.5, 400)

    assert total(found) == (1000, 10, 250, 10)
    assert [side.requests for side in found[:4] if side] == [2, 3, 2, 3]


def test_a_minute_without_a_request_has_no_data_point_and_thin_ones_are_as_often_empty_as_by_chance() -> None:
    found = minutes(Crowd(Rates()), 0.7, 1_000)

    assert sum(side is None for side in found) == pytest.approx(1_000 * math.exp(-0.7), abs=40)
    assert total(found)[0] == pytest.approx(700, abs=1)


def test_which_minutes_are_empty_is_another_matter_for_each_side() -> None:
    """Where both have requests in half of the minutes, both have some in a quarter."""
    one, other = Crowd(Rates()), Crowd(Rates(), stride=CANDIDATE_STRIDE)
    pairs = zip(minutes(one, math.log(2), 1_000), minutes(other, math.log(2), 1_000), strict=True)

    assert sum(all(pair) for pair in pairs) == pytest.approx(250, abs=40)


@pytest.mark.parametrize(("sign", "requests", "errors"), [(-1, 1052, 5), (1, 947, 14)])
def test_in_a_mood_as_few_come_and_as_many_fail_as_one_time_in_twenty(
    sign: int, requests: int, errors: int
) -> None:
    found = total(minutes(Crowd(Rates(0.01), Mood(sign)), 10, 100))

    assert found[:2] == (requests, errors)


def test_each_step_may_bring_few_but_what_was_bad_is_not_counted_anew() -> None:
    crowd = Crowd(Rates(0.01), Mood(1))
    first = total(minutes(crowd, 10, 100))
    crowd.begin_step()
    second = total(minutes(crowd, 10, 100))

    assert second[0] == first[0] == 947
    assert first[1] + second[1] == int(18.94 + 1.645 * 18.94**0.5)


def test_only_compared_minutes_have_bad_requests() -> None:
    crowd = Crowd(Rates(0.5))

    assert crowd.answered(4, is_compared=False) == Side(4, 0, 0, 4, None, None)
    assert crowd.answered(4, is_compared=True) == Side(4, 2, 0, 4, None, None)


def test_a_candidate_that_is_as_good_is_over_its_higher_threshold_less_often() -> None:
    baseline, candidate = usual_rates(USUAL, Mood(0))

    assert baseline.errors == candidate.errors == 0.002
    assert candidate.over_p75 is not None
    assert baseline.over_p75 is not None
    assert candidate.over_p75 < baseline.over_p75
    assert candidate.over_p99 == baseline.over_p99


def test_without_a_past_latency_is_counted_over_the_policys_limit_alone() -> None:
    baseline, candidate = usual_rates(Usual(), Mood(0))

    assert baseline == candidate == Rates(0.0, None, 0.0)
