"""Hours of the past, what was usual before a moment, and hours above the policy's limits."""

from __future__ import annotations

from datetime import timedelta

from pointsman.core.past import Past, PastMinute, above_limits, hour_of
from pointsman.core.usual import BUCKET
from tests.core.builders import HEALTH, HOUR, MINUTE
from tests.core.pasts import BEGIN, SLOW, past


def test_the_percentiles_of_an_hour_are_the_lowest_thresholds_that_enough_requests_are_below() -> None:
    hour = hour_of(
        PastMinute(BEGIN, 1000, 3, 1000, {round(BUCKET**130): 251, round(BUCKET**131): 250, SLOW: 10})
    )

    assert hour.p75_us == BUCKET**131
    assert hour.p99_us == SLOW


def test_what_was_usual_is_the_newest_hour_with_enough_requests() -> None:
    quiet_at = BEGIN + 2 * HOUR
    found = past(3, rpm=lambda at: 300 if at < quiet_at else 1)

    usual = found.usual_before(BEGIN + 3 * HOUR)

    assert usual.rpm == 300
    assert (usual.p75_us, usual.p99_us) == (BUCKET**130, BUCKET**140)
    assert 0 < usual.error_rate < 0.004


def test_nothing_is_usual_before_the_first_hour_or_from_points_of_several_minutes() -> None:
    coarse = PastMinute(BEGIN - HOUR, 5000, 0, 5000, {SLOW: 5}, 5)
    fine = past(1)
    found = Past(BEGIN - HOUR, fine.until, fine.minutes, (coarse,))

    assert found.usual_before(BEGIN).p99_us == 0
    assert found.hours[BEGIN - HOUR].requests == 5000


def test_hours_above_a_limit_are_found_and_thin_ones_are_not_looked_at() -> None:
    failing = PastMinute(BEGIN, 1000, 11, 1000, {SLOW: 50}, 60)
    slow = PastMinute(BEGIN + HOUR, 1000, 10, 1000, {SLOW: 51}, 60)
    thin = PastMinute(BEGIN + 2 * HOUR, 99, 99, 99, {SLOW: 99}, 60)

    assert above_limits([failing, slow, thin], HEALTH) == ([failing], [slow], 2)


def test_an_hour_adds_up_only_thresholds_that_all_its_minutes_have() -> None:
    minutes = {
        BEGIN: PastMinute(BEGIN, 10, 1, 10, {100: 5, 200: 1}),
        BEGIN + MINUTE: PastMinute(BEGIN + MINUTE, 20, 2, 20, {200: 4}),
    }

    [hour] = Past(BEGIN, BEGIN + timedelta(minutes=2), minutes).hours.values()

    assert (hour.requests, hour.errors, dict(hour.over), hour.minutes) == (30, 3, {200: 5}, 2)
