"""What an hour to come is expected to bring: the same hour of last week first, then the same hour of the day, then the mean."""

from datetime import datetime, timedelta

import pytest

from pointsman.core.past_traffic import ONE_HOUR, Basis, PastTraffic
from tests.core.builders import NOW
from tests.core.plan_facts import steady


def busy_at(hour: datetime, requests: float = 600, hours: int = 7 * 24) -> PastTraffic:
    """One request a minute, and more in one hour."""
    calm = dict(steady(1, hours).requests)
    return PastTraffic(calm | {hour: requests}, NOW)


def test_a_week_back_the_same_hour_is_what_counts() -> None:
    traffic = busy_at(NOW - timedelta(days=7) + 3 * ONE_HOUR)

    assert traffic.expected(NOW + 3 * ONE_HOUR + timedelta(minutes=20)) == (10.0, Basis.SAME_HOUR_OF_WEEK)
    assert traffic.expected(NOW + 4 * ONE_HOUR) == (1.0, Basis.SAME_HOUR_OF_WEEK)


def test_with_less_than_a_week_the_same_hour_of_each_day_counts() -> None:
    traffic = busy_at(NOW - timedelta(days=1) + ONE_HOUR, 300, hours=48)

    rate, basis = traffic.expected(NOW + ONE_HOUR)

    assert basis is Basis.SAME_HOUR_OF_DAY
    assert rate == pytest.approx((300 + 60) / 120)


def test_with_less_than_a_day_the_mean_counts() -> None:
    assert steady(4, hours=3).expected(NOW + 8 * ONE_HOUR) == (4.0, Basis.MEAN)


def test_hours_before_the_first_request_do_not_count_as_quiet_ones() -> None:
    traffic = PastTraffic({NOW - 2 * ONE_HOUR: 120.0, NOW - 90 * ONE_HOUR: 0.0}, NOW)

    assert traffic.since == NOW - 2 * ONE_HOUR
    assert traffic.per_minute == 1.0


def test_an_hour_without_a_point_had_no_requests() -> None:
    traffic = PastTraffic({NOW - 3 * ONE_HOUR: 180.0, NOW - ONE_HOUR: 180.0}, NOW)

    assert traffic.per_minute == 2.0
    assert traffic.total == 360.0


def test_without_any_request_nothing_is_expected() -> None:
    empty = PastTraffic({}, NOW)

    assert empty.expected(NOW) == (0.0, Basis.NOTHING)
    assert empty.per_minute == 0.0
