"""The price of a release: instances that would not run without it, by the hour."""

from dataclasses import replace

import pytest

from pointsman.core.peaks import Fleet, Stage, needs_of
from pointsman.core.release_cost import bill_of, extra_of, usd_per_hour
from pointsman.core.timetable import Course, StepRun
from tests.core.builders import HOUR, NOW

OLD, NEW = "ml.m5.xlarge", "ml.m6i.xlarge"
COURSE = Course(
    NOW,
    begins=NOW,
    stands=NOW + HOUR / 2,
    steps=(StepRun(100, NOW + HOUR / 2, NOW + 3 * HOUR),),
    finalizes=NOW + 3 * HOUR,
    promoted=NOW + 4 * HOUR,
)
SAME = needs_of(Fleet(OLD, 2), Fleet(OLD, 2))


def test_each_stage_costs_what_runs_beyond_today() -> None:
    bill = bill_of(COURSE, SAME, {OLD: 0.5})

    assert [(each.stage, each.extra, each.hours) for each in bill.stages] == [
        (Stage.START, {OLD: 4}, 0.5),
        (Stage.STEPS, {OLD: 2}, 2.5),
        (Stage.END, {OLD: 4}, 1.0),
    ]
    assert bill.instance_hours == 2 + 5 + 4
    assert bill.usd == pytest.approx(5.5)


def test_two_types_have_two_prices() -> None:
    needs = needs_of(Fleet(OLD, 2), Fleet(NEW, 3))

    bill = bill_of(COURSE, needs, {OLD: 1.0, NEW: 10.0})

    assert [each.usd for each in bill.stages] == [0.5 * (2 + 30), 2.5 * 30, 60]


def test_a_type_without_a_price_gives_no_sum_rather_than_a_wrong_one() -> None:
    needs = needs_of(Fleet(OLD, 2), Fleet(NEW, 3))

    bill = bill_of(COURSE, needs, {OLD: 1.0})

    assert bill.usd is None
    assert bill.instance_hours > 0


def test_a_course_that_gives_up_costs_until_then() -> None:
    stuck = replace(COURSE, finalizes=None, promoted=None, gives_up=NOW + 2 * HOUR)

    bill = bill_of(stuck, SAME, {OLD: 0.5})

    assert not bill.is_whole
    assert bill.usd == pytest.approx(0.5 * (4 * 0.5 + 2 * 1.5))


def test_a_course_that_never_begins_costs_nothing() -> None:
    bill = bill_of(Course(NOW), SAME, {OLD: 0.5})

    assert (bill.stages, bill.is_whole, bill.usd) == ((), False, 0)


def test_what_runs_less_than_today_counts_against_it() -> None:
    needs = needs_of(Fleet(OLD, 2), Fleet(NEW, 2))

    extra = extra_of(needs[-1], needs[0])

    assert extra == {OLD: -2, NEW: 2}
    assert usd_per_hour(extra, {OLD: 1.0, NEW: 4.0}) == 6.0
    assert usd_per_hour(extra, {NEW: 4.0}) is None
