"""What the canary judge learns from minute to minute, number by number: how much rates vary, and what is usual."""

from __future__ import annotations

from dataclasses import astuple, replace
from math import log

import pytest

from pointsman.core.canary_evidence import Output, Plan, Quality, Side, Stage
from pointsman.core.canary_judge import begin
from pointsman.core.canary_odds import Pair
from pointsman.core.canary_processes import PROCESSES, Spread, Variation, between_minutes, learn
from pointsman.core.canary_tracks import Lately, Sums
from tests.core.canary_minutes import HALF, after, at_half, in_stage, judged

_GROSS, ERRORS, P75, P99 = PROCESSES
GOOD = Side(500, 2, 500, {"p75": 125, "p75x1.1": 100, "p99": 5})


class TestVariation:
    def test_the_first_minute_is_only_remembered(self) -> None:
        assert Variation(0.3, 2.0).after(0.7, 0.05) == Variation(0.3, 2.0, 0.7, 0.05)

    def test_half_of_a_squared_difference_counts_without_chance_and_the_less_the_more_chance_there_is(
        self,
    ) -> None:
        once = Variation(0.3, 2.0, 0.7, 0.05).after(1.5, 0.15)
        weight = (0.2 / (0.2 + 0.1)) ** 2
        assert once.total == pytest.approx(0.3 + weight * (0.8**2 / 2 - 0.1))
        assert once.seen == pytest.approx(2.0 + weight)
        assert (once.last, once.last_chance) == (1.5, 0.15)

    def test_no_difference_counts_as_more_than_two(self) -> None:
        assert Variation(last=0.0).after(9.0, 0.0).total == pytest.approx(2.0)

    def test_what_is_assumed_weighs_three_minutes(self) -> None:
        assert Variation(0.5, 2.0).variance(0.1) == pytest.approx((3 * 0.1 + 0.5) / (3 + 2))


class TestLearning:
    def test_rates_and_their_chance_come_from_the_counts(self) -> None:
        """Half a request is added to each count, so that none at all has a logarithm."""
        spread = learn(ERRORS, Spread(usual_bad=20.0), Pair(50, 4, 200, 9))
        ratio, baseline = spread.ratio, spread.baseline
        assert (ratio.seen, baseline.seen) == (0, 0)
        assert (ratio.last, ratio.last_chance) == pytest.approx((log(4.5 / 9.5 / 0.25), 1 / 4.5 + 1 / 9.5))
        assert (baseline.last, baseline.last_chance) == pytest.approx((log(9.5 / 200), 1 / 9.5))
        assert spread.usual_bad == pytest.approx(0.9 * 20 + 0.1 * 13)

    def test_of_latency_nothing_is_learnt_of_the_baseline_alone(self) -> None:
        assert learn(P75, Spread(), Pair(50, 4, 200, 9)).baseline == Variation()

    def test_the_first_minute_says_what_is_usual_where_nothing_is_known(self) -> None:
        assert learn(ERRORS, Spread(), Pair(50, 4, 200, 9)).usual_bad == 13.0

    def test_a_part_of_what_is_assumed_stays(self) -> None:
        assumed = [between_minutes(process, Spread()) for process in PROCESSES]
        stays = [between_minutes(process, Spread(Variation(0.0, 1e9))) for process in PROCESSES]
        assert assumed == pytest.approx([0.1, 0.1, 0.02, 0.1])
        assert stays == pytest.approx([0.05, 0.05, 0.005, 0.05])

    def test_the_candidate_is_reckoned_to_vary_with_the_baseline_and_half_as_much_by_itself(self) -> None:
        spread = Spread(baseline=Variation(4.0, 1.0))
        assert between_minutes(ERRORS, spread) == pytest.approx(1.5 * 4.0 / (3 + 1))
        assert between_minutes(P99, spread) == pytest.approx(0.1)


