"""The judge of a version that serves alone: what it may not do by chance, what it must find, and when it passes."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from math import comb, exp

import pytest

from pointsman.core.alone import (
    ALTERNATIVES,
    BUSY_RPM,
    CAP,
    DEAD_AFTER,
    FIRST,
    PRIOR,
    UNSPENT,
    Alone,
    Limits,
    Said,
    judge,
    limits_of,
    take,
)
from pointsman.core.canary_odds import put
from pointsman.core.minutes import Side
from pointsman.core.verdict import Counts, Opinion
from pointsman.policy import Comparison
from tests.core.builders import HEALTH

DAY = timedelta(hours=24)
LIMITS = Limits((0.01, 0.05), (False, False))
GOOD = Side(300, 1, 6)
AS_GOOD_AS_NOTHING = 1e-9


def after(*sides: Side | None, window: timedelta = DAY, limits: Limits = LIMITS) -> Alone:
    alone = Alone()
    for side in sides:
        alone = take(alone, side, limits, window)
    return alone


def said(*sides: Side | None, window: timedelta = DAY, limits: Limits = LIMITS) -> Said:
    counts = Counts()
    for side in sides:
        counts = counts.plus(Counts(side.requests, side.errors, side.slow) if side else Counts())
    return judge(after(*sides, window=window, limits=limits), counts, HEALTH, limits)


class TestExact:
    @pytest.mark.parametrize("requests", [1, 3, 12, 60, 300])
    @pytest.mark.parametrize("limit", [0.0, 0.001, 0.01, 0.1, 0.5, 1.0])
    def test_a_minute_gains_nothing_on_average_at_the_limit_and_below(
        self, requests: int, limit: float
    ) -> None:
        """By enumeration of all counts, for both limits and for the first bet and a later one."""
        for rate in (limit, limit / 2):
            chances = [
                comb(requests, bad) * rate**bad * (1 - rate) ** (requests - bad)
                for bad in range(requests + 1)
            ]
            for begun in (Alone(), replace(Alone(), bets=(BEGUN, BEGUN))):
                before = [wealth.total for wealth in begun.bets]
                mean = [0.0, 0.0]
                for bad, chance in enumerate(chances):
                    grown = take(begun, Side(requests, bad, bad), Limits((limit, limit), (False, False)), DAY)
                    mean = [
                        total + chance * wealth.total for total, wealth in zip(mean, grown.bets, strict=True)
                    ]
                assert mean[0] <= before[0] + AS_GOOD_AS_NOTHING
                assert mean[1] <= before[1] + AS_GOOD_AS_NOTHING

    def test_a_minute_gains_on_average_above_the_limit(self) -> None:
        chances = [comb(60, bad) * 0.1**bad * 0.9 ** (60 - bad) for bad in range(61)]
        grown = [after(Side(60, bad, 0)).bets[0].total for bad in range(61)]
        assert sum(chance * total for chance, total in zip(chances, grown, strict=True)) > 2

    def test_what_is_not_bet_is_spread_over_the_window(self) -> None:
        wealth = after(*[GOOD] * 1441).bets[0]
        assert wealth.cash == pytest.approx(0.0, abs=1e-3)
        assert after(GOOD).bets[0].cash == FIRST

    def test_the_prior_is_all_of_the_stake(self) -> None:
        assert sum(PRIOR) == pytest.approx(1.0)
        assert len(PRIOR) == len(ALTERNATIVES)


BEGUN = put(UNSPENT, [0.1, 0.2, 0.3, 0.4], PRIOR, (FIRST, CAP))


class TestFail:
    def test_one_minute_alone_decides_nothing(self) -> None:
        assert said(Side(300, 300, 300)).opinion is Opinion.NOT_ENOUGH
        assert said(*[GOOD] * 60, Side(300, 300, 300)).opinion is Opinion.NOT_ENOUGH
        assert said(*[GOOD] * 60, Side(300, 300, 300), GOOD).opinion is Opinion.NOT_ENOUGH

    def test_a_second_one_decides(self) -> None:
        answer = said(*[GOOD] * 60, Side(300, 300, 0), Side(300, 300, 0))
        assert answer.opinion is Opinion.FAIL
        assert answer.sentence.startswith("candidate failed: 660 of 18,600")
        assert "tolerated 1.0 %" in answer.sentence
        assert "needed 100:1" in answer.sentence

    def test_the_worst_limit_must_be_broken_now_and_not_the_other_one(self) -> None:
        bad_before, bad_now = Side(300, 300, 0), Side(300, 0, 30)
        assert said(bad_before, bad_before, *[GOOD] * 2, bad_now, bad_now).opinion is Opinion.NOT_ENOUGH

    @pytest.mark.parametrize("minute", [5, 60, 600, 1_400])
    @pytest.mark.parametrize(("rate", "within"), [(0.5, 2), (0.05, 4), (0.03, 8)])
    def test_a_late_failure_in_a_watch_of_a_day_is_found_within_minutes(
        self, minute: int, rate: float, within: int
    ) -> None:
        """300 requests a minute, of which 1 % may fail and a third of that does until then."""
        bad = Side(300, round(300 * rate), 6)
        assert said(*[GOOD] * minute).opinion is Opinion.PASS
        assert said(*[GOOD] * minute, *[bad] * within).opinion is Opinion.FAIL

    def test_slow_answers_are_held_to_their_own_limit(self) -> None:
        answer = said(*[Side(300, 0, 60)] * 5)
        assert answer.opinion is Opinion.FAIL
        assert answer.sentence.startswith("candidate answered slower than 2 s: 300 of 1,500")
        assert said(*[Side(300, 0, 12)] * 5).opinion is Opinion.PASS

    def test_the_policy_says_how_much_evidence_it_takes(self) -> None:
        sides = [Side(300, 9, 0)] * 4
        counts, alone = Counts(1200, 36, 0), after(*sides)
        strict = replace(HEALTH, comparison=Comparison(alpha=1e-9))
        assert judge(alone, counts, HEALTH, LIMITS).opinion is Opinion.FAIL
        assert judge(alone, counts, strict, LIMITS).opinion is Opinion.NOT_ENOUGH

    def test_a_version_at_its_limit_is_seldom_taken_back_in_a_whole_day(self) -> None:
        """At most two of a hundred are by Ville's inequality; ten of two hundred would be far beyond chance."""
        rng, failed = random.Random(11), 0
        for _ in range(200):
            alone, counts = Alone(), Counts()
            for _minute in range(180):
                bad = sum(rng.random() < 0.01 for _ in range(30))
                alone = take(alone, Side(30, bad, 0), LIMITS, timedelta(hours=3))
                counts = counts.plus(Counts(30, bad, 0))
                if judge(alone, counts, HEALTH, LIMITS).opinion is Opinion.FAIL:
                    failed += 1
                    break
        assert failed < 10


