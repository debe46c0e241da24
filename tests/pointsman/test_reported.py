"""Where the judge only reports, its FAIL is told and takes nothing back; the clock goes on, and alarms still decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pointsman.core.phases import Cause, Phase
from pointsman.core.verdict import Opinion
from pointsman.policy import Comparison, Judging
from tests.worlds.account import ALARM, GOOD
from tests.worlds.quick import PLAN, POLICY, Quick

HEALTH = replace(PLAN.health, comparison=Comparison(mode=Judging.REPORT), alarms=(ALARM,))
REPORTED = replace(
    POLICY, plan=replace(PLAN, health=HEALTH, bake_min=timedelta(minutes=12), bake_max=timedelta(minutes=15))
)
FAILING = replace(GOOD, error_rate=0.95)
SAID = "the judge only reports"


def opened(error_rate: float = FAILING.error_rate) -> Quick:
    """A version under a policy whose judge only reports, as its first step begins."""
    quick = Quick((REPORTED,))
    quick.account.put_alarm()
    quick.account.set_alarm("OK")
    quick.approve(2)
    quick.drive_to(Phase.BAKING)
    quick.account.behave(2, replace(GOOD, error_rate=error_rate))
    return quick


@pytest.fixture
def bad() -> Quick:
    return opened()


def reports(quick: Quick) -> list[dict[str, object]]:
    """Records that say what the judge would have done."""
    return [dict(facts) for facts in quick.facts() if facts.get("numbers", {}).get("would")]


def test_a_bad_version_is_promoted_by_the_clock(bad: Quick) -> None:
    bad.drive_to(Phase.SUCCEEDED)
    assert bad.versions() == {2}
    assert Cause.JUDGED_BAD not in {facts["cause"] for facts in bad.facts() if facts["kind"] == "decision"}


def test_under_a_judge_that_decides_the_same_version_is_taken_back() -> None:
    """The other story differs by one word of the policy."""
    quick = Quick()
    quick.approve(2)
    quick.drive_to(Phase.BAKING)
    quick.account.behave(2, FAILING)
    quick.drive_to(None, Phase.ROLLED_BACK)
    assert quick.versions() == {1}


def test_what_would_have_been_done_is_recorded_with_its_numbers(bad: Quick) -> None:
    bad.drive_to(Phase.SUCCEEDED)
    said = reports(bad)
    # One in the step beside the baseline, one in the step with all traffic.
    assert [facts["step"] for facts in said] == [0, 1]
    for facts in said:
        numbers = facts["numbers"]
        assert isinstance(numbers, dict)
        assert numbers["would"] == "roll back"
        assert numbers["verdict"] == Opinion.FAIL
        assert numbers["evidence"] >= numbers["evidence_needed"] == (50 if facts["step"] == 0 else 100)
        assert str(facts["reason"]).startswith(f"{SAID}; it would have taken this back: candidate failed")


def test_people_are_told_once_in_a_step() -> None:
    """The gate is never opened: the version waits in its step, judged bad at every look."""
    gated = replace(REPORTED, plan=replace(REPORTED.plan, gates=(100,)))
    quick = Quick((gated,))
    quick.account.put_alarm()
    quick.account.set_alarm("OK")
    quick.approve(2)
    quick.drive_to(Phase.BAKING)
    quick.account.behave(2, FAILING)
    quick.wait(minutes=40)
    assert (quick.phase(), len(reports(quick))) == (Phase.AWAITING_APPROVAL, 1)
    told = [message for message in quick.topic.sent if "would have taken this back" in message.body]
    assert len(told) == 1
    assert quick.rollout().reported == f"{quick.rollout().id}/step-0"


def test_a_step_goes_on_when_its_least_time_is_over_and_says_what_the_judge_says(bad: Quick) -> None:
    bad.drive_to(Phase.SUCCEEDED)
    steps = [facts for facts in bad.facts() if facts.get("after") == Phase.SHIFTING and facts["step"] == 1]
    assert str(steps[0]["reason"]).startswith(f"{SAID}, and says ")


def test_an_alarm_still_takes_it_back(bad: Quick) -> None:
    bad.account.set_alarm("ALARM")
    bad.drive_to(None, Phase.ROLLED_BACK)
    assert bad.versions() == {1}
    assert Cause.ALARM in {facts["cause"] for facts in bad.facts() if facts["kind"] == "decision"}


def test_of_a_good_version_nothing_is_told() -> None:
    quick = opened(error_rate=0.0)
    quick.drive_to(Phase.SUCCEEDED)
    assert reports(quick) == []
