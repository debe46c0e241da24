"""The exact part of the canary judge, by enumeration of all counts of a minute: no bet gains on average while nothing is wrong."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import comb, exp, log

import pytest

from pointsman.core.canary_evidence import Plan
from pointsman.core.canary_odds import Pair, Tolerance, Wealth, log_odds, put, unspent
from pointsman.core.canary_processes import PROCESSES, Process, Spread, bet, between_minutes, learn
from pointsman.core.canary_proof import BOLD, CAREFUL, Proof, prove
from pointsman.core.canary_tracks import tolerated

REQUESTS = ((1, 9), (3, 3), (6, 20), (12, 12), (30, 5))
"""Requests of the candidate and of the baseline in a minute."""
BASELINE_RATES = (0.0, 0.001, 0.01, 0.05, 0.2, 0.45)
SPREADS = (0.005, 0.1, 1.0, 3.0)
ROUNDING = 1e-9
ERRORS = PROCESSES[1]


def chances(requests: int, rate: float) -> list[float]:
    return [comb(requests, bad) * rate**bad * (1 - rate) ** (requests - bad) for bad in range(requests + 1)]


def mean(sides: tuple[int, int], rates: tuple[float, float], worth: Callable[[Pair], float]) -> float:
    """The mean of what a minute is worth, over all counts that both sides can have."""
    mine, theirs = chances(sides[0], rates[0]), chances(sides[1], rates[1])
    return sum(
        mine[bad] * theirs[baseline_bad] * worth(Pair(sides[0], bad, sides[1], baseline_bad))
        for bad in range(sides[0] + 1)
        for baseline_bad in range(sides[1] + 1)
    )


def at_most(tolerance: Tolerance, rate: float) -> float:
    """The worst rate that is tolerated."""
    return min(1.0, tolerance.times * rate + tolerance.points)


@pytest.mark.parametrize(
    ("tolerance", "alternative"),
    sorted({(process.tolerance, each) for process in PROCESSES for each in process.grid[0]}, key=str),
    ids=str,
)
@pytest.mark.parametrize("sides", REQUESTS)
@pytest.mark.parametrize("rate", BASELINE_RATES)
def test_the_odds_of_a_tolerable_candidate_have_a_mean_of_at_most_one(
    tolerance: Tolerance, alternative: float, sides: tuple[int, int], rate: float
) -> None:
    def worth(pair: Pair) -> float:
        return exp(log_odds(pair, tolerance, alternative))

    worst = at_most(tolerance, rate)

    assert mean(sides, (worst, rate), worth) <= 1 + ROUNDING
    assert mean(sides, (worst / 2, rate), worth) <= 1 + ROUNDING


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
@pytest.mark.parametrize("sides", REQUESTS)
@pytest.mark.parametrize("rate", BASELINE_RATES)
@pytest.mark.parametrize("variance", SPREADS)
def test_a_whole_minute_of_a_process_gains_nothing_on_average_while_the_candidate_is_tolerable(
    process: Process, sides: tuple[int, int], rate: float, variance: float
) -> None:
    before = Wealth(0.5, tuple([0.5 / len(process.grid[0])] * len(process.grid[0])))

    def worth(pair: Pair) -> float:
        return bet(process, (before, variance, process.tolerance), pair, (0.06, log(50))).total

    assert mean(sides, (at_most(process.tolerance, rate), rate), worth) <= 1 + ROUNDING


@pytest.mark.parametrize("margin", [0.005, 0.05, 0.3])
@pytest.mark.parametrize("sides", REQUESTS)
@pytest.mark.parametrize("rate", BASELINE_RATES)
@pytest.mark.parametrize("variance", SPREADS)
def test_nor_does_it_while_a_margin_is_tolerated(
    margin: float, sides: tuple[int, int], rate: float, variance: float
) -> None:
    process = ERRORS
    tolerance = tolerated(process, (variance, 0.0), 9, Plan((), error_margin=margin))
    before = Wealth(0.5, tuple([0.5 / len(process.grid[0])] * len(process.grid[0])))

    def worth(pair: Pair) -> float:
        return bet(process, (before, variance, tolerance), pair, (0.06, log(50))).total

    assert tolerance == Tolerance(1.0, margin)
    assert mean(sides, (at_most(tolerance, rate), rate), worth) <= 1 + ROUNDING


@pytest.mark.parametrize("times", [1.0, 1.3])
def test_the_odds_gain_on_average_where_the_alternative_is_true(times: float) -> None:
    tolerance = Tolerance(times, 0.0)

    assert mean((12, 12), (3 * times * 0.05, 0.05), lambda pair: log_odds(pair, tolerance, 3.0)) > 0


@pytest.mark.parametrize("sides", REQUESTS)
@pytest.mark.parametrize("rate", BASELINE_RATES)
@pytest.mark.parametrize("bad", [Tolerance(2.0, 0.0005), Tolerance(2.0, 0.05), Tolerance(1.3, 0.2)], ids=str)
@pytest.mark.parametrize("discount", [1.0, 1.4, 6.0])
def test_the_proof_gains_nothing_on_average_while_the_candidate_is_bad(
    sides: tuple[int, int], rate: float, bad: Tolerance, discount: float
) -> None:
    stakes = CAREFUL if bad.times == 1.3 else BOLD
    least = bad.times * rate + bad.points
    if least > 1:
        pytest.skip("no rate is that bad")
    for mine in (least, min(1.0, 1.5 * least)):
        assert (
            mean(sides, (mine, rate), lambda pair: prove(Proof(bad, stakes), pair, discount).total)
            <= 1 + ROUNDING
        )


@pytest.mark.parametrize("rate", [0.17, 0.25, 0.6])
@pytest.mark.parametrize("sides", [(20, 60), (30, 30), (36, 12)])
def test_a_careful_proof_gains_on_average_where_the_candidate_is_as_good_as_the_baseline(
    rate: float, sides: tuple[int, int]
) -> None:
    careful = Proof(Tolerance(1.3, 0.0005), CAREFUL)

    assert mean(sides, (rate, rate), lambda pair: log(prove(careful, pair, 1).bets[0])) > 0


def test_the_proof_gains_on_average_where_the_candidate_is_as_good_as_the_baseline() -> None:
    assert (
        mean((30, 30), (0.01, 0.01), lambda pair: log(prove(Proof(Tolerance(2.0, 0.05)), pair, 1).total)) > 0
    )


def test_errors_of_the_candidate_raise_the_odds_and_errors_of_the_baseline_lower_them() -> None:
    tolerance = Tolerance(1.0, 0.001)
    by_mine = [log_odds(Pair(20, bad, 20, 2), tolerance, 4.0) for bad in range(21)]
    by_theirs = [log_odds(Pair(20, 2, 20, bad), tolerance, 4.0) for bad in range(21)]

    assert all(one < other for one, other in pairwise(by_mine))
    assert all(one > other for one, other in pairwise(by_theirs))


# The mixture.


def test_what_is_not_bet_is_kept() -> None:
    after = put(unspent(2), [0.0, 0.0], (0.25, 0.75), (0.5, 1.0))

    assert after == Wealth(0.5, (0.125, 0.375))


def test_there_is_never_more_bet_than_there_is_cash() -> None:
    after = put(Wealth(0.1, (0.4, 0.5)), [0.0, 0.0], (0.5, 0.5), (0.8, 1.0))

    assert after.cash == 0
    assert after.total == pytest.approx(1.0)


def test_no_minute_multiplies_a_bet_by_more_than_the_cap() -> None:
    after = put(Wealth(0.0, (1.0, 1.0)), [9.0, -9.0], (0.5, 0.5), (0.5, log(3)))

    assert after.bets == pytest.approx((3.0, exp(-9)))


def test_a_bet_stops_growing_long_before_numbers_end() -> None:
    wealth = unspent(1)
    for _ in range(10_000):
        wealth = put(wealth, [700.0], (1.0,), (0.5, 700.0))

    assert wealth.total < float("inf")


# How much rates vary between minutes.


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_steady_rates_teach_that_little_varies_but_never_that_nothing_does(process: Process) -> None:
    spread = Spread()
    assert between_minutes(process, spread) == pytest.approx(process.spread)
    for _ in range(30):
        spread = learn(process, spread, Pair(10_000, 100, 10_000, 100))

    assert between_minutes(process, spread) == process.least * process.spread


def test_a_baseline_that_jumps_by_itself_is_reckoned_to_be_joined_by_the_candidate() -> None:
    spread = Spread()
    for number in range(60):
        spread = learn(ERRORS, spread, Pair(1_000, 0, 100_000, 1_000 if number % 2 else 2_000))

    assert between_minutes(ERRORS, spread) == pytest.approx(1.5 * log(2) ** 2 / 2, rel=0.1)
    assert spread.ratio.variance(0.1) < between_minutes(ERRORS, spread)


def test_latency_learns_from_both_sides_alone() -> None:
    p75, spread = PROCESSES[2], Spread()
    for number in range(60):
        slow = 1_000 if number % 2 else 2_000
        spread = learn(p75, spread, Pair(100_000, slow, 100_000, slow))

    assert between_minutes(p75, spread) == p75.least * p75.spread


def test_rates_that_jump_each_minute_teach_their_variance() -> None:
    spread = Spread()
    for number in range(60):
        spread = learn(ERRORS, spread, Pair(100_000, 1_000 if number % 2 else 3_000, 100_000, 1_000))

    assert spread.ratio.variance(0.1) == pytest.approx(log(3) ** 2 / 2, rel=0.1)


def test_a_lasting_change_of_the_rate_is_no_variance() -> None:
    spread = Spread()
    for number in range(60):
        spread = learn(ERRORS, spread, Pair(100_000, 1_000 if number < 30 else 5_000, 100_000, 1_000))

    assert spread.ratio.variance(0.03) < 0.06


def test_a_minute_without_a_bad_request_teaches_nothing_of_the_variance() -> None:
    spread = learn(ERRORS, learn(ERRORS, Spread(), Pair(100, 2, 100, 3)), Pair(100, 0, 100, 0))

    assert (spread.ratio.seen, spread.baseline.seen) == (0, 0)
    assert spread.usual_bad == pytest.approx(4.5)
