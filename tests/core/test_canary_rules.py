"""The rules that docs/judge.md tells, number by number, where they show: in a bet, in what is bet, in a proof."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log

import pytest

from pointsman.core.canary_evidence import Plan, Side, Stage
from pointsman.core.canary_judge import answer
from pointsman.core.canary_odds import Pair, Tolerance, Wealth, log_odds
from pointsman.core.canary_processes import PROCESSES, bet, widened
from pointsman.core.canary_proof import BOLD, CAREFUL, Proof, prove
from pointsman.core.canary_tracks import tolerated
from pointsman.core.verdict import Opinion
from tests.core.canary_minutes import HALF, after, at_half, in_stage, judged

GOOD = Side(500, 2, 500, {"p75": 125, "p75x1.1": 100, "p99": 5})
DEAD_WRONG = Side(500, 500, 500, {"p75": 500, "p75x1.1": 500, "p99": 500})
GROSS, ERRORS, _P75, _P99 = PROCESSES


class TestOneBet:
    def test_the_odds_are_those_of_the_page(self) -> None:
        r, times, delta = 1.3 * 40 / 160, 8.0, 0.05
        z = (times - 1) / (1 + r * times)
        d = 1 + delta * z
        e = (1 + z) ** 6 * d**-40 * (1 - r * z / d) ** 3

        assert exp(log_odds(Pair(40, 6, 160, 3), Tolerance(1.3, delta), times)) == pytest.approx(e)

    def test_without_a_bad_request_and_a_margin_nothing_is_won_or_lost(self) -> None:
        assert log_odds(Pair(40, 0, 160, 0), Tolerance(1.0, 0.0), 5.0) == 0

    def test_without_a_bad_request_a_margin_costs(self) -> None:
        z = 4 / (1 + 0.25 * 5)

        assert log_odds(Pair(40, 0, 160, 0), Tolerance(1.0, 0.05), 5.0) == pytest.approx(
            -40 * log(1 + 0.05 * z)
        )

    def test_a_minute_is_discounted_by_three_times_the_variance_between_minutes(self) -> None:
        pair, wealth = Pair(40, 6, 160, 3), Wealth(0.0, (0.25,) * 3)
        r = 1.3 * 40 / 160
        q = r / (1 + r)
        discount = 1 + 3 * 0.2 * q * (1 - q) * (9 - 1)
        odds = [log_odds(pair, GROSS.tolerance, each) / discount for each in GROSS.grid[0]]
        grown = bet(GROSS, (wealth, 0.2, GROSS.tolerance), pair, (0.0, 99.0))

        assert grown.bets == pytest.approx([0.25 * exp(odd) for odd in odds])

    @pytest.mark.parametrize("bad", [0, 1])
    def test_one_bad_request_is_not_discounted(self, bad: int) -> None:
        pair, wealth = Pair(40, bad, 160, 0), Wealth(0.0, (0.25,) * 3)
        odds = [log_odds(pair, GROSS.tolerance, each) for each in GROSS.grid[0]]
        grown = bet(GROSS, (wealth, 0.2, GROSS.tolerance), pair, (0.0, 99.0))

        assert grown.bets == pytest.approx([0.25 * exp(odd) for odd in odds])

    @pytest.mark.parametrize(("variance", "deviation"), [(0.09, 0.3), (0.49, 0.7 + 0.39)])
    @pytest.mark.parametrize(("usual_bad", "part"), [(0.0, 0.0), (1.5, 0.5), (13.5, 0.9)])
    def test_where_rates_vary_at_many_bad_requests_more_is_tolerated(
        self, variance: float, deviation: float, usual_bad: float, part: float
    ) -> None:
        widths = {"gross": 0.8, "errors": 0.85, "p75": 0.1, "p99": 0.7}
        for process in PROCESSES:
            wider = exp(widths[process.name] * deviation * part)
            assert widened(process, variance, usual_bad) == pytest.approx(process.tolerance.times * wider)


class TestProcesses:
    def test_the_table_is_that_of_the_page(self) -> None:
        assert [(each.name, each.tolerance, each.grid[0], each.weight) for each in PROCESSES] == [
            ("gross", Tolerance(1.3, 0.05), (2, 8, 80), 0.04),
            ("errors", Tolerance(1.0, 0.0), (1.6, 2.5, 5, 20), 0.52),
            ("p75", Tolerance(1.0, 0.0), (1.3, 1.8), 0.20),
            ("p99", Tolerance(1.1, 0.0), (1.5, 2.5, 5, 20), 0.13),
        ]
        assert [sum(each.grid[1]) for each in PROCESSES] == pytest.approx([1.0] * 4)

    def test_in_the_first_five_minutes_a_quarter_may_fail_and_only_gross_failures_are_bet_on(self) -> None:
        assert [tolerated(GROSS, (0.0, 0.0), usable, HALF).points for usable in (0, 4, 5)] == [
            0.25,
            0.25,
            0.05,
        ]
        assert [tolerated(ERRORS, (0.0, 0.0), usable, HALF).points for usable in (0, 4, 5)] == [0.0] * 3
        states = [state for state, _answer in judged(HALF, at_half(*[(GOOD, GOOD)] * 6))]
        begun = [
            [track.wealth.is_begun for track in state.tracks] for state in (states[0], states[4], states[5])
        ]
        assert begun == [[True, False, False, False]] * 2 + [[True] * 4]

    def test_a_margin_is_one_of_errors_alone(self) -> None:
        plan = replace(HALF, error_margin=0.02)
        points = [tolerated(process, (0.0, 0.0), 9, plan).points for process in PROCESSES]
        assert points == pytest.approx([0.07, 0.02, 0.0, 0.0])

    def test_the_policy_says_how_long_a_start_is_cold(self) -> None:
        plan = replace(HALF, warm_up=2)
        states = [state for state, _answer in judged(plan, at_half(*[(GOOD, GOOD)] * 3))]
        assert [state.tracks[1].wealth.is_begun for state in states] == [False, False, True]
        assert [tolerated(GROSS, (0.0, 0.0), usable, plan).points for usable in (1, 2)] == [0.25, 0.05]

    def test_four_fifths_are_bet_at_first_a_little_in_each_minute_and_more_at_a_new_step(self) -> None:
        plan = Plan((Stage(0.5, 5, 60), Stage(0.5, 5, 60)))
        first = after(*[(GOOD, GOOD)] * 6, plan=plan)
        second = in_stage(first, 0, (GOOD, GOOD))
        third = in_stage(second, 1, (GOOD, GOOD))
        fourth = in_stage(third, 1, (GOOD, GOOD))
        cash = [state.tracks[1].wealth.cash for state in (first, second, third, fourth)]
        assert cash == pytest.approx([0.2, 0.195, 0.135, 0.13])

    def test_no_minute_brings_more_than_its_part_of_what_a_rollback_needs(self) -> None:
        before = after(*[(GOOD, GOOD)] * 6)
        worse = in_stage(before, 0, (DEAD_WRONG, GOOD))
        grown = [
            sum(now.wealth.bets) / (sum(was.wealth.bets) + 0.005)
            for was, now in zip(before.tracks, worse.tracks, strict=True)
        ]
        assert grown == pytest.approx([50, 50**0.6, 50**0.6, 50**0.6])


class TestProof:
    @pytest.mark.parametrize(("stakes", "times"), [(BOLD, 2.0), (CAREFUL, 1.3)])
    def test_the_odds_are_those_of_the_page(self, stakes: tuple[float, ...], times: float) -> None:
        delta, discount = 0.01, 1.7
        worth = []
        for y in stakes:
            d = 1 - delta * y
            worth.append((1 - y) ** 3 * d**-40 * (1 + times * (40 / 160) * y / d) ** 18)
        once = prove(Proof(Tolerance(times, delta), stakes), Pair(40, 3, 160, 18), discount)

        assert once.bets == pytest.approx([each ** (1 / discount) for each in worth])
        assert once.total == pytest.approx(sum(once.bets) / len(stakes))
        twice = prove(once, Pair(40, 3, 160, 18), discount)
        assert twice.bets == pytest.approx([each ** (2 / discount) for each in worth])

    def test_all_stakes_weigh_alike(self) -> None:
        assert Proof(Tolerance(2.0, 0.05), BOLD, (1.0, 2.0, 6.0)).total == 3.0

    def test_stakes_are_those_of_the_page(self) -> None:
        assert [each.stakes for each in PROCESSES] == [BOLD, BOLD, CAREFUL, BOLD]
        assert (BOLD, CAREFUL) == ((0.25, 0.5, 0.9), (0.03, 0.1, 0.25, 0.5))

    def test_twice_the_errors_and_the_tail_are_bad_and_three_tenths_more_of_the_rest(self) -> None:
        proofs = [track.proof for track in after((GOOD, GOOD)).tracks]
        assert [proof and proof.bad.times for proof in proofs] == [None, 2.0, 1.3, 2.0]

    @pytest.mark.parametrize(
        ("stages", "rpm", "points"),
        [
            (((0.5, 60),), 10_000, 0.0005),
            (((0.5, 60),), 100, 15 / (100 * 0.5 * 60)),
            (((0.5, 60),), 11, 15 / (11 * 0.5 * 60)),
            (((0.5, 60),), 9, 0.05),
            (((0.5, 20),), 100, 15 / (100 * 0.5 * 60)),
            (((0.5, 90),), 100, 15 / (100 * 0.5 * 90)),
            (((0.5, 60), (0.5, 60)), 1_000, 0.05),
            (((0.5, 60), (0.5, 60)), 10, 0.05),
            (((0.5, 60), (0.5, 60)), 9, 0.0),
            (((0.5, 20), (0.5, 60)), 20, 0.0),
        ],
    )  # fmt: skip
    def test_how_fine_a_proof_is_follows_from_the_requests_that_may_come(
        self, stages: tuple[tuple[float, int], ...], rpm: int, points: float
    ) -> None:
        """15 over the requests to the candidate in the longest time of the step, or in what is left of the horizon."""
        plan = Plan(tuple(Stage(share, 5, bake_max) for share, bake_max in stages), usual_rpm=rpm)
        state = after((GOOD, GOOD), plan=plan)
        assert state.points == pytest.approx(points)
        errors, p99 = state.tracks[1].proof, state.tracks[3].proof
        assert [proof and proof.bad.points for proof in (errors, p99)] == [
            pytest.approx(points) if points else None
        ] * 2

    @pytest.mark.parametrize(
        ("rpm", "points"), [(100, 0.005), (11, 15 / 330), (9, 15 / 270), (3, 15 / 90), (2, 0.2), (1, 0.2)]
    )
    def test_the_proof_of_the_75th_percentile_may_be_coarser(self, rpm: int, points: float) -> None:
        """A quarter of the requests is usual there, so twenty points on top still say something."""
        p75 = after((GOOD, GOOD), plan=replace(HALF, usual_rpm=rpm)).tracks[2].proof
        assert p75
        assert p75.bad.points == pytest.approx(points)

    @pytest.mark.parametrize(("rpm", "points"), [(10, 0.05), (9, None)])
    def test_but_not_in_a_step_before_the_last(self, rpm: int, points: float | None) -> None:
        plan = Plan((Stage(0.5, 5, 60), Stage(0.5, 5, 60)), usual_rpm=rpm)
        p75 = after((GOOD, GOOD), plan=plan).tracks[2].proof
        assert (p75 and p75.bad.points) == points

    def test_a_margin_of_errors_is_none_of_latency(self) -> None:
        state = after((GOOD, GOOD), plan=replace(HALF, error_margin=0.02))
        assert [track.proof and track.proof.bad.points for track in state.tracks] == [
            None,
            0.0205,
            0.0005,
            0.0005,
        ]

    def test_what_is_left_of_the_horizon_gets_less(self) -> None:
        plan = Plan((Stage(0.5, 5, 20), Stage(0.25, 5, 20)), usual_rpm=100)
        even = Side(50, 0), Side(50, 0)
        later = in_stage(after(*[even] * 20, plan=plan), 1, even, 0.25)
        assert later.points == pytest.approx(15 / (100 * 0.25 * (60 - 20)))

    def test_without_a_past_the_first_minute_says_what_traffic_there_is(self) -> None:
        assert after((Side(40), Side(60))).points == pytest.approx(15 / (100 * 0.5 * 60))

    def test_a_step_passes_at_ten_to_one(self) -> None:
        state = after(*[(GOOD, GOOD)] * 12)
        for worth, opinion in ((10.0, Opinion.PASS), (9.99, Opinion.NOT_ENOUGH)):
            tracks = [
                replace(
                    track, proof=track.proof and replace(track.proof, bets=(worth,) * len(track.proof.stakes))
                )
                for track in state.tracks
            ]
            assert answer(replace(state, tracks=tuple(tracks))).opinion is opinion
