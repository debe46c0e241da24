"""Whether paused traffic is likely to come back: what a rhythm needs to be seen, and when it is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pointsman.core.idle_rhythm import comes_back

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=300)
DAY, HOUR, WEEK = timedelta(days=1), timedelta(hours=1), timedelta(weeks=1)


def hours(*ago: timedelta) -> list[datetime]:
    return sorted((NOW - each).replace(minute=0) for each in ago)


def test_what_was_never_asked_has_no_rhythm() -> None:
    assert comes_back([], LONG_AGO, NOW) == ""


@pytest.mark.parametrize("late", [-HOUR, timedelta(), HOUR])
def test_a_weekly_job_is_waited_for_also_where_its_hour_shifts(late: timedelta) -> None:
    said = comes_back(hours(5 * DAY, 5 * DAY + WEEK + late), LONG_AGO, NOW)
    assert said.startswith("it is asked every week on Thursday at 12:00 UTC, next on 2026-11-26")


def test_a_fortnightly_job_is_waited_for() -> None:
    said = comes_back(hours(10 * DAY, 24 * DAY), LONG_AGO, NOW)
    assert said.startswith("it is asked every other week on Saturday")


def test_a_weekly_job_that_was_missed_twice_is_over() -> None:
    active = hours(*(15 * DAY + WEEK * number for number in range(3)))
    assert comes_back(active, LONG_AGO, NOW) == ""


def test_daily_use_that_ended_two_weeks_ago_is_over() -> None:
    active = hours(*(14 * DAY + 4 * HOUR + DAY * number for number in range(21)))
    assert comes_back(active, LONG_AGO, NOW) == ""


@pytest.mark.parametrize(("silence", "comes"), [(16 * DAY, True), (19 * DAY, False)])
def test_a_pause_is_waited_out_for_as_long_as_one_before(silence: timedelta, comes: bool) -> None:  # noqa: FBT001 - a parameter of the test
    active = hours(silence, silence + 16 * DAY)
    assert bool(comes_back(active, LONG_AGO, NOW)) is comes


def month_end() -> list[datetime]:
    first = datetime(2026, 10, 29, 1, 0, tzinfo=UTC)
    return [first + DAY * number for number in range(5)]


def test_a_month_end_is_waited_for_until_the_next_one_is_well_over() -> None:
    said = comes_back(month_end(), LONG_AGO, NOW)
    assert said == "it is asked at the end of a month, next around 2026-12-01"
    assert comes_back(month_end(), LONG_AGO, datetime(2026, 12, 3, 23, 0, tzinfo=UTC))
    assert comes_back(month_end(), LONG_AGO, datetime(2026, 12, 4, 1, 0, tzinfo=UTC)) == ""


def test_requests_beside_the_month_end_are_no_month_end() -> None:
    active = [datetime(2026, 10, 20, 1, 0, tzinfo=UTC), *month_end()]
    assert "end of a month" not in comes_back(active, LONG_AGO, NOW)


def test_the_first_days_of_an_endpoint_are_its_makers() -> None:
    active = month_end()[:2]
    assert comes_back(active, active[0], NOW) == ""
    assert comes_back(active, active[0] - 10 * DAY, NOW) != ""


@pytest.mark.parametrize(("silence", "comes"), [(20 * DAY, True), (31 * DAY, True), (33 * DAY, False)])
def test_one_run_may_be_monthly_for_a_month(silence: timedelta, comes: bool) -> None:  # noqa: FBT001 - a parameter of the test
    active = hours(silence, silence + HOUR, silence + 2 * HOUR)
    assert bool(comes_back(active, LONG_AGO, NOW)) is comes


def test_days_of_use_that_end_are_no_monthly_run() -> None:
    active = hours(*(15 * DAY + HOUR * number for number in range(24 * 6)))
    assert comes_back(active, LONG_AGO, NOW) == ""
