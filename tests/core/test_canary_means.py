"""The bets on means, number by number: a quality score, and time per output token, which takes over what latency had."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log, sqrt

import pytest

from pointsman.core.canary_evidence import Output, Side
from pointsman.core.canary_judge import take
from pointsman.core.canary_means import QUALITY, TPOT, Means, Scores, judged
from pointsman.core.canary_odds import Wealth
from tests.core.canary_minutes import HALF, at_half
from tests.core.canary_minutes import judged as judged_minutes

STEPS = (0.3, 0.8, 1.6)
PARTS = (0.3, 0.4, 0.3)


def gaussian(deviations: float) -> list[float]:
    """The log likelihood ratios of so many standard deviations, for each mean that is bet on."""
    return [step * deviations - step**2 / 2 for step in STEPS]


@pytest.mark.parametrize(("requests", "baseline"), [(400, 100), (50, 950)])
def test_a_score_is_measured_in_standard_errors_of_both_sides(requests: int, baseline: int) -> None:
    """0.25 is one answer's standard deviation, 0.01 what means differ by without a cause, 0.015 less is tolerated."""
    _scores, odds = judged(QUALITY, Scores(), Means(requests, 0.04, baseline))
    error = sqrt(0.25**2 * (1 / requests + 1 / baseline) + 0.01**2)

    assert odds == pytest.approx(gaussian((0.04 - 0.015) / error))


def test_a_tenth_more_time_for_a_token_is_even_and_twice_the_time_counts_as_three_standard_deviations() -> (
    None
):
    even, double = (judged(TPOT, Scores(), Means(300, log(times), 300))[1] for times in (1.1, 2.0))

    assert even == pytest.approx(gaussian(0.0))
    assert double == pytest.approx(gaussian(3.0))


def test_half_a_time_as_deviation_and_a_floor_are_what_time_for_a_token_begins_with() -> None:
    _scores, odds = judged(TPOT, Scores(), Means(40, log(1.2), 60))
    error = sqrt(0.5**2 * (1 / 40 + 1 / 60) + 0.08**2)

    assert odds == pytest.approx(gaussian(log(1.2 / 1.1) / error))


def test_the_deviation_is_learnt_from_differences_between_minutes() -> None:
    """What is assumed weighs eight of them; half of a squared difference is a variance."""
    scores = Scores()
    for lost in (0.10, 0.04, 0.25):
        scores, _odds = judged(QUALITY, scores, Means(200, lost, 200))
    seen = [100 * (0.04 - 0.10) ** 2 / 2, 100 * (0.25 - 0.04) ** 2 / 2]

    assert scores.sd(QUALITY.sd) ** 2 == pytest.approx((8 * 0.25**2 + sum(seen)) / (8 + 2))


def test_time_for_a_token_bets_what_latency_has_and_latency_nothing_any_more() -> None:
    quiet = Side(500, 2, 500, {"p75": 125, "p75x1.1": 100, "p99": 5})
    [*_others, (before, _answer)] = judged_minutes(HALF, at_half(*[(quiet, quiet)] * 8))
    gross, errors, p75, p99 = before.tracks
    p75, p99 = (
        replace(p75, wealth=Wealth(0.5, (5.0, 0.5))),
        replace(p99, wealth=Wealth(0.25, (0.25,) * 3 + (0.0,))),
    )
    spoken = replace(quiet, output=Output(50_000, 1_000_000.0))
    minute = at_half(*[(spoken, spoken)] * 9)[-1]
    after, _answer = take(replace(before, tracks=(gross, errors, p75, p99)), minute)

    had = (0.20 * 6.0 + 0.13 * 1.0) / 0.33
    error = sqrt(0.5**2 * 2 / 498 + 0.08**2)
    odds = gaussian(-log(1.1) / error)
    bets = [(0.8 * had + 0.005) * part * exp(odd) for part, odd in zip(PARTS, odds, strict=True)]
    assert after.tpot.wealth.bets == pytest.approx(bets)
    assert after.tpot.wealth.cash == pytest.approx(0.2 * had - 0.005)
    assert 1 < after.tpot.wealth.total < had
    assert (after.tpot.lately.lowest, after.tpot.lately.minutes) == (after.tpot.wealth.total, 0)
    assert [track.wealth.total for track in after.tracks[2:]] == [0, 0]
    assert [track.proof is None for track in after.tracks] == [True, False, True, True]
