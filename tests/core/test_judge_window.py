"""Which minutes are evidence, and what is usual."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pointsman.core.judge import WINDOW_MINUTES, Evidence, judge, open_window, take
from pointsman.core.minutes import Minute, Side
from pointsman.core.verdict import Counts
from tests.core.builders import HEALTH, MINUTE, NOW

TENTH = 1000


def gathered(*minutes: tuple[Side | None, Side | None], share_bps: int = TENTH, enough: int = 0) -> Evidence:
    """Evidence of minutes in a row, each (candidate, baseline)."""
    evidence = open_window(None, "step-0", NOW)
    for number, (candidate, baseline) in enumerate(minutes):
        evidence = take(evidence, Minute(NOW + number * MINUTE, baseline, candidate), share_bps, enough)
    return evidence


# The window.


def test_a_window_begins_empty_and_keeps_what_is_usual() -> None:
    known = replace(gathered((Side(5, 0, 0), Side(45, 0, 0))), dark_minutes=3)

    assert open_window(known, "step-1", NOW) == Evidence("step-1", NOW, usual_rpm=50)
    assert open_window(None, "step-1", NOW) == Evidence("step-1", NOW, usual_rpm=0.0)


def test_no_minute_is_counted_twice() -> None:
    minute = Minute(NOW, Side(90, 1, 2), Side(10, 3, 4))
    once = take(open_window(None, "step-0", NOW), minute, TENTH)

    assert once.rows == ((10, 3, 4, 90, 1, 2),)
    assert once.until == NOW + MINUTE
    assert once.window == "step-0"
    assert take(once, minute, TENTH) == once
    assert take(once, replace(minute, at=NOW - MINUTE), TENTH) == once


def test_a_minute_before_the_window_is_not_its_evidence() -> None:
    empty = open_window(None, "step-0", NOW)

    assert take(empty, Minute(NOW - MINUTE, Side(9, 0, 0), Side(1, 0, 0)), TENTH) == empty


def test_a_gap_is_no_reason_to_stop() -> None:
    evidence = take(open_window(None, "s", NOW), Minute(NOW + 5 * MINUTE, None, Side(1, 0, 0)), TENTH)

    assert evidence.until == NOW + 6 * MINUTE
    assert evidence.rows == ((1, 0, 0, 0, 0, 0),)


def test_the_window_forgets_what_is_older_than_an_hour() -> None:
    bad, good = (Side(10, 10, 10), Side(90, 0, 0)), (Side(10, 0, 0), Side(90, 0, 0))
    evidence = gathered(bad, *[good] * WINDOW_MINUTES)

    assert WINDOW_MINUTES == 60
    assert len(evidence.rows) == 60
    assert judge(evidence, HEALTH, TENTH).candidate == Counts(600, 0, 0)
    assert len(gathered(*[good] * 59).rows) == 59


def test_both_sides_are_summed_over_the_same_minutes() -> None:
    verdict = judge(gathered((Side(1, 2, 3), Side(4, 5, 6)), (Side(10, 20, 30), None)), HEALTH, TENTH)

    assert verdict.candidate == Counts(11, 22, 33)
    assert verdict.baseline == Counts(4, 5, 6)
    assert verdict.minutes == 2


def test_the_usual_traffic_follows_slowly_and_ignores_silence() -> None:
    first = gathered((Side(10, 0, 0), Side(90, 0, 0)))
    second = gathered((Side(10, 0, 0), Side(90, 0, 0)), (Side(100, 0, 0), Side(100, 0, 0)))
    silent = gathered((Side(10, 0, 0), Side(90, 0, 0)), (None, None))

    assert first.usual_rpm == 100
    assert second.usual_rpm == pytest.approx(110)
    assert silent.usual_rpm == 100


def test_a_missing_minute_counts_as_nothing_on_either_side() -> None:
    assert gathered((None, None)).rows == ((0, 0, 0, 0, 0, 0),)


def test_where_traffic_is_thin_the_oldest_minutes_are_added_up() -> None:
    row = (Side(1, 2, 3), Side(4, 5, 6))
    evidence = gathered(*[row] * 62, enough=100)

    assert len(evidence.rows) == 60
    assert evidence.merged_minutes == 2
    assert evidence.rows[0] == (3, 6, 9, 12, 15, 18)
    assert evidence.rows[1:] == ((1, 2, 3, 4, 5, 6),) * 59
    assert judge(evidence, HEALTH, TENTH).candidate == Counts(62, 124, 186)
    assert judge(evidence, HEALTH, TENTH).minutes == 62


def test_the_two_oldest_minutes_are_the_ones_that_are_added_up() -> None:
    sides = [(Side(number, 0, 0), None) for number in range(1, 62)]
    evidence = gathered(*sides, enough=10_000)

    assert [row[0] for row in evidence.rows] == [3, *range(3, 62)]


def test_nothing_is_added_up_where_nobody_said_how_much_is_enough() -> None:
    minute = Minute(NOW + 60 * MINUTE, None, None)

    assert take(gathered(*[(None, None)] * 60), minute, TENTH).merged_minutes == 0


def test_the_hour_before_last_goes_as_soon_as_the_last_one_holds_enough() -> None:
    thin = [(Side(1, 0, 0), Side(9, 0, 0))] * 62
    enough = gathered(*thin, (Side(41, 0, 0), None), enough=100)
    almost = gathered(*thin, (Side(40, 0, 0), None), enough=100)

    assert (enough.merged_minutes, len(enough.rows)) == (0, 60)
    assert judge(enough, HEALTH, TENTH).candidate.requests == 59 + 41
    assert almost.merged_minutes == 3
    assert judge(almost, HEALTH, TENTH).candidate.requests == 62 + 40


def test_nothing_is_added_up_before_the_hour_is_full() -> None:
    evidence = gathered(*[(Side(1, 0, 0), None)] * 60, enough=100)

    assert (len(evidence.rows), evidence.merged_minutes) == (60, 0)