class TestPass:
    def test_it_is_within_the_limits_on_enough_requests(self) -> None:
        answer = said(GOOD)
        assert answer.opinion is Opinion.PASS
        assert answer.sentence == (
            "serves alone, so it is held to the policy's limits: candidate failed: 1 of 300 (0.33 %), "
            "tolerated 1.0 %; candidate answered slower than 2 s: 6 of 300 (2.0 %), tolerated 5.0 %"
        )

    def test_it_needs_the_policys_requests(self) -> None:
        assert said(Side(99, 0, 0)).sentence == "candidate answered 99 of the 100 requests that a pass needs"
        assert said(Side(99, 0, 0)).opinion is Opinion.NOT_ENOUGH
        assert said(Side(100, 0, 0)).opinion is Opinion.PASS

    @pytest.mark.parametrize("side", [Side(100, 2, 0), Side(100, 0, 6)])
    def test_above_a_limit_by_chance_nothing_passes(self, side: Side) -> None:
        answer = said(side)
        assert answer.opinion is Opinion.NOT_ENOUGH
        assert answer.sentence.endswith("too few requests to tell it from chance")

    def test_with_evidence_against_it_nothing_passes(self) -> None:
        answer = said(*[GOOD] * 5, Side(300, 20, 0))
        assert answer.evidence > 2
        assert answer.opinion is Opinion.NOT_ENOUGH


