"""What is proposed where evidence takes longer than the policy's patience: each proposal was tried."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from pointsman.core.fitting import is_proved, takes, ways_to_fit
from pointsman.core.past_traffic import ONE_HOUR, PastTraffic
from pointsman.core.timetable import Question, timetable
from pointsman.core.usual import Usual
from tests.core.builders import NOW
from tests.core.builders import plan as a_plan
from tests.core.plan_facts import READING, health, steady


def question(per_minute: float, **changes: Any) -> Question:
    return Question(a_plan(**changes), NOW, steady(per_minute), READING)


def test_enough_traffic_needs_no_change() -> None:
    assert is_proved(timetable(question(600)))


def test_larger_steps_fewer_requests_or_more_patience_are_proposed() -> None:
    steps, requests, patience = ways_to_fit(question(5))

    assert steps.says == "set rollout.steps to [30, 50, 100]"
    assert steps.yaml == ("rollout:", "  steps: [30, 50, 100]")
    assert requests.says == "set health.min_requests to 34, which proves less"
    assert patience.yaml == ("rollout:", "  patience: 5h")


def test_each_proposal_is_the_least_that_is_enough() -> None:
    asked = question(5)
    plan = asked.plan

    def fits(**changes: Any) -> bool:
        return is_proved(timetable(replace(asked, plan=replace(plan, **changes))))

    assert fits(steps=(30, 50, 100))
    assert not fits(steps=(25, 50, 100))
    assert fits(health=health(min_requests=34))
    assert not fits(health=health(min_requests=36))
    assert fits(patience=timedelta(hours=5))
    assert not fits(patience=timedelta(hours=4))


def test_at_night_the_next_busy_hour_is_proposed() -> None:
    week_ago = NOW - timedelta(days=7)
    busy = {week_ago + ONE_HOUR * hour: 36_000.0 for hour in range(8, 20)}
    night = Question(a_plan(), NOW, PastTraffic(dict(steady(1).requests) | busy, NOW), READING)

    assert "approve it at 20:00 UTC, in 8 h" in [way.says for way in ways_to_fit(night)]


def test_a_last_proof_with_little_of_the_baseline_beside_it_is_proposed_at_a_half() -> None:
    """With a twentieth of the traffic left, the baseline's latency is not known well enough to compare with."""
    usual = Usual(50_000, 90_000, 0.001, 60)
    lopsided = replace(question(60, steps=(10, 95, 100)), usual=usual)

    assert timetable(lopsided).latest.stuck_at == 95
    assert ways_to_fit(lopsided)[0].yaml == ("rollout:", "  steps: [10, 50, 100]")


def test_a_step_that_a_person_approves_is_kept() -> None:
    assert all("steps" not in way.says for way in ways_to_fit(question(5, gates=(10,))))


def test_how_long_a_step_would_take_is_known_beyond_the_patience() -> None:
    step = takes(question(5), 10)

    assert step is not None
    assert step.rehearsed is not None
    assert step.rehearsed.requests == 100
    assert step.proved - step.begins == timedelta(hours=3, minutes=25, seconds=30)
    assert takes(question(0.01), 10) is None


def test_without_any_traffic_nothing_is_proposed() -> None:
    assert ways_to_fit(question(0)) == ()
    assert ways_to_fit(replace(question(1), traffic=None)) == ()


def test_what_no_change_can_mend_gets_no_proposal() -> None:
    assert ways_to_fit(question(0.001)) == ()
