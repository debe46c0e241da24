"""A person asks for a version: an older one that once served, or one from quarantine. It is released like any other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pointsman.core.phases import Cause, Hold, Phase
from pointsman.errors import NotFound
from pointsman.operate import steer
from tests.pointsman.returns import again, back, release, released, request, taken_back
from tests.worlds.memory import FixedPolicies
from tests.worlds.quick import Quick


class TestRollbackToAVersion:
    def test_an_older_one_is_released_step_by_step(self) -> None:
        quick = released(2)
        release(quick, 3)
        quick.account.approve(1)
        reply = back(quick, 1)
        assert reply.is_done
        assert quick.phase() is Phase.PENDING
        assert quick.rollout().approval.by == "alice (rollback: complaints (request r-1))"
        quick.drive_to(Phase.SUCCEEDED)
        assert quick.versions() == {1}

    def test_the_one_that_serves_needs_none(self) -> None:
        quick = released(2)
        reply = back(quick, 2)
        assert (reply.is_done, reply.message) == (True, "version 2 serves on fraud-prod already")
        assert quick.phase() is None

    def test_one_that_is_not_approved_is_not_released(self) -> None:
        reply = back(released(2), 5)
        assert not reply.is_done
        assert "version 5 is not approved in group fraud-detector: approve it there first" in reply.message

    def test_while_a_rollout_is_open_it_leads_to_what_served_before_only(self) -> None:
        quick = Quick()
        quick.approve(2)
        quick.drive_to(Phase.BAKING)
        assert "abort it first" in back(quick, 5).message
        assert back(quick, 1).is_done
        assert quick.phase() is Phase.ROLLING_BACK

    def test_an_endpoint_without_a_policy_releases_nothing(self) -> None:
        quick = released(2)
        quick.world = replace(quick.world, policies=FixedPolicies())
        with pytest.raises(NotFound):
            back(quick, 5)


class TestRollbackUnderWay:
    @pytest.mark.parametrize("phase", [Phase.PREPARING, Phase.BAKING, Phase.WATCHING])
    def test_an_open_rollout_is_aborted(self, phase: Phase) -> None:
        quick = Quick()
        quick.approve(2)
        quick.drive_to(phase)
        assert back(quick).is_done
        quick.drive_to(Phase.ROLLED_BACK)
        assert (quick.versions(), quick.rollout().cause) == ({1}, Cause.ABORTED)


class TestRetry:
    def test_a_quarantined_version_is_rolled_out_again(self) -> None:
        quick = taken_back()
        assert again(quick).is_done
        assert quick.lane().quarantined == {}
        quick.drive_to(Phase.SUCCEEDED)
        assert quick.versions() == {2}

    def test_one_that_is_on_its_way_back_comes_again_when_that_is_over(self) -> None:
        quick = Quick()
        quick.approve(2)
        quick.drive_to(Phase.BAKING)
        back(quick)
        assert "waits until" in again(quick).message
        quick.drive_to(Phase.SUCCEEDED)
        assert quick.versions() == {2}

    def test_the_same_request_twice_is_one_release(self) -> None:
        quick = taken_back()
        again(quick)
        fence = quick.lane().fence
        assert again(quick).is_done
        assert again(quick, request_id="r-3").message.startswith("version 2 is under way")
        assert quick.lane().fence == fence

    def test_a_repeat_that_comes_after_the_version_failed_again_releases_nothing(self) -> None:
        quick = taken_back()
        again(quick)
        quick.drive_to(Phase.BAKING)
        back(quick, request_id="r-3")
        quick.drive_to(None)
        assert again(quick).message == "request r-2 was carried out before"
        assert (set(quick.lane().quarantined), quick.phase()) == ({2}, None)

    def test_a_version_that_is_not_approved_any_more_stays_where_it_is(self) -> None:
        quick = taken_back()
        quick.account.reject(2)
        reply = again(quick)
        assert not reply.is_done
        assert "is not approved in group" in reply.message
        assert set(quick.lane().quarantined) == {2}

    @pytest.mark.parametrize(
        ("version", "said"), [(3, "(in quarantine: 2)"), (None, "retry needs a version")]
    )
    def test_what_is_not_in_quarantine_is_told_with_what_is(self, version: int | None, said: str) -> None:
        reply = again(taken_back(), version)
        assert not reply.is_done
        assert said in reply.message

    def test_a_person_puts_it_before_what_has_not_begun(self) -> None:
        quick = taken_back()
        quick.approve(3)
        quick.account.kernel.advance(timedelta(seconds=1))
        assert "supersedes" in again(quick).message
        quick.drive_to(Phase.SUCCEEDED)
        assert quick.versions() == {2}
        assert not quick.lane().quarantined

    def test_what_waits_for_a_person_is_resumed_and_not_retried(self) -> None:
        quick = Quick()
        quick.approve(2)
        quick.drive_to(Phase.BAKING)
        quick.account.update_by_hand("made-by-hand")
        quick.drive_to(Phase.NEEDS_HUMAN)
        assert quick.rollout().hold is Hold.CHANGED_OUTSIDE
        assert "is under way" in again(quick).message
        resumed = steer(quick.world, request("resume", "r-3", None))
        assert not resumed.is_done
