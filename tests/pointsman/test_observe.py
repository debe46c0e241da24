"""What a pass reads: no more than its phase needs, and what cannot be read is blind instead of good."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pointsman.core.minutes import Minute, Side
from pointsman.core.observed import Answer
from pointsman.core.phases import Act, Cause, Phase
from pointsman.core.rollout import Stop
from pointsman.core.verdict import Opinion
from pointsman.errors import Denied
from pointsman.observe import observe
from pointsman.policy_book import PolicyBook
from pointsman.reconcile import reconcile
from tests.functions.account import ACCOUNT, ENDPOINT, policy
from tests.functions.world import Here, installed
from tests.pointsman.readings import Reported

STOP = Stop(Cause.ABORTED, "alice", "looks wrong")


class TestEvidence:
    def test_minutes_are_read_when_they_are_complete_and_only_once(self, baking: Here) -> None:
        baking.kernel.advance(timedelta(minutes=5))
        observe(baking.world, baking.rollout(), baking.kernel.now)
        first = baking.world.store.find_evidence(ENDPOINT)
        assert first is not None
        assert first.until == baking.kernel.now.replace(second=0, microsecond=0) - timedelta(minutes=2)
        baking.asked.clear()
        observe(baking.world, baking.rollout(), baking.kernel.now)
        assert ("cloudwatch", "GetMetricData") not in baking.asked
        assert baking.world.store.find_evidence(ENDPOINT) == first

    def test_the_minutes_of_a_step_begin_after_its_share_was_observed(self, baking: Here) -> None:
        baking.kernel.advance(timedelta(minutes=5))
        observe(baking.world, baking.rollout(), baking.kernel.now)
        evidence = baking.world.store.find_evidence(ENDPOINT)
        assert evidence is not None
        begun = evidence.until - timedelta(minutes=evidence.minutes)
        assert timedelta(0) <= begun - baking.rollout().entered_at < timedelta(minutes=1)

    @pytest.mark.parametrize("code", ["AccessDeniedException", "InvalidParameterCombination"])
    def test_metrics_that_cannot_be_read_are_blind(self, baking: Here, code: str) -> None:
        baking.kernel.advance(timedelta(minutes=5))
        baking.kernel.faults.fail("cloudwatch", "GetMetricData", code, times=9)
        verdict = observe(baking.world, baking.rollout(), baking.kernel.now).verdict
        assert verdict is not None
        assert verdict.opinion is Opinion.BLIND
        assert "GetMetricData" in verdict.sentence

    def test_bad_evidence_takes_back_although_the_table_cannot_keep_it(self, baking: Here) -> None:
        baking.kernel.advance(timedelta(minutes=12))
        baking.break_calls(("dynamodb", "PutItem"))
        every_answer_fails = Reported(lambda at: Minute(at, Side(20, 0, 0), Side(20, 20, 0)))
        outcome = reconcile(replace(baking.world, metrics=every_answer_fails), ENDPOINT)
        assert (outcome.phase, outcome.act) == (Phase.ROLLING_BACK, Act.SHIFT)
        assert baking.rollout().cause is Cause.JUDGED_BAD

    def test_what_goes_back_anyway_waits_for_no_evidence(self, baking: Here) -> None:
        baking.kernel.advance(timedelta(minutes=5))
        rollout = baking.rollout()
        baking.asked.clear()
        assert observe(baking.world, rollout, baking.kernel.now, STOP).verdict is None
        assert [call for call in baking.asked if call[0] != "sagemaker"] == [("cloudwatch", "DescribeAlarms")]


class TestAlarms:
    def test_alarms_that_cannot_be_read_are_blind_and_hold(self, baking: Here) -> None:
        baking.kernel.faults.fail("cloudwatch", "DescribeAlarms", "AccessDenied", "no", times=9)
        alarms = observe(baking.world, baking.rollout(), baking.kernel.now).alarms
        assert "DescribeAlarms" in alarms.blind
        before = baking.changing_calls()
        baking.kernel.advance(timedelta(minutes=10))
        baking.due()
        assert baking.changing_calls() == before

    def test_a_rollout_on_its_way_back_does_not_ask_for_alarms(self, baking: Here) -> None:
        baking.deliver("operator_request--abort.json")
        baking.asked.clear()
        observe(baking.world, baking.rollout(), baking.kernel.now)
        assert ("cloudwatch", "DescribeAlarms") not in baking.asked


class TestFirstRequest:
    def test_the_candidate_is_asked_past_the_weights(self, here: Here) -> None:
        here.approve()
        here.drive_to(Phase.VALIDATING)
        assert observe(here.world, here.rollout(), here.kernel.now).answer is Answer.ANSWERED
        [asked] = [params for _, _, name, params in here.kernel.calls if name == "InvokeEndpoint"]
        assert asked["TargetVariant"] == here.rollout().candidate_variant

    @pytest.mark.parametrize(
        ("code", "expected"),
        [("ModelError", Answer.FAILED), ("ServiceUnavailable", Answer.UNREACHABLE)],
    )
    def test_only_the_containers_own_fault_is_a_failed_answer(
        self, here: Here, code: str, expected: Answer
    ) -> None:
        here.approve()
        here.drive_to(Phase.VALIDATING)
        here.kernel.faults.fail("sagemaker-runtime", "InvokeEndpoint", code, "boom")
        observed = observe(here.world, here.rollout(), here.kernel.now)
        assert observed.answer is expected
        assert code in observed.answer_detail

    def test_nobody_is_asked_in_another_phase(self, baking: Here) -> None:
        baking.asked.clear()
        assert observe(baking.world, baking.rollout(), baking.kernel.now).answer is None
        assert ("sagemaker-runtime", "InvokeEndpoint") not in baking.asked


class TestFreeze:
    def test_a_frozen_policy_is_told_with_its_reason(self) -> None:
        with installed(policy() | {"freeze": "end of year"}) as here:
            here.approve()
            assert observe(here.world, here.rollout(), here.kernel.now).frozen == "end of year"
            here.due()
            assert here.changing_calls() == []

    @pytest.mark.parametrize(
        ("policies", "reason"), [([], "was removed"), ([policy() | {"schema": 0}], "schema 0")]
    )
    def test_a_policy_that_is_gone_or_unreadable_freezes(
        self, baking: Here, policies: list[object], reason: str
    ) -> None:
        world = replace(baking.world, policies=PolicyBook(policies, ACCOUNT))
        assert reason in observe(world, baking.rollout(), baking.kernel.now).frozen


def test_an_endpoint_that_cannot_be_read_at_all_is_raised(baking: Here) -> None:
    baking.kernel.faults.fail("sagemaker", "DescribeEndpoint", "AccessDeniedException", "no")
    with pytest.raises(Denied, match="DescribeEndpoint"):
        observe(baking.world, baking.rollout(), baking.kernel.now)
