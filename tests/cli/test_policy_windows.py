"""Windows, dates and time zones as people write them."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cli.policy_file import PolicyErrors, Problem, policy_from_text
from cli.policy_windows import format_window, parse_window
from pointsman.windows import MIDNIGHT, Window
from tests.cli.policy_variations import FULL

windows = st.builds(
    lambda days, minutes: Window(tuple(sorted(days)), *sorted(minutes)),
    st.sets(st.integers(0, 6), min_size=1),
    st.tuples(st.integers(0, MIDNIGHT - 1), st.integers(1, MIDNIGHT)).filter(lambda pair: pair[0] != pair[1]),
)


def problem_with(**keys: Any) -> Problem:
    data = copy.deepcopy(FULL)
    data["rollout"]["windows"] |= keys
    with pytest.raises(PolicyErrors) as caught:
        policy_from_text(yaml.safe_dump(data))
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("Mon-Thu 09:00-16:00", Window((0, 1, 2, 3), 540, 960)),
        ("Sat,Sun 10:00-24:00", Window((5, 6), 600, MIDNIGHT)),
        ("Mon-Wed,Fri 00:00-00:01", Window((0, 1, 2, 4), 0, 1)),
        ("Fri,Mon 08:30-09:00", Window((0, 4), 510, 540)),
        ("Mon-Wed,Tue 08:30-09:00", Window((0, 1, 2), 510, 540)),
    ],
)
def test_a_window_is_read_as_people_write_it(text: str, window: Window) -> None:
    assert parse_window(text) == window


@given(windows.filter(lambda window: window.start < window.end))
def test_every_window_that_is_written_is_read_back_as_itself(window: Window) -> None:
    assert parse_window(format_window(window)) == window


@pytest.mark.parametrize(
    "text",
    [
        "", "Mon", "09:00-16:00", "mon 09:00-16:00", "Monday 09:00-16:00", "Mon 9:00-16:00", "Mon 09:00-24:01",
        "Mon 24:00-24:00", "Mon 09:60-10:00", "Mon  09:00-10:00", "Mon 09:00 - 10:00", "Mon 09:00-10:00\n",
        "Mon, Tue 09:00-10:00", "Mon- 09:00-10:00", "Mon 0٩:00-10:00",
    ],
)  # fmt: skip
def test_what_is_no_window_is_refused_with_what_one_looks_like(text: str) -> None:
    problem = problem_with(open=[text])

    assert problem.where == "rollout.windows.open[0]"
    assert "such as 'Mon-Thu 09:00-16:00'" in problem.allowed


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (
            "Fri,Sun 22:00-02:00",
            "a window ends on the day on which it starts: write two, 'Fri,Sun 22:00-24:00' and 'Mon,Sat 00:00-02:00'",
        ),
        ("Fri 22:00-00:00", "the end of a day is written 24:00: write 'Fri 22:00-24:00'"),
        ("Fri 09:00-09:00", "the end must come after the start; a whole day is 00:00-24:00"),
        ("Fri-Mon 09:00-10:00", "a week goes from Mon to Sun: write Mon,Fri-Sun instead of Fri-Mon"),
        ("Sat-Sun,Sun-Mon 09:00-10:00", "a week goes from Mon to Sun: write Mon,Sun instead of Sun-Mon"),
    ],
)
def test_a_window_that_cannot_be_meant_so_says_how_to_write_it(text: str, hint: str) -> None:
    assert problem_with(open=["Mon 09:00-10:00", text]).allowed == hint


def test_a_window_cut_at_its_comma_is_told_to_be_quoted() -> None:
    text = yaml.safe_dump(FULL, default_flow_style=False).replace(
        "    open:\n    - Mon-Thu 09:00-16:00\n    - Sat,Sun 10:00-24:00\n",
        "    open: [Sat,Sun 10:00-24:00]\n",
    )
    with pytest.raises(PolicyErrors) as caught:
        policy_from_text(text)

    assert "windows in quotes" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Europe/Berln", "did you mean Europe/Berlin?"),
        ("europe/berlin", "did you mean Europe/Berlin?"),
        ("CEST+99", "an IANA time zone"),
        ("../../etc/passwd", "an IANA time zone"),
        ("", "an IANA time zone"),
    ],
)
def test_a_time_zone_that_nobody_knows_is_refused(name: str, hint: str) -> None:
    problem = problem_with(timezone=name)

    assert problem.where == "rollout.windows.timezone"
    assert hint in problem.allowed


@pytest.mark.parametrize("text", ["2026-02-29", "2026-13-01", "24.12.2026", "20261224", "2026-W52-4", ""])
def test_what_is_no_date_is_refused(text: str) -> None:
    assert problem_with(holidays=["2026-12-24", text]).where == "rollout.windows.holidays[1]"


@pytest.mark.parametrize(
    ("keys", "where"),
    [
        ({"open": []}, "rollout.windows.open"),
        ({"open": "Mon 09:00-10:00"}, "rollout.windows.open"),
        ({"open": ["Mon 09:00-10:00", "Mon 09:00-10:00"]}, "rollout.windows.open[1]"),
        ({"open": [f"Mon 09:00-10:{minute:02}" for minute in range(51)]}, "rollout.windows.open"),
        ({"holidays": ["2026-12-24", "2026-12-24"]}, "rollout.windows.holidays[1]"),
        ({"holidays": [20261224]}, "rollout.windows.holidays[0]"),
        ({"closed": []}, "rollout.windows.closed"),
    ],
)
def test_what_else_a_section_of_windows_cannot_hold_is_refused(keys: dict[str, Any], where: str) -> None:
    assert problem_with(**keys).where == where


def test_a_date_needs_no_quotes_and_holidays_come_in_their_order() -> None:
    text = yaml.safe_dump(FULL).replace("- '2026-12-24'", "- 2026-12-26\n    - 2026-12-24")

    policy = policy_from_text(text)

    assert policy.windows is not None
    assert policy.windows.holidays == (date(2026, 12, 24), date(2026, 12, 26))
