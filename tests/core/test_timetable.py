"""How long a release takes, in the earliest, the expected and the latest course."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pointsman.core.timetable import Question, Span, timetable
from pointsman.core.usual import Usual
from pointsman.policy import Judging
from pointsman.windows import Window, Windows
from tests.core.builders import HOUR, MINUTE, NOW, PLAN
from tests.core.plan_facts import READING, steady

FLEET = Span(4 * MINUTE, 5 * MINUTE, 6 * MINUTE)
SECOND = timedelta(seconds=1)
WARM_UP = 5
"""Minutes in which the judge does not bet on what a cold start looks like."""
MONDAY = (0,)
SHORTER = Windows("UTC", (Window(MONDAY, 12 * 60, 12 * 60 + 20), Window(MONDAY, 18 * 60, 19 * 60)))
"""It closes between the begin of the second step and its proof."""


def question(**changes: Any) -> Question:
    return replace(Question(PLAN, NOW, steady(600), READING, FLEET), **changes)


def test_with_much_traffic_each_step_takes_its_shortest_bake() -> None:
    early, usual, late = timetable(question()).courses

    assert usual.stands == NOW + 5 * MINUTE
    assert [step.percent for step in usual.steps] == [10, 50, 100]
    assert usual.steps[0].proved == NOW + (5 + 1 + WARM_UP + 10 + 2) * MINUTE + 30 * SECOND
    assert early.steps[0].proved == NOW + (4 + 1 + WARM_UP + 10 + 2) * MINUTE
    assert late.steps[0].proved == NOW + (6 + 3 + WARM_UP + 10 + 2 + 2) * MINUTE
    assert usual.steps[1].proved - usual.steps[1].begins == (1 + 10 + 2) * MINUTE + 60 * SECOND
    assert usual.steps[2].proved - usual.steps[2].begins == (1 + 10) * MINUTE + 30 * SECOND
    assert usual.promoted == usual.steps[2].proved + 5 * MINUTE
    assert usual.ended == usual.promoted + 4 * HOUR + 30 * SECOND


def test_with_little_traffic_evidence_is_what_it_waits_for() -> None:
    usual = timetable(question(traffic=steady(10))).expected

    first = usual.steps[0]
    assert first.proved - first.begins == (1 + 100 + 2 + 1) * MINUTE + 30 * SECOND
    assert usual.steps[1].proved - usual.steps[1].begins < 30 * MINUTE
    assert usual.steps[0].rehearsed is not None
    assert usual.steps[0].rehearsed.requests == 100


def test_a_step_without_proof_within_the_patience_ends_the_course() -> None:
    usual = timetable(question(traffic=steady(1))).expected

    assert usual.stuck_at == 10
    assert usual.gives_up == NOW + (5 + 1) * MINUTE + PLAN.patience
    assert usual.steps == ()
    assert usual.promoted is None


def test_without_known_traffic_only_the_shortest_bakes_are_told() -> None:
    found = timetable(question(traffic=None))

    assert not found.knows_traffic
    assert [step.proved - step.begins for step in found.earliest.steps] == 3 * [10 * MINUTE + 15 * SECOND]


def test_a_judge_that_only_reports_leaves_each_step_to_the_clock() -> None:
    health = replace(PLAN.health, comparison=replace(PLAN.health.comparison, mode=Judging.REPORT))

    found = timetable(question(plan=replace(PLAN, health=health), traffic=steady(1)))

    assert found.latest.stuck_at is None
    assert [step.proved - step.begins for step in found.expected.steps] == 3 * [11 * MINUTE + 30 * SECOND]


def test_latencies_are_compared_where_the_past_tells_what_is_usual() -> None:
    """That takes more than the absence of failures: at 600 requests a minute some minutes in the last shared step."""
    usual = Usual(50_000, 90_000, 0.001, 600)

    plain, compared = timetable(question()).expected, timetable(question(usual=usual)).expected

    assert compared.steps[1].proved - compared.steps[1].begins > plain.steps[1].proved - plain.steps[1].begins
    assert compared.steps[1].rehearsed is not None
    assert {each.name for each in compared.steps[1].rehearsed.verdict.weighed if each.proof} == {
        "errors",
        "p75",
        "p99",
    }


def test_what_the_last_shared_step_proves_is_known() -> None:
    """15 bad requests would have to be absent: in half of 600 a minute over 30 minutes that is a sixth of a percent."""
    usual = timetable(question()).expected

    said = usual.steps[1].rehearsed
    assert said is not None
    assert said.points == pytest.approx(15 / (600 * 0.5 * 30))


def test_it_begins_when_a_window_opens_and_each_step_waits_for_one() -> None:
    windows = Windows("UTC", (Window(MONDAY, 13 * 60, 13 * 60 + 10), Window(MONDAY, 15 * 60, 15 * 60 + 30)))

    usual = timetable(question(windows=windows)).expected

    assert usual.begins == NOW + HOUR
    assert usual.steps[0].begins == NOW + HOUR + 5 * MINUTE
    assert usual.steps[1].begins == NOW + 3 * HOUR
    assert usual.finalizes == NOW + 3 * HOUR + 25 * MINUTE


def test_the_final_fleet_waits_for_a_window_as_well() -> None:
    plan = replace(PLAN, steps=(10, 100))

    usual = timetable(question(plan=plan, windows=SHORTER, traffic=None)).expected

    assert [step.begins for step in usual.steps] == [NOW + 5 * MINUTE, NOW + 16 * MINUTE + 30 * SECOND]
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
