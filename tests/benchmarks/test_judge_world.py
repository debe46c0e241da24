"""The simulator of the bench of judges: it repeats, good candidates are as good as the baseline, faults do what they say."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from benchmarks.judge.latency import MIXTURES, Bools
from benchmarks.judge.minutes import SLOW_KEYS
from benchmarks.judge.scenarios import SCENARIOS, Shape
from benchmarks.judge.setting import CLEAN, HARSH, MODERATE, SEEDS, SHARES, Noise
from benchmarks.judge.traffic import replay_of
from benchmarks.judge.world import MINUTES, STAGES, Cell, Drawn, Seen, draw
from local.trace import generate_trace

BASELINE, CANDIDATE = 0, 1
REPLAY = replay_of(generate_trace(1, minutes=120))


@cache
def drawn(name: str, noise: Noise = CLEAN, rpm: int = 50_000, block: int = 0) -> Drawn:
    return draw(Cell(SCENARIOS[name], noise, rpm), SEEDS["tune"], block, REPLAY)


def at_stage(stage: int) -> Bools:
    return np.equal(STAGES, stage)


def error_rate(seen: Seen, columns: Bools | slice = slice(None)) -> float:
    return float(seen.errors[:, columns].sum() / seen.requests[:, columns].sum())


def slow_rate(seen: Seen, key: str, columns: Bools | slice = slice(None)) -> float:
    slow = seen.slow[:, columns, SLOW_KEYS.index(key)]
    return float(slow.sum() / seen.requests[:, columns].sum())


def errors_grow_by(of: Drawn, columns: Bools | slice = slice(None)) -> float:
    return error_rate(of.sides[CANDIDATE], columns) / error_rate(of.sides[BASELINE], columns)


def latency_grows_by(of: Drawn, columns: Bools | slice = slice(None)) -> float:
    mine, theirs = (float(side.latency[:, columns, 0].mean()) for side in (of.sides[1], of.sides[0]))
    return mine / theirs


class TestDraws:
    def test_the_same_seed_gives_the_same_rollouts(self) -> None:
        first, again = (draw(Cell(SCENARIOS["err_x5"], HARSH, 60), 3, 0, REPLAY) for _ in range(2))
        assert np.array_equal(first.sides[1].requests, again.sides[1].requests)
        assert np.array_equal(first.sides[1].slow, again.sides[1].slow)
        assert np.array_equal(first.harm, again.harm)

    @pytest.mark.parametrize(
        "other", [drawn("aa", MODERATE, 60, 1), drawn("aa", HARSH, 60), drawn("better", MODERATE, 60)]
    )
    def test_another_block_noise_or_cell_has_draws_of_its_own(self, other: Drawn) -> None:
        assert not np.array_equal(drawn("aa", MODERATE, 60).sides[0].requests, other.sides[0].requests)

    def test_the_two_seeds_are_apart(self) -> None:
        assert SEEDS["tune"] != SEEDS["measure"]
        measured = draw(Cell(SCENARIOS["aa"], CLEAN, 60), SEEDS["measure"], 0, REPLAY)
        assert not np.array_equal(drawn("aa", CLEAN, 60).sides[0].requests, measured.sides[0].requests)


class TestTheSameVersionTwice:
    @pytest.mark.parametrize("name", ["aa", "aa_high", "aa_low"])
    def test_both_sides_fail_as_often_as_is_said(self, name: str) -> None:
        rate = SCENARIOS[name].conditions.error_rate
        assert [error_rate(side) for side in drawn(name).sides] == [pytest.approx(rate, rel=0.02)] * 2

    @pytest.mark.parametrize("shape", [Shape.WEB, Shape.LLM])
    def test_a_tenth_is_slower_than_the_90th_percentile_to_within_a_bucket(self, shape: Shape) -> None:
        of = drawn("aa" if shape is Shape.WEB else "aa_llm")
        for side in of.sides:
            assert 0.07 < slow_rate(side, "p90") < 0.105
            assert 0.006 < slow_rate(side, "p99") < 0.0105
        exact = MIXTURES[shape].quantile(0.9)
        assert float(of.limits["p90"].mean()) == pytest.approx(exact, rel=0.1)

    def test_the_candidate_gets_its_share(self) -> None:
        of = drawn("aa")
        for stage, share in enumerate(SHARES):
            columns = stage == STAGES
            mine, theirs = (side.requests[:, columns].sum() for side in (of.sides[1], of.sides[0]))
            assert mine / (mine + theirs) == pytest.approx(share, rel=0.01)

    def test_it_spoils_nothing(self) -> None:
        assert float(np.abs(drawn("aa", MODERATE).harm).max()) == 0.0

    def test_noise_leaves_the_mean_rate_alone_but_for_shocks_that_both_sides_feel(self) -> None:
        calm = Noise("calm", white=HARSH.white, drift=HARSH.drift)
        assert errors_grow_by(drawn("aa", calm)) == pytest.approx(1.0, abs=0.1)

    def test_moderate_noise_spreads_minutes_more_than_chance_does(self) -> None:
        def spread(noise: Noise) -> float:
            side = drawn("aa", noise).sides[0]
            return float(np.std(side.errors / side.requests))

        assert spread(MODERATE) > 3 * spread(CLEAN)


class TestConditions:
    def test_an_incident_hits_both_sides(self) -> None:
        of = drawn("incident")
        for side in of.sides:
            worst = (side.errors / side.requests)[:, STAGES == 0].max(axis=1)
            assert float(np.median(worst)) > 0.05

    def test_a_cold_start_is_over_after_minutes(self) -> None:
        assert latency_grows_by(drawn("cold"), np.equal(MINUTES, 0)) > 2
        assert errors_grow_by(drawn("cold"), np.equal(MINUTES, 0)) > 3
        assert latency_grows_by(drawn("cold"), (MINUTES > 15)) == pytest.approx(1.0, abs=0.01)

    def test_minutes_are_missing_on_both_sides(self) -> None:
        parts = [1 - float(side.is_there.mean()) for side in drawn("gaps").sides]
        assert parts == [pytest.approx(0.09, abs=0.02)] * 2

    def test_a_minute_that_is_read_too_early_has_fewer_requests(self) -> None:
        early, whole = drawn("late_data"), drawn("aa")
        ratio = early.sides[0].requests.mean() / whole.sides[0].requests.mean()
        assert ratio == pytest.approx(1 - 0.2 * 0.375, abs=0.02)

    def test_retries_add_requests_and_clump_errors(self) -> None:
        assert error_rate(drawn("retries").sides[0]) > 1.2 * error_rate(drawn("aa").sides[0])

    def test_users_stay_where_they_are(self) -> None:
        def routed(name: str) -> float:
            candidate = drawn(name, CLEAN, 1_000).sides[1].requests[:, len(SHARES) - 1 == STAGES]
            return float(np.std(candidate.mean(axis=1)) / candidate.mean())

        assert routed("sticky") > 3 * routed("aa")

    def test_a_fleet_that_is_sized_for_everything_is_faster_while_its_share_is_small(self) -> None:
        of = drawn("unloaded")
        assert latency_grows_by(of, at_stage(0)) < 0.8
        assert latency_grows_by(of, at_stage(len(SHARES) - 1)) == pytest.approx(1.0, abs=0.02)

    def test_a_replayed_trace_moves_the_traffic(self) -> None:
        def spread(name: str) -> float:
            total = drawn(name).sides[0].requests[:, STAGES == 0]
            return float(np.std(total) / total.mean())

        assert spread("replay") > 5 * spread("aa")


class TestFaults:
    @pytest.mark.parametrize(
        ("name", "factor"), [("err_x2", 2), ("err_x5", 5), ("err_x20", 20), ("err_x20_low", 20)]
    )
    def test_errors_are_so_many_times_the_baselines(self, name: str, factor: float) -> None:
        assert errors_grow_by(drawn(name)) == pytest.approx(factor, rel=0.05)
        assert latency_grows_by(drawn(name)) == pytest.approx(1.0, abs=0.01)

    @pytest.mark.parametrize(
        ("name", "factor"), [("lat_10", 1.1), ("lat_30", 1.3), ("lat_100", 2.0), ("lat_30_llm", 1.3)]
    )
    def test_latency_is_so_many_times_the_baselines(self, name: str, factor: float) -> None:
        assert latency_grows_by(drawn(name)) == pytest.approx(factor, rel=0.02)
        assert errors_grow_by(drawn(name)) == pytest.approx(1.0, abs=0.05)

    def test_a_tail_leaves_the_median_alone(self) -> None:
        mine, theirs = drawn("tail").sides[1], drawn("tail").sides[0]
        assert slow_rate(mine, "p99") > 2 * slow_rate(theirs, "p99")
        assert slow_rate(mine, "p75") < 1.15 * slow_rate(theirs, "p75")

    def test_a_late_fault_begins_late(self) -> None:
        of = drawn("err_x5_late")
        assert errors_grow_by(of, MINUTES < 30) == pytest.approx(1.0, abs=0.05)
        assert errors_grow_by(of, MINUTES >= 30) == pytest.approx(5.0, rel=0.05)
        assert float(of.harm[:, MINUTES < 30].max()) == 0.0

    def test_a_fault_of_load_begins_at_its_share(self) -> None:
        of = drawn("load25")
        assert errors_grow_by(of, STAGES < 3) == pytest.approx(1.0, abs=0.05)
        assert errors_grow_by(of, STAGES >= 3) == pytest.approx(8.0, rel=0.05)

    def test_a_leak_grows(self) -> None:
        by_time = [latency_grows_by(drawn("leak"), np.equal(MINUTES, minute)) for minute in (5, 20, 40)]
        assert by_time == sorted(by_time)
        assert by_time[-1] > 2

    def test_quality_loses_what_is_said(self) -> None:
        mine, theirs = (float(side.score.mean()) for side in reversed(drawn("quality_15").sides))
        assert theirs - mine == pytest.approx(0.15, abs=0.005)

    def test_a_dead_candidate_fails_everything(self) -> None:
        assert error_rate(drawn("dead").sides[1]) == 1.0

    def test_a_dark_one_reports_nothing_and_spoils_everything(self) -> None:
        of = drawn("dark")
        assert not of.sides[1].is_there.any()
        assert of.sides[0].is_there.all()
        assert float(of.harm.sum()) == pytest.approx(float(drawn("dead").harm.sum()), rel=0.05)

    def test_harm_is_what_the_candidate_adds(self) -> None:
        of = drawn("err_x5")
        added = 4 * 0.005 * 50_000 * np.array(SHARES)[STAGES]
        assert of.harm[0] == pytest.approx(added, rel=0.1)
