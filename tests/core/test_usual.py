"""What the hour before a rollout tells: which hour it is, thresholds on edges of buckets, and the canary judge's plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.core.canary_evidence import Plan as CanaryPlan
from pointsman.core.canary_evidence import Stage
from pointsman.core.usual import BUCKET, Hour, Usual, canary_plan, thresholds_of, usual_of, what_is_counted
from pointsman.policy import Comparison
from tests.core.builders import HEALTH, PLAN

PAST = Usual(BUCKET**90, BUCKET**110, 0.004, 50.0)


def hour(requests: float = 600, *, is_whole: bool = True, **changes: float) -> Hour:
    usual = Hour(requests, 3, requests, 1000, 9000, is_whole)
    return replace(usual, **changes)  # type: ignore[arg-type]


def bucket(microseconds: float) -> float:
    """Which edge it is, counted from 1 microsecond."""
    return log(microseconds) / log(BUCKET)


class TestHour:
    def test_it_is_the_newest_whole_one(self) -> None:
        usual = usual_of([hour(6000), hour(1200), hour(900, is_whole=False)])
        assert (usual.rpm, usual.error_rate) == (20.0, 3 / 1200)

    def test_one_with_too_few_requests_tells_nothing_and_the_one_before_is_taken(self) -> None:
        assert usual_of([hour(6000), hour(99)]).rpm == 100.0
        assert usual_of([hour(6000), hour(100)]).rpm == pytest.approx(100 / 60)

    def test_only_timed_requests_tell_percentiles(self) -> None:
        assert usual_of([hour(6000, timed=99)]) == Usual()

    def test_the_hour_under_way_is_taken_where_there_is_no_whole_one_and_tells_no_rate_of_requests(
        self,
    ) -> None:
        usual = usual_of([hour(99), hour(600, is_whole=False)])
        assert (usual.rpm, usual.error_rate) == (0.0, 3 / 600)
        assert usual.p99_us >= 9000

    def test_without_a_past_nothing_is_known(self) -> None:
        assert usual_of([]) == Usual()
        assert usual_of([hour(10), hour(10, is_whole=False)]) == Usual()

    def test_a_hundred_are_enough_for_the_hour_under_way(self) -> None:
        assert usual_of([hour(100, is_whole=False)]).p75_us >= 1000
        assert usual_of([hour(99, is_whole=False)]) == Usual()

    def test_timed_requests_that_nobody_counted_tell_no_rate_of_errors(self) -> None:
        assert usual_of([hour(0, timed=600)]).error_rate == 0.0

    def test_more_errors_than_requests_are_all_of_them(self) -> None:
        assert usual_of([hour(600, errors=700)]).error_rate == 1.0

    def test_an_edge_is_its_own_edge(self) -> None:
        """Otherwise the threshold would wander up with each reading."""
        first = usual_of([hour(p99_us=12_345)])
        assert usual_of([hour(p99_us=first.p99_us)]).p99_us == pytest.approx(first.p99_us)

    @pytest.mark.parametrize(("microseconds", "edge"), [(0, 0.0), (0.5, 1.0), (1, 1.0)])
    def test_next_to_nothing_is_one_microsecond(self, microseconds: float, edge: float) -> None:
        assert usual_of([hour(p75_us=microseconds)]).p75_us == edge


@given(st.floats(2, 1e9))
def test_a_percentile_goes_up_to_the_next_edge(microseconds: float) -> None:
    edge = usual_of([hour(p99_us=microseconds)]).p99_us
    assert microseconds * (1 - 1e-6) <= edge <= microseconds * BUCKET
    assert bucket(edge) == pytest.approx(round(bucket(edge)))


class TestThresholds:
    def test_without_a_past_it_is_the_policys_limit_for_both(self) -> None:
        over = thresholds_of(Usual(), HEALTH)
        assert (over.baseline_p75, over.candidate_p75) == (None, None)
        assert over.baseline_p99 == over.candidate_p99 == 2_000_000

    def test_a_tenth_slower_is_one_bucket_at_the_75th_percentile_and_nothing_at_the_tail(self) -> None:
        over = thresholds_of(PAST, HEALTH)
        assert over.baseline_p75 == round(BUCKET**90)
        assert over.candidate_p75 == round(BUCKET**91)
        assert over.baseline_p99 == over.candidate_p99 == round(BUCKET**110)

    def test_what_is_tolerated_is_taken_to_the_hundredth_of_a_percent(self) -> None:
        """Just above an edge it is the next one."""
        health = replace(HEALTH, comparison=Comparison(slower_percent=21.01))
        assert thresholds_of(PAST, health).candidate_p75 == round(BUCKET**93)

    @pytest.mark.parametrize(
        ("percent", "p75", "p99"), [(0, 90, 110), (10, 91, 110), (21, 92, 111), (50, 95, 114)]
    )
    def test_what_is_tolerated_is_rounded_up_to_an_edge(self, percent: float, p75: int, p99: int) -> None:
        health = replace(HEALTH, comparison=Comparison(slower_percent=percent))
        over = thresholds_of(PAST, health)
        assert (over.candidate_p75, over.candidate_p99) == (round(BUCKET**p75), round(BUCKET**p99))
        assert (over.baseline_p75, over.baseline_p99) == (round(BUCKET**90), round(BUCKET**110))


class TestWords:
    def test_what_is_counted_is_told_with_its_threshold(self) -> None:
        words = what_is_counted(PAST, HEALTH)
        assert words == {
            "gross": "failed",
            "errors": "failed",
            "p75": "answered slower than 5.84 ms (75th percentile plus 10 %):",
            "p99": "answered slower than 35.7 ms (99th percentile):",
        }

    def test_without_a_past_it_is_the_policys_limit(self) -> None:
        assert what_is_counted(Usual(), HEALTH)["p99"] == "answered slower than 2 s (the policy's limit):"

    @pytest.mark.parametrize(
        ("milliseconds", "told"), [(999, "999 ms"), (1000, "1 s"), (1250, "1.25 s"), (0.5, "0.5 ms")]
    )
    def test_a_time_is_told_in_its_unit(self, milliseconds: float, told: str) -> None:
        health = replace(HEALTH, slow_over=timedelta(milliseconds=milliseconds))
        assert what_is_counted(Usual(), health)["p99"] == f"answered slower than {told} (the policy's limit):"


class TestPlan:
    def test_the_policy_and_the_past_are_all_of_it(self) -> None:
        """A last step sees no longer than its longest bake: nobody plans with an hour that is not there."""
        comparison = Comparison(alpha=0.01, error_margin_percent=1.5, warm_up=timedelta(seconds=421))
        plan = replace(PLAN, health=replace(HEALTH, comparison=comparison))
        assert canary_plan(plan, PAST) == CanaryPlan(
            (Stage(0.1, 10, 30), Stage(0.5, 10, 30)),
            alpha=0.01,
            horizon_min=0,
            usual_error_rate=0.004,
            usual_rpm=50.0,
            error_margin=0.015,
            warm_up=8,
        )

    def test_it_has_the_steps_in_which_both_serve(self) -> None:
        plan = canary_plan(PLAN, PAST)
        assert plan.stages == (Stage(0.1, 10, 30), Stage(0.5, 10, 30))
        assert (plan.alpha, plan.usual_error_rate, plan.usual_rpm) == (0.02, 0.004, 50.0)

    def test_parts_of_a_minute_are_whole_ones(self) -> None:
        odd = replace(PLAN, bake_min=timedelta(seconds=61), bake_max=timedelta(seconds=600))
        assert canary_plan(odd, Usual()).stages[0] == Stage(0.1, 2, 10)

    def test_at_once_there_is_no_step_in_which_both_serve(self) -> None:
        assert canary_plan(replace(PLAN, steps=(100,)), Usual()).stages == ()

    def test_the_policy_says_how_many_good_versions_may_be_taken_back(self) -> None:
        strict = replace(PLAN, health=replace(HEALTH, comparison=Comparison(alpha=0.001)))
        assert canary_plan(strict, Usual()).alpha == 0.001