class TestExcuse:
    """The baseline itself was above a limit when it last served beside."""

    @pytest.mark.parametrize(
        ("reference", "is_excused"), [(Counts(100, 2, 0), True), (Counts(99, 50, 0), False)]
    )
    def test_it_takes_a_hundred_requests_of_the_baseline(
        self, reference: Counts, *, is_excused: bool
    ) -> None:
        limits = limits_of(HEALTH, reference)
        assert limits.is_excused == (is_excused, False)
        assert limits.rates[0] == pytest.approx(0.024 if is_excused else 0.01)

    def test_a_baseline_at_its_limit_excuses_nothing(self) -> None:
        assert limits_of(HEALTH, Counts(100, 1, 5)) == LIMITS

    def test_a_version_as_bad_as_the_baseline_was_passes_and_a_worse_one_fails(self) -> None:
        limits = limits_of(HEALTH, Counts(1000, 200, 0))
        assert limits.rates == pytest.approx((0.24, 0.05))
        fixed, worse = [Side(300, 60, 0)] * 10, [Side(300, 150, 0)] * 10
        assert said(*fixed, limits=limits).opinion is Opinion.PASS
        assert (
            "since the baseline itself was above the policy's limit" in said(*fixed, limits=limits).sentence
        )
        assert said(*fixed).opinion is Opinion.FAIL
        assert said(*worse, limits=limits).opinion is Opinion.FAIL

    def test_no_more_than_everything_is_tolerated(self) -> None:
        assert limits_of(HEALTH, Counts(1000, 1000, 0)).rates[0] == 1.0


class TestSilence:
    @pytest.mark.parametrize("nothing", [None, Side(0, 0, 0)])
    def test_ten_minutes_without_a_request_are_asked_about(self, nothing: Side | None) -> None:
        busy = [GOOD] * 3
        before = said(*busy, *[nothing] * (DEAD_AFTER - 1))
        assert (before.opinion, before.is_silent) == (Opinion.NOT_ENOUGH, False)
        asked = said(*busy, *[nothing] * DEAD_AFTER)
        assert (asked.opinion, asked.is_silent) == (Opinion.NOT_ENOUGH, True)
        assert asked.sentence == "candidate serves alone and has reported nothing for 10 min"

    def test_it_passes_only_when_it_answers_again(self) -> None:
        assert said(GOOD, None).opinion is Opinion.NOT_ENOUGH
        assert said(GOOD, None, GOOD).opinion is Opinion.PASS

    def test_a_minute_without_data_moves_no_bet(self) -> None:
        assert after(GOOD, None).bets == after(GOOD).bets
        assert after(Side(300, 300, 0), None, Side(300, 300, 0)).bad_minutes == (2, 0)

    @pytest.mark.parametrize(("requests", "dark"), [(int(BUSY_RPM), 1), (int(BUSY_RPM) - 1, 0)])
    def test_where_requests_are_rare_their_absence_means_nothing(self, requests: int, dark: int) -> None:
        assert after(Side(requests, 0, 0), None).dark_minutes == dark

    def test_nothing_but_missing_minutes_neither_passes_nor_fails(self) -> None:
        assert said(*[None] * 500).opinion is Opinion.NOT_ENOUGH


def test_the_odds_of_a_hopeless_version_are_capped_a_minute() -> None:
    assert after(Side(1_000_000, 1_000_000, 0)).bets[0].total <= exp(CAP)
