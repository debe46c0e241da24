"""People steer an open rollout: their word is recorded once, whoever else writes, and the next pass carries it out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pointsman.core.lane import MAX_REQUESTS
from pointsman.core.phases import Act, Cause, Hold, Phase
from pointsman.errors import Conflict, Transient
from pointsman.operate import Reply, Request, steer
from pointsman.ports import Write
from tests.worlds.account import ENDPOINT, GOOD
from tests.worlds.memory import FixedPolicies, MemoryStore
from tests.worlds.quick import PLAN, POLICY, Quick

GATED = replace(POLICY, plan=replace(PLAN, gates=(100,)))


@pytest.fixture
def baking() -> Quick:
    quick = Quick()
    quick.approve(2)
    quick.drive_to(Phase.BAKING)
    return quick


def request(command: str, request_id: str = "r-1", step: int | None = None, by: str = "alice") -> Request:
    return Request(command, ENDPOINT, "I looked at it", by, request_id, step=step)


def say(quick: Quick, command: str, request_id: str = "r-1", step: int | None = None) -> Reply:
    return steer(quick.world, request(command, request_id, step))


class TestRecordedFirst:
    def test_a_word_is_written_down_told_and_left_to_the_next_pass(self, baking: Quick) -> None:
        calls = len(baking.account.kernel.calls)
        reply = say(baking, "promote")
        assert reply.is_done
        assert reply.outcome is not None
        assert reply.outcome.again
        assert len(baking.account.kernel.calls) == calls
        facts = baking.facts()[-1]
        assert (facts["actor"], facts["before"], facts["after"]) == ("operator:alice", "BAKING", "BAKING")
        assert "I looked at it (request r-1)" in facts["reason"]
        assert "is skipped by alice" in baking.topic.sent[-1].body
        assert baking.due().act is Act.SHIFT

    def test_a_preview_says_what_would_be_and_writes_nothing(self, baking: Quick) -> None:
        fence = baking.lane().fence
        reply = steer(baking.world, replace(request("pause"), is_preview=True))
        assert reply.is_done
        assert "paused in BAKING" in reply.message
        assert baking.lane().fence == fence
        assert say(baking, "pause").message.endswith("(request r-1)")

    def test_a_rollout_that_is_not_open_is_named(self, baking: Quick) -> None:
        other = replace(request("pause"), target=f"{ENDPOINT}.v9.20200101T000000Z")
        reply = steer(baking.world, other)
        assert not reply.is_done
        assert baking.rollout().id in reply.message

    def test_where_nothing_is_open_there_is_nothing_to_steer(self) -> None:
        reply = say(Quick(), "promote")
        assert (reply.is_done, reply.message) == (
            False,
            f"no rollout is open on endpoint {ENDPOINT}: nothing to promote",
        )


class TestRepeats:
    @pytest.mark.parametrize("command", ["pause", "promote"])
    def test_the_same_request_twice_is_one_word(self, baking: Quick, command: str) -> None:
        say(baking, command)
        fence = baking.lane().fence
        again = say(baking, command)
        assert (again.is_done, again.message) == (True, "request r-1 was carried out before")
        assert again.rollout == baking.rollout().id
        assert baking.lane().fence == fence

    def test_a_repeat_that_comes_after_its_step_promotes_no_other(self, baking: Quick) -> None:
        say(baking, "promote", step=50)
        baking.due()
        baking.drive_to(Phase.BAKING)
        assert baking.rollout().share_bps == 10_000
        assert say(baking, "promote", step=50).is_done
        assert say(baking, "promote", "r-2", step=50).is_done
        assert baking.rollout().waved == ""

    def test_a_request_that_was_refused_may_be_asked_again(self, baking: Quick) -> None:
        assert not say(baking, "approve").is_done
        assert say(baking, "pause").is_done
        assert baking.lane().requests == ("r-1",)

    def test_many_requests_are_not_remembered_for_ever(self, baking: Quick) -> None:
        for number in range(MAX_REQUESTS):
            say(baking, "pause" if number % 2 == 0 else "resume", f"r-{number}")
        say(baking, "pause", "one more")
        assert len(baking.lane().requests) == MAX_REQUESTS
        assert baking.lane().requests[-1] == "one more"


class TestTwoAtOnce:
    @pytest.mark.parametrize(
        ("first", "second", "both"),
        [("pause", "pause", True), ("promote", "promote", True), ("pause", "promote", False)],
    )
    def test_the_second_hears_what_the_first_did(
        self, baking: Quick, first: str, second: str, *, both: bool
    ) -> None:
        assert say(baking, first, "r-1").is_done
        assert say(baking, second, "r-2").is_done is both

    def test_an_approval_by_two_counts_once(self) -> None:
        quick = Quick((GATED,))
        quick.approve(2)
        quick.drive_to(Phase.AWAITING_APPROVAL)
        assert say(quick, "approve", "r-1", 100).is_done
        assert say(quick, "approve", "r-2", 100).is_done
        assert quick.rollout().gates_passed == (100,)
        assert [facts["actor"] for facts in quick.facts()].count("operator:alice") == 1

    def test_who_loses_a_write_looks_again(self, baking: Quick) -> None:
        store = Overtaken(
            lanes=baking.store.lanes, numbers=baking.store.numbers, records=baking.store.records
        )
        reply = steer(replace(baking.world, store=store), request("pause"))
        assert (reply.is_done, store.lost) == (True, 2)
        assert baking.rollout().paused == "alice: I looked at it (request r-1)"

    def test_who_always_loses_is_told_to_ask_again(self, baking: Quick) -> None:
        store = Overtaken(lanes=baking.store.lanes, most=99)
        with pytest.raises(Transient, match="written all the time"):
            steer(replace(baking.world, store=store), request("pause"))
        assert baking.rollout().paused == ""


class Overtaken(MemoryStore):
    """Somebody else is first, some times."""

    lost = 0
    most = 2

    def __init__(self, *, most: int = 2, **kept: object) -> None:
        super().__init__(**kept)  # type: ignore[arg-type]
        self.most = most

    def commit(self, write: Write) -> None:
        if self.lost < self.most:
            self.lost += 1
            raise Conflict("somebody else wrote first")
        super().commit(write)


class TestPaused:
    def test_nothing_moves_until_it_is_resumed_and_the_pause_counts_for_nothing(self, baking: Quick) -> None:
        say(baking, "pause")
        baking.wait(minutes=90)
        assert (baking.phase(), baking.rollout().hold) == (Phase.BAKING, Hold.PAUSED)
        say(baking, "resume", "r-2")
        assert baking.rollout().lasted(baking.account.kernel.now) < PLAN.bake_min + timedelta(minutes=1)
        baking.drive_to(Phase.SUCCEEDED)

    def test_evidence_of_the_pause_is_kept(self, baking: Quick) -> None:
        say(baking, "pause")
        baking.wait(minutes=10)
        say(baking, "resume", "r-2")
        evidence = baking.store.find_evidence(ENDPOINT)
        assert evidence is not None
        assert evidence.minutes >= 7

    def test_a_version_that_fails_meanwhile_goes_back_at_once(self, baking: Quick) -> None:
        say(baking, "pause")
        baking.account.behave(2, replace(GOOD, error_rate=0.95))
        baking.wait(minutes=10)
        assert baking.facts()[-2]["cause"] == Cause.JUDGED_BAD
        assert baking.versions() == {1}

    def test_a_share_that_arrives_in_the_pause_is_judged(self) -> None:
        quick = Quick()
        quick.approve(2)
        quick.drive_to(Phase.SHIFTING)
        say(quick, "pause")
        quick.account.behave(2, replace(GOOD, error_rate=0.95))
        quick.wait(minutes=10)
        assert quick.versions() == {1}


class TestPromoted:
    def test_a_firing_alarm_is_not_outvoted(self) -> None:
        plan = replace(PLAN, health=replace(PLAN.health, alarms=("fraud-prod-latency",)))
        quick = Quick((replace(POLICY, plan=plan),))
        quick.account.put_alarm()
        quick.approve(2)
        quick.drive_to(Phase.BAKING)
        say(quick, "promote")
        quick.account.set_alarm("ALARM")
        assert quick.due().phase is Phase.ROLLING_BACK
        assert quick.rollout().cause is Cause.ALARM

    def test_a_freeze_outranks_a_person_until_it_is_lifted(self, baking: Quick) -> None:
        frozen = FixedPolicies(replace(POLICY, freeze="quarter end"))
        baking.world = replace(baking.world, policies=frozen)
        say(baking, "promote")
        baking.wait(minutes=5)
        assert (baking.phase(), baking.rollout().hold) == (Phase.BAKING, Hold.FROZEN)
        baking.world = replace(baking.world, policies=FixedPolicies(POLICY))
        assert baking.due().act is Act.SHIFT

    def test_a_watch_that_is_ended_early_leaves_nothing_behind(self, baking: Quick) -> None:
        baking.drive_to(Phase.WATCHING)
        canary = baking.rollout().canary_config
        say(baking, "promote")
        baking.drive_to(Phase.SUCCEEDED, passes=4)
        listed = baking.account.call("ListEndpointConfigs")["EndpointConfigs"]
        assert canary not in {each["EndpointConfigName"] for each in listed}
