"""What is said of a version that serves alone, to the letter, and what it takes at the edges of its rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import exp, log

import pytest

from pointsman.core.alone import UNSPENT, Alone, Limits, judge, take
from pointsman.core.canary_odds import Wealth
from pointsman.core.minutes import Side
from pointsman.core.verdict import Counts, Opinion
from tests.core.builders import HEALTH

LIMITS = Limits((0.01, 0.05), (False, False))
EXCUSED = Limits((0.24, 0.05), (True, False))
DAY = timedelta(hours=24)
GOOD = Side(300, 1, 6)
ENOUGH = Counts(1_000, 5, 20)


def worth(errors: float, slow: float = 1.0, bad_minutes: tuple[int, int] = (2, 2)) -> Alone:
    """A memory whose bets are worth so much."""
    bets = Wealth(errors, UNSPENT.bets), Wealth(slow, UNSPENT.bets)
    return Alone(bets, bad_minutes)


class TestRules:
    def test_the_evidence_is_the_mean_of_both_bets_and_needs_two_over_alpha(self) -> None:
        just, below = (judge(worth(value), ENOUGH, HEALTH, LIMITS) for value in (199.0, 198.9))
        assert (just.evidence, just.opinion) == (100.0, Opinion.FAIL)
        assert below.opinion is Opinion.NOT_ENOUGH

    def test_it_is_told_what_each_bet_is_worth(self) -> None:
        weighed = judge(worth(3.0, 0.5), ENOUGH, HEALTH, LIMITS).weighed
        assert [(each.name, each.e_value, each.proof) for each in weighed] == [
            ("errors", 3.0, None),
            ("slow", 0.5, None),
        ]

    def test_from_two_to_one_on_nothing_passes(self) -> None:
        just, below = (judge(worth(value), ENOUGH, HEALTH, LIMITS) for value in (3.0, 2.99))
        assert (just.opinion, below.opinion) == (Opinion.NOT_ENOUGH, Opinion.PASS)
        assert just.sentence == (
            "candidate failed: 5 of 1,000 (0.50 %), tolerated 1.0 %; evidence 2.0:1, needed 100:1: "
            "too much to go on with"
        )

    def test_a_minute_at_its_limit_is_no_bad_one_and_one_above_it_is(self) -> None:
        assert take(Alone(), Side(300, 3, 15), LIMITS, DAY).bad_minutes == (0, 0)
        assert take(Alone(), Side(300, 4, 16), LIMITS, DAY).bad_minutes == (1, 1)

    def test_a_window_at_its_limit_passes(self) -> None:
        assert judge(Alone(), Counts(1_000, 10, 50), HEALTH, LIMITS).opinion is Opinion.PASS

    def test_at_first_half_of_the_stake_is_bet_and_later_an_equal_part_of_the_rest_in_each_minute(
        self,
    ) -> None:
        first = take(Alone(), GOOD, LIMITS, timedelta(minutes=10))
        second = take(first, GOOD, LIMITS, timedelta(minutes=10))
        assert first.bets[0].cash == 0.5
        assert second.bets[0].cash == pytest.approx(0.5 - 0.5 / 10)
        at_once = take(first, GOOD, LIMITS, timedelta(minutes=1))
        assert at_once.bets[0].cash == 0

    def test_a_bet_on_three_times_the_limit_gains_what_its_odds_are(self) -> None:
        """Each bad request is three for one, and each request pays for it beforehand."""
        begun = Alone((Wealth(0.0, (0.0, 1.0, 0.0, 0.0)), UNSPENT))
        after = take(begun, Side(300, 8, 0), LIMITS, DAY).bets[0].bets[1]
        assert log(after) == pytest.approx(8 * log(3) - 300 * log(1 + 0.01 * 2))

    def test_the_bets_are_those_of_the_page(self) -> None:
        """How many times the limit, and which part of the stake is on it."""
        parts = {1.5: 0.3, 3.0: 0.3, 10.0: 0.2, 50.0: 0.2}
        worth_of = {times: times**8 * (1 + 0.01 * (times - 1)) ** -300 for times in parts}
        bets = take(Alone(), Side(300, 8, 0), LIMITS, DAY).bets[0].bets
        assert bets == pytest.approx([0.5 * part * worth_of[times] for times, part in parts.items()])

    def test_a_minute_multiplies_a_bet_by_no_more_than_exp_12(self) -> None:
        bets = take(Alone(), Side(1_000, 1_000, 0), LIMITS, DAY).bets[0].bets
        assert bets == pytest.approx([0.5 * part * exp(12) for part in (0.3, 0.3, 0.2, 0.2)])

    def test_who_answers_is_not_silent(self) -> None:
        said = [judge(worth(value), ENOUGH, HEALTH, LIMITS) for value in (1.0, 3.0, 99.0)]
        assert [each.is_silent for each in said] == [False] * 3

    def test_usual_traffic_follows_slowly(self) -> None:
        alone = take(Alone(), Side(100, 0, 0), LIMITS, DAY)
        assert alone.usual_rpm == 100.0
        assert take(alone, Side(50, 0, 0), LIMITS, DAY).usual_rpm == pytest.approx(95.0)

    def test_an_answer_ends_a_silence(self) -> None:
        silent = replace(take(Alone(), GOOD, LIMITS, DAY), dark_minutes=9)
        assert take(silent, None, LIMITS, DAY).dark_minutes == 10
        assert take(silent, GOOD, LIMITS, DAY).dark_minutes == 0


class TestSentences:
    def test_above_a_limit_by_chance_the_numbers_are_told(self) -> None:
        assert judge(Alone(), Counts(1_000, 0, 51), HEALTH, LIMITS).sentence == (
            "candidate answered slower than 2 s: 51 of 1,000 (5.1 %), tolerated 5.0 %; "
            "too few requests to tell it from chance"
        )

    def test_what_the_baseline_had_is_told_where_it_excuses(self) -> None:
        assert judge(Alone(), Counts(1_000, 200, 0), HEALTH, EXCUSED).sentence == (
            "serves alone, so it is held to the policy's limits: candidate failed: 200 of 1,000 (20 %), "
            "tolerated 24 % since the baseline itself was above the policy's limit; "
            "candidate answered slower than 2 s: 0 of 1,000 (0.00 %), tolerated 5.0 %"
        )

    def test_a_short_silence_is_told(self) -> None:
        silent = replace(Alone(), dark_minutes=4)
        assert judge(silent, ENOUGH, HEALTH, LIMITS).sentence == (
            "candidate has reported nothing for 4 min: it passes only when it answers again"
        )

    def test_without_a_request_nothing_failed(self) -> None:
        none_asked = replace(HEALTH, min_requests=0)
        assert "failed: 0 of 0 (0.00 %)" in judge(Alone(), Counts(), none_asked, LIMITS).sentence
