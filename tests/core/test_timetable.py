"""How long a release takes, in the earliest, the expected and the latest course."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from pointsman.core.timetable import Question, Span, timetable
from pointsman.windows import Window, Windows
from tests.core.builders import HOUR, MINUTE, NOW, PLAN
from tests.core.plan_facts import READING, steady

FLEET = Span(4 * MINUTE, 5 * MINUTE, 6 * MINUTE)
SECOND = timedelta(seconds=1)
MONDAY = (0,)
SHORTER = Windows("UTC", (Window(MONDAY, 12 * 60, 12 * 60 + 20), Window(MONDAY, 18 * 60, 19 * 60)))
"""It closes between the begin of the second step and its proof."""


def question(**changes: Any) -> Question:
    return replace(Question(PLAN, NOW, steady(600), READING, FLEET), **changes)


def test_with_much_traffic_each_step_takes_its_shortest_bake() -> None:
    early, usual, late = timetable(question()).courses

    assert usual.stands == NOW + 5 * MINUTE
    assert [step.percent for step in usual.steps] == [10, 50, 100]
    assert usual.steps[0].proved == NOW + (5 + 1 + 10) * MINUTE + 30 * SECOND
    assert early.steps[0].proved == NOW + (4 + 10) * MINUTE + 15 * SECOND
    assert late.steps[0].proved == NOW + (6 + 3 + 10 + 2) * MINUTE
    assert usual.promoted == NOW + 5 * MINUTE + 3 * (11 * MINUTE + 30 * SECOND) + 5 * MINUTE
    assert usual.ended == usual.promoted + 4 * HOUR + 30 * SECOND


def test_with_little_traffic_evidence_is_what_it_waits_for() -> None:
    usual = timetable(question(traffic=steady(10))).expected

    first = usual.steps[0]
    assert first.proved - first.begins == (1 + 100 + 2 + 1) * MINUTE + 30 * SECOND
    assert usual.steps[1].proved - usual.steps[1].begins < 30 * MINUTE


def test_a_step_without_proof_within_the_patience_ends_the_course() -> None:
    usual = timetable(question(traffic=steady(1))).expected

    assert usual.stuck_at == 10
    assert usual.gives_up == NOW + (5 + 1) * MINUTE + PLAN.patience
    assert usual.steps == ()
    assert usual.promoted is None


def test_without_known_traffic_only_the_shortest_bakes_are_told() -> None:
    found = timetable(question(traffic=None))

    assert not found.knows_traffic
    assert found.earliest.steps[-1].proved == timetable(question()).earliest.steps[-1].proved


def test_it_begins_when_a_window_opens_and_each_step_waits_for_one() -> None:
    windows = Windows("UTC", (Window(MONDAY, 13 * 60, 13 * 60 + 10), Window(MONDAY, 15 * 60, 15 * 60 + 30)))

    usual = timetable(question(windows=windows)).expected

    assert usual.begins == NOW + HOUR
    assert usual.steps[0].begins == NOW + HOUR + 5 * MINUTE
    assert usual.steps[1].begins == NOW + 3 * HOUR
    assert usual.finalizes == NOW + 3 * HOUR + 2 * (11 * MINUTE + 30 * SECOND)


def test_the_final_fleet_waits_for_a_window_as_well() -> None:
    plan = replace(PLAN, steps=(10, 100))

    usual = timetable(question(plan=plan, windows=SHORTER)).expected

    assert usual.steps[-1].proved == NOW + (5 + 11 + 11) * MINUTE + 60 * SECOND
    assert usual.finalizes == NOW + 6 * HOUR


def test_where_no_window_ever_opens_it_never_begins() -> None:
    found = timetable(question(windows=Windows("UTC", ())))

    assert found.earliest.begins is None
    assert found.earliest.steps == ()


def test_a_window_that_never_comes_again_leaves_the_rest_open() -> None:
    once = Windows("UTC", (Window(MONDAY, 12 * 60, 12 * 60 + 8),), ())
    only_today = tuple((NOW + timedelta(days=7 * week)).date() for week in range(1, 60))

    usual = timetable(question(windows=replace(once, holidays=only_today))).expected

    assert len(usual.steps) == 1
    assert usual.promoted is None
    assert usual.stuck_at is None


def test_autoscaling_is_given_back_before_the_shortest_watch_ends() -> None:
    plan = replace(PLAN, watch=timedelta(0))

    usual = timetable(question(plan=plan, is_autoscaled=True)).expected

    assert usual.promoted is not None
    assert usual.ended == usual.promoted + 5 * MINUTE + 30 * SECOND
