"""When release windows are open, through weeks, holidays and changes of summer time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pointsman.windows import (
    LOOK_AHEAD_DAYS,
    MIDNIGHT,
    Window,
    Windows,
    closed_because,
    is_open,
    next_opening,
    windows_from_json,
    windows_to_json,
)

WEEKDAYS = Window((0, 1, 2, 3), 9 * 60, 16 * 60)
FRIDAY = Window((4,), 9 * 60, 12 * 60)
OFFICE = Windows("Europe/Berlin", (WEEKDAYS, FRIDAY), (date(2026, 12, 24), date(2026, 12, 25)))
MINUTE = timedelta(minutes=1)

minutes = st.tuples(st.integers(0, MIDNIGHT - 1), st.integers(1, MIDNIGHT)).filter(
    lambda two: two[0] < two[1]
)
some_windows = st.builds(
    Windows,
    st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe"]),
    st.lists(
        st.builds(
            lambda days, two: Window(tuple(sorted(days)), *two),
            st.sets(st.integers(0, 6), min_size=1),
            minutes,
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    st.lists(st.dates(date(2026, 11, 1), date(2027, 1, 31)), max_size=5).map(tuple),
)
moments = st.datetimes(datetime(2026, 10, 2), datetime(2027, 4, 30), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0)
)


def at(text: str) -> datetime:
    """Read a moment such as `2026-11-23 09:00`, in UTC."""
    return datetime.fromisoformat(f"{text}:00+00:00")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23 07:59", False),
        ("2026-11-23 08:00", True),
        ("2026-11-23 14:59", True),
        ("2026-11-23 15:00", False),
        ("2026-11-27 10:59", True),
        ("2026-11-27 11:00", False),
        ("2026-11-28 10:00", False),
    ],
)
def test_a_window_is_open_from_its_start_until_before_its_end(moment: str, expected: bool) -> None:  # noqa: FBT001
    assert is_open(OFFICE, at(moment)) is expected


def test_hours_are_those_of_the_wall_clock_in_summer_and_in_winter() -> None:
    assert is_open(OFFICE, at("2026-07-06 07:00"))
    assert not is_open(OFFICE, at("2026-12-07 07:00"))
    assert is_open(OFFICE, at("2026-12-07 08:00"))


def test_the_day_is_that_of_the_time_zone() -> None:
    sunday = Windows("Pacific/Auckland", (Window((6,), 0, 60),))

    assert is_open(sunday, at("2026-11-21 11:30"))
    assert not is_open(sunday, at("2026-11-22 00:30"))


def test_a_window_to_the_end_of_a_day_meets_the_one_that_begins_the_next() -> None:
    night = Windows("UTC", (Window((0,), 22 * 60, MIDNIGHT), Window((1,), 0, 2 * 60)))

    assert all(is_open(night, at("2026-11-23 22:00") + minute * MINUTE) for minute in range(240))
    assert not is_open(night, at("2026-11-24 02:00"))


def test_a_holiday_has_no_window_at_all() -> None:
    assert is_open(OFFICE, at("2026-12-23 10:00"))
    assert not is_open(OFFICE, at("2026-12-24 10:00"))


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23 10:07", "2026-11-23 10:07"),
        ("2026-11-23 07:00", "2026-11-23 08:00"),
        ("2026-11-23 15:00", "2026-11-24 08:00"),
        ("2026-11-27 11:00", "2026-11-30 08:00"),
        ("2026-12-23 15:00", "2026-12-28 08:00"),
        ("2026-10-22 15:00", "2026-10-23 07:00"),
        ("2026-10-23 15:00", "2026-10-26 08:00"),
    ],
)
def test_the_next_opening_steps_over_closed_days_and_changes_of_summer_time(
    moment: str, opening: str
) -> None:
    assert next_opening(OFFICE, at(moment)) == at(opening)


@given(some_windows, moments)
def test_between_now_and_the_next_opening_it_is_closed_and_then_it_is_open(
    windows: Windows, now: datetime
) -> None:
    opening = next_opening(windows, now)
    assume(opening is not None)
    assert opening is not None

    assert is_open(windows, opening)
    between = range(0, int((opening - now) / MINUTE), 7)
    assert not any(is_open(windows, now + minute * MINUTE) for minute in between)


@pytest.mark.parametrize(
    ("window", "moment", "opening"),
    [
        (Window((6,), 150, 165), "2027-03-28 00:00", "2027-04-04 00:30"),
        (Window((6,), 150, 210), "2027-03-28 00:00", "2027-03-28 01:00"),
        (Window((6,), 150, 165), "2026-10-25 00:50", "2026-10-25 01:30"),
        (Window((6,), 60, 150), "2026-10-25 00:40", "2026-10-25 01:00"),
    ],
    ids=["never shown", "begins in the hour that is left out", "shown twice", "its end is shown twice"],
)
def test_in_the_night_in_which_the_clock_is_changed_the_clock_counts(
    window: Window, moment: str, opening: str
) -> None:
    assert next_opening(Windows("Europe/Berlin", (window,)), at(moment)) == at(opening)


def test_windows_that_never_open_say_so() -> None:
    days = tuple(date(2026, 11, 23) + timedelta(days=number) for number in range(LOOK_AHEAD_DAYS))
    never = Windows("UTC", (Window(tuple(range(7)), 0, MIDNIGHT),), days)

    assert next_opening(never, at("2026-11-23 12:00")) is None
    assert closed_because(never, at("2026-11-23 12:00")) == (
        "outside its release windows, and none opens within 400 days"
    )


def test_a_closed_window_says_when_it_opens_in_its_own_time() -> None:
    assert closed_because(OFFICE, at("2026-11-27 11:00")) == (
        "outside its release windows; the next one opens Mon 2026-11-30 09:00 Europe/Berlin"
    )


@pytest.mark.parametrize("windows", [None, OFFICE])
def test_nothing_is_said_while_releases_may_move(windows: Windows | None) -> None:
    assert closed_because(windows, at("2026-11-23 10:00")) == ""


@given(some_windows)
def test_windows_survive_the_way_through_json(windows: Windows) -> None:
    assert windows_from_json(windows_to_json(windows)) == windows


def test_no_windows_stay_no_windows_in_json() -> None:
    assert windows_from_json(windows_to_json(None)) is None


@pytest.mark.parametrize(
    "broken",
    [
        {"timezone": "Europe/Atlantis"},
        {"timezone": "../../etc/passwd"},
        {"open": [[[0], 540]]},
        {"open": [[["Mon"], 540, 960]]},
        {"holidays": ["2026-02-30"]},
        {"holidays": None},
    ],
)
def test_windows_that_cannot_be_read_are_refused(broken: dict[str, object]) -> None:
    raw = (windows_to_json(OFFICE) or {}) | broken

    with pytest.raises((KeyError, TypeError, ValueError)):
        windows_from_json(raw)
