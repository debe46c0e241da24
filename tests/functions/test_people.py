"""What people ask for, through the real handler: every sample of `operator_request` once and twice, and what is no request at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pointsman.core.phases import Cause, Hold, Phase
from pointsman.errors import Transient
from tests.functions.account import CONFIG, SAMPLES, VARIANT, package, policy, sample
from tests.functions.world import Here, installed, require_whole_chain

SAMPLE = "operator_request--{}.json"
HOSTILE = {
    "hostile-step": "step must be a whole number from 1 to 100",
    "hostile-version": "version must be a whole number",
    "hostile-preview": "preview must be true or false",
}
UNDERSTOOD = [
    name
    for name in SAMPLES
    if name.startswith("operator_request--")
    and not any(word in name for word in (*HOSTILE, "unknown-command", "preview"))
]


def gated() -> Any:
    """The endpoint whose last step a person must approve."""
    return installed(policy(gates=[100]))


def asked(here: Here, name: str, **changes: Any) -> Any:
    return here.handle("operator_request", sample(SAMPLE.format(name)) | changes)


class TestSteering:
    @pytest.mark.parametrize("times", [1, 2])
    def test_a_pause_holds_and_a_resume_goes_on(self, baking: Here, times: int) -> None:
        for _ in range(times):
            assert asked(baking, "pause")["ok"]
        assert (baking.phase(), baking.rollout().hold) == (Phase.BAKING, Hold.PAUSED)
        for _ in range(times):
            assert asked(baking, "resume")["ok"]
        assert (baking.phase(), baking.rollout().hold) == (Phase.BAKING, None)
        baking.drive_to(Phase.SUCCEEDED)
        require_whole_chain(baking)

    @pytest.mark.parametrize("times", [1, 2])
    def test_a_promoted_step_goes_on_with_the_pass_that_is_queued(self, baking: Here, times: int) -> None:
        baking.drain()
        answers = [asked(baking, "promote-step") for _ in range(times)]
        assert [answer["ok"] for answer in answers] == [True] * times
        assert baking.drain() == [{"endpoint": "Fraud-Prod"}]
        baking.due()
        assert (baking.phase(), baking.rollout().share_bps) == (Phase.SHIFTING, 10_000)
        require_whole_chain(baking)

    @pytest.mark.parametrize("times", [1, 2])
    def test_an_approved_step_goes_on(self, times: int) -> None:
        with gated() as here:
            here.approve()
            here.drive_to(Phase.AWAITING_APPROVAL)
            for _ in range(times):
                assert asked(here, "approve-step")["ok"]
            here.due()
            assert (here.phase(), here.rollout().share_bps) == (Phase.SHIFTING, 10_000)

    def test_an_answer_names_the_rollout_and_a_record_the_person(self, baking: Here) -> None:
        answer = asked(baking, "pause")
        facts = baking.records()[-1].facts()
        assert answer["rollout"] == baking.rollout().id
        assert facts["actor"] == "operator:arn:aws:iam::111122223333:user/alice"
        assert "a customer call at three" in facts["reason"]
        assert "0c6f1f0e-7d0b-4a6c-9f2a-1f0a5b6c7d01" in facts["reason"]

    def test_hostile_words_stay_one_line_of_a_message_and_of_the_log(self, baking: Here) -> None:
        assert asked(baking, "hostile-reason")["ok"]
        assert baking.rollout().hold is Hold.PAUSED
        assert all("\x1b" not in line for line in baking.log.getvalue().splitlines())


class TestBringingBack:
    def test_an_open_rollout_is_taken_back(self, baking: Here) -> None:
        assert asked(baking, "rollback")["ok"]
        assert (baking.phase(), baking.rollout().cause) == (Phase.ROLLING_BACK, Cause.ABORTED)

    @pytest.mark.parametrize("times", [1, 2])
    def test_what_was_released_returns_to_the_config_of_before(self, here: Here, times: int) -> None:
        here.approve()
        here.drive_to(Phase.SUCCEEDED)
        for _ in range(times):
            assert asked(here, "rollback")["ok"]
        here.drive_to(Phase.ROLLED_BACK)
        assert here.live()["EndpointConfigName"] == CONFIG
        assert here.weights() == {VARIANT: 100}
        assert here.changing_calls().count("UpdateEndpoint") == 3
        require_whole_chain(here)

    @pytest.mark.parametrize("times", [1, 2])
    def test_a_quarantined_version_comes_again(self, baking: Here, times: int) -> None:
        baking.deliver("operator_request--abort.json")
        baking.drive_to(Phase.ROLLED_BACK)
        answers = [asked(baking, "retry-version") for _ in range(times)]
        assert [answer["ok"] for answer in answers] == [True] * times
        waits = baking.lane().queued
        assert waits is not None
        assert (waits.version, waits.package) == (7, package(7))
        assert baking.lane().quarantined == {}

    def test_a_preview_changes_nothing(self, baking: Here) -> None:
        before = baking.facts(), baking.lane().fence
        answer = asked(baking, "rollback-version-preview")
        assert answer["ok"]
        assert "is taken back: all traffic to stable" in answer["message"]
        assert (baking.facts(), baking.lane().fence) == before


class TestNoRequest:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_numbers_and_choices_of_another_type_are_answered(self, baking: Here, name: str) -> None:
        baking.asked.clear()
        answer = asked(baking, name)
        assert answer["ok"] is False
        assert HOSTILE[name] in answer["message"]
        assert baking.asked == []

    @pytest.mark.parametrize("key", ["step", "version"])
    @pytest.mark.parametrize("value", [0, -1, 10**9, 1.0, "7", True, False, [], {}, float("nan")])
    def test_what_is_no_whole_number_is_named(self, here: Here, key: str, value: Any) -> None:
        answer = asked(here, "promote-step", **{key: value})
        assert answer["ok"] is False
        assert f"{key} must be a whole number from 1" in answer["message"]
        assert here.asked == []

    @pytest.mark.parametrize("key", ["step", "version", "preview"])
    def test_what_is_left_out_may_be_null_where_that_means_nothing(self, baking: Here, key: str) -> None:
        answer = asked(baking, "pause", **{key: None})
        assert answer["ok"] is (key != "preview")


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_where_nothing_is_open_nothing_is_done_and_people_are_told_so(here: Here, name: str) -> None:
    answer = here.deliver(name)
    assert answer["ok"] is False
    assert "Fraud-Prod" in answer["message"]
    assert here.lane().fence == 0


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_a_table_that_does_not_answer_leaves_nothing_half_done(here: Here, name: str) -> None:
    here.approve()
    here.drive_to(Phase.SUCCEEDED)
    before, calls = here.facts(), here.changing_calls()
    here.break_table()
    with pytest.raises(Exception, match="InternalServerError"):
        here.deliver(name)
    here.mend()
    assert (here.facts(), here.changing_calls()) == (before, calls)


@pytest.mark.parametrize("name", ["pause", "promote-step", "hostile-reason"])
def test_a_word_that_cannot_be_written_down_was_not_said(baking: Here, name: str) -> None:
    before = baking.rollout()
    baking.break_calls(("dynamodb", "TransactWriteItems"))
    with pytest.raises(Transient, match="InternalServerError"):
        asked(baking, name)
    baking.mend()
    assert baking.rollout() == before
    assert asked(baking, name)["ok"]
    require_whole_chain(baking)


def test_a_version_that_cannot_be_let_in_stays_in_quarantine(baking: Here) -> None:
    baking.deliver("operator_request--abort.json")
    baking.drive_to(Phase.ROLLED_BACK)
    baking.break_calls(("dynamodb", "TransactWriteItems"))
    with pytest.raises(Transient):
        asked(baking, "retry-version")
    baking.mend()
    assert (set(baking.lane().quarantined), baking.lane().queued) == ({7}, None)


@pytest.mark.parametrize("name", ["abort", "rollback"])
@pytest.mark.parametrize("is_readable", [True, False])
def test_the_way_back_needs_no_table(baking: Here, name: str, *, is_readable: bool) -> None:
    if is_readable:
        baking.break_calls(("dynamodb", "TransactWriteItems"))
    else:
        baking.break_table()
    assert asked(baking, name)["ok"]
    baking.kernel.advance(timedelta(seconds=10))
    assert baking.weights()[VARIANT] == 100
    baking.mend()
    baking.deliver("rollout_tick--scheduler-default-payload.json")
    assert baking.drive_to(Phase.ROLLED_BACK).cause is Cause.ABORTED
    require_whole_chain(baking)


@pytest.mark.parametrize("gate", [50, 100])
def test_what_waits_for_an_approval_goes_back_without_a_table(gate: int) -> None:
    with installed(policy(gates=[gate])) as here:
        here.approve()
        here.drive_to(Phase.AWAITING_APPROVAL)
        here.break_table()
        assert asked(here, "rollback")["ok"]
        here.kernel.advance(timedelta(minutes=1))
        here.mend()
        here.deliver("rollout_tick--scheduler-default-payload.json")
        here.drive_to(Phase.ROLLED_BACK)
        assert (here.weights(), here.live()["EndpointConfigName"]) == ({VARIANT: 100}, CONFIG)
        require_whole_chain(here)