class TestLately:
    def test_what_evidence_rests_on_begins_where_it_was_lowest(self) -> None:
        lately = Lately()
        for e_value in (0.8, 1.5, 0.9, 0.8, 2.0):
            lately = lately.after(e_value, Sums(10, 1, 20, 2))
        assert lately == Lately(0.8, 1, Sums(10, 1, 20, 2))
        assert lately.after(0.9, Sums(10, 4, 20, 0)) == Lately(0.8, 2, Sums(20, 5, 40, 2))

    def test_evidence_that_only_grew_rests_on_all_minutes(self) -> None:
        assert Lately().after(1.1, Sums(10, 1, 20, 2)) == Lately(1.0, 1, Sums(10, 1, 20, 2))

    def test_minutes_without_a_bet_do_not_begin_it_anew(self) -> None:
        """Output is told by both sides again and again; scores in some minutes only."""
        worse = Side(500, 30, 500, {"p75": 125, "p75x1.1": 240, "p99": 40})
        state = after(*[(GOOD, GOOD)] * 6, *[(worse, GOOD)] * 3)
        silent = in_stage(state, 0, (Side(500, 2, 0), GOOD))
        assert [track.lately.minutes for track in silent.tracks[2:]] == [3, 3]


class TestCounts:
    @pytest.mark.parametrize(
        "untimed", [replace(GOOD, timed=0, slow={"p75": 0, "p75x1.1": 0, "p99": 0}), replace(GOOD, slow={})]
    )
    def test_a_side_without_a_time_has_nothing_to_compare(self, untimed: Side) -> None:
        before = after(*[(GOOD, GOOD)] * 8)
        for sides in ((untimed, GOOD), (GOOD, untimed)):
            assert in_stage(before, 0, sides).tracks[2:] == before.tracks[2:]

    def test_nor_has_one_without_a_score(self) -> None:
        scored, none, unheard = (
            Side(500, 2, quality=each) for each in (Quality(0.8, 60), Quality(0.0, 0), None)
        )
        before = after(*[(scored, scored)] * 8)
        for sides in ((scored, none), (none, scored), (scored, unheard), (unheard, scored)):
            assert in_stage(before, 0, sides).quality == before.quality

    def test_each_side_has_a_75th_percentile_of_its_own(self) -> None:
        mine, theirs = Side(50, 0, 40, {"p75x1.1": 8, "p99": 1}), Side(90, 0, 80, {"p75": 20, "p99": 2})
        assert after((mine, theirs)).tracks[2].sums == Sums(40, 8, 80, 20)
        assert after((mine, theirs)).tracks[3].sums == Sums(40, 1, 80, 2)


class TestTraffic:
    def test_what_was_known_before_is_what_is_usual_at_first(self) -> None:
        """A quarter is slower than the 75th percentile and a hundredth than the 99th, from what these are."""
        state = begin(Plan((Stage(0.5, 5, 60),), usual_error_rate=0.02, usual_rpm=500))
        assert [track.spread.usual_bad for track in state.tracks] == [10, 10, 125, 5]
        assert state.rpm == 500

    def test_sums_are_those_of_the_step(self) -> None:
        plan = Plan((Stage(0.5, 5, 60), Stage(0.5, 5, 60)))
        told = Side(500, 2, quality=Quality(0.8, 60), output=Output(9_000, 180_000.0))
        first = after(*[(told, told)] * 3, plan=plan)
        second = in_stage(first, 1, (told, told))
        assert (first.tracks[1].sums, second.tracks[1].sums) == (
            Sums(1_500, 6, 1_500, 6),
            Sums(500, 2, 500, 2),
        )
        assert (first.quality.sums.requests, second.quality.sums.requests) == (180, 60)
        assert (first.tpot.sums.requests, second.tpot.sums.requests) == (27_000, 9_000)

    def test_what_is_usual_follows_slowly(self) -> None:
        thin = Side(50, 0), Side(150, 0)
        rates = [state.rpm for state, _answer in judged(HALF, at_half((GOOD, GOOD), thin, thin))]
        assert rates == pytest.approx([1_000, 920, 848])

    def test_of_scores_the_sum_of_what_was_lost_is_kept(self) -> None:
        low, high = Side(500, 2, quality=Quality(0.7, 40)), Side(500, 2, quality=Quality(0.8, 60))
        state = after(*[(low, high)] * 2)
        assert astuple(state.quality.sums) == pytest.approx((80, 8.0, 120, 0))
