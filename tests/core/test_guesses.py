"""Numbers of a first policy, and what each is said to rest on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pointsman.core.guesses import FROM_FIRST_STEP, Numbers, numbers, traffic_of, window
from pointsman.policy import OnPatience
from pointsman.survey import Past
from tests.core.sights import HOUR, NOW, past

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NEVER = timedelta()


def guessed(rpm: float = 100.0, slowest_alarm: timedelta = NEVER, **changes: Any) -> Numbers:
    return numbers(past(rpm, **changes), slowest_alarm)


class TestLatency:
    def test_slow_is_twice_the_p99(self) -> None:
        guess = guessed().slow_over
        assert guess.value == timedelta(seconds=3.8)
        assert guess.rests_on == "guess: p99 of the last 7 days was 1.9 s; twice that"

    def test_one_bad_day_moves_nothing_and_is_told(self) -> None:
        days = (timedelta(seconds=2),) * 6 + (timedelta(seconds=50),)
        guess = guessed(p99=days).slow_over
        assert guess.value == timedelta(seconds=4)
        assert (
            guess.rests_on
            == "guess: p99 of a usual day of the last 7 days was 2 s (the worst day: 50 s); twice that"
        )

    @pytest.mark.parametrize(
        ("p99", "bound"),
        [
            (timedelta(microseconds=100), timedelta(milliseconds=1)),
            (timedelta(milliseconds=84.4), timedelta(milliseconds=170)),
            (timedelta(milliseconds=3), timedelta(milliseconds=6)),
            (timedelta(seconds=45), timedelta(seconds=60)),
        ],
    )
    def test_it_is_rounded_up_to_two_figures_and_stays_within_what_a_policy_takes(
        self, p99: timedelta, bound: timedelta
    ) -> None:
        assert guessed(p99=(p99,)).slow_over.value == bound

    def test_without_requests_it_rests_on_nothing_and_says_so(self) -> None:
        guess = guessed(0.0).slow_over
        assert guess.value == timedelta(seconds=2)
        assert "rests on nothing" in guess.rests_on


class TestErrors:
    def test_a_quiet_endpoint_is_given_one_percent(self) -> None:
        guess = guessed().max_error_percent
        assert guess.value == 1.0
        assert guess.rests_on == (
            "guess: 0.1 % of 1,008,000 requests failed in the last 7 days; three times that, and no less than 1 %"
        )

    def test_one_that_fails_often_is_given_three_times_its_rate(self) -> None:
        assert guessed(server_errors=20_160.0).max_error_percent.value == 6.0

    def test_the_larger_of_both_counts_is_taken_as_they_tell_of_the_same_requests(self) -> None:
        assert guessed(server_errors=10_080.0, model_errors=20_160.0).max_error_percent.value == 6.0

    def test_no_more_than_all_can_fail(self) -> None:
        assert guessed(server_errors=1_008_000.0).max_error_percent.value == 100.0

    def test_callers_mistakes_are_told_and_not_counted(self) -> None:
        guess = guessed(client_errors=50_400.0).max_error_percent
        assert guess.value == 1.0
        assert guess.rests_on.endswith("5 % were callers' mistakes (4xx), which are not counted")


class TestSteps:
    @pytest.mark.parametrize(
        ("rpm", "first"),
        [(5000.0, 1), (1000.0, 1), (300.0, 5), (100.0, 10), (50.0, 25), (22.0, 50), (1.0, 50)],
    )
    def test_the_busier_the_smaller_the_first_step(self, rpm: float, first: int) -> None:
        assert guessed(rpm).steps.value == FROM_FIRST_STEP[first]

    @pytest.mark.parametrize("rpm", [0.0, 0.01, 0.5, 3.0, 22.0, 100.0, 1000.0, 50_000.0])
    @pytest.mark.parametrize("alarm_minutes", [0, 3, 20, 60])
    def test_whatever_the_traffic_a_policy_takes_the_numbers(self, rpm: float, alarm_minutes: int) -> None:
        guess = guessed(rpm, MINUTE * alarm_minutes)
        steps = guess.steps.value
        assert list(steps) == sorted(set(steps))
        assert steps[-1] == 100
        assert MINUTE <= guess.bake_min.value <= guess.bake_max.value <= guess.patience.value <= 14 * DAY
        assert guess.bake_min.value >= MINUTE * alarm_minutes
        assert guess.min_requests.value >= 20
        assert timedelta(milliseconds=1) <= guess.slow_over.value <= timedelta(seconds=60)

    def test_a_bake_is_long_enough_for_the_evidence(self) -> None:
        guess = guessed(100.0)
        assert guess.bake_min.value == 30 * MINUTE
        assert guess.bake_min.rests_on == "guess: 300 requests take some 30 min at 10 %"

    def test_a_bake_is_long_enough_for_the_slowest_alarm(self) -> None:
        guess = guessed(5000.0, 20 * MINUTE)
        assert guess.bake_min.value == 30 * MINUTE
        assert guess.bake_min.rests_on.endswith("the slowest alarm needs 20 min to fire")

    def test_thin_traffic_asks_for_fewer_requests_and_says_what_that_is_worth(self) -> None:
        guess = guessed(2.0)
        assert (guess.min_requests.value, guess.steps.value) == (60, (50, 100))
        assert (
            "It is thin: 300 requests without a failure show that fewer than 1 % fail"
            in guess.min_requests.rests_on
        )

    def test_hardly_any_traffic_waits_for_it_in_every_step(self) -> None:
        guess = guessed(0.1)
        assert guess.min_requests.value == 20
        assert "each step waits for them" in guess.bake_min.rests_on


class TestPatience:
    def test_a_night_without_requests_is_waited_for_and_a_person_decides(self) -> None:
        day = (6000.0,) * 14 + (0.0,) * 10
        guess = numbers(Past(NOW - 168 * HOUR, NOW, day * 7, (timedelta(seconds=1),) * 7), NEVER)
        assert guess.on_patience is OnPatience.HOLD
        assert guess.patience.value == 14 * HOUR
        assert (
            guess.patience.rests_on == "guess: the longest time without a request was 10 h in the last 7 days"
        )

    def test_steady_traffic_goes_back_by_itself(self) -> None:
        guess = guessed()
        assert (guess.on_patience, guess.patience.value) == (OnPatience.ROLLBACK, 6 * HOUR)


class TestPast:
    def test_it_reaches_back_seven_days_on_whole_hours(self) -> None:
        now = NOW + timedelta(minutes=20)
        assert window(NOW - 30 * DAY, now) == (NOW - 7 * DAY, NOW)

    def test_it_begins_no_earlier_than_the_endpoint(self) -> None:
        assert window(NOW - timedelta(hours=3, minutes=20), NOW) == (NOW - 3 * HOUR, NOW)
        assert window(NOW - 3 * HOUR, NOW) == (NOW - 3 * HOUR, NOW)

    def test_an_endpoint_younger_than_an_hour_has_none(self) -> None:
        assert window(NOW - 20 * MINUTE, NOW + 10 * MINUTE) == (NOW, NOW)
        assert traffic_of(Past(NOW, NOW)) == "it has not served for an hour yet"

    def test_it_is_told_in_a_sentence(self) -> None:
        assert traffic_of(past(0.0)) == "no requests in the last 7 days"
        assert (
            traffic_of(past(2.0, hours=5))
            == "2 requests a minute on average in the last 5 hours, 2 in the busiest hour"
        )
        uneven = Past(NOW - 4 * HOUR, NOW, (0.0, 1200.0, 0.0, 0.0))
        assert traffic_of(uneven).endswith("20 in the busiest hour, none in 3 of 4 hours")
        assert traffic_of(past(0.0, unread=("cloudwatch:GetMetricData",))) == (
            "traffic was not read: cloudwatch:GetMetricData"
        )
