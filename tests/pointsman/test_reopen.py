"""A person takes a release back: at rest by one update, under way as an abort, and when there is no way to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pointsman.core.observed import Status
from pointsman.core.phases import Cause, Phase
from tests.pointsman.returns import back, released
from tests.worlds.account import CONFIG, ENDPOINT, MODEL, RESOURCE
from tests.worlds.quick import Quick


class TestRollbackAtRest:
    def test_one_update_brings_back_what_served_before(self) -> None:
        quick = released()
        reply = back(quick)
        assert reply.is_done
        assert quick.phase() is Phase.ROLLING_BACK
        quick.drive_to(Phase.ROLLED_BACK)
        assert (quick.config(), quick.versions()) == (CONFIG, {1})
        assert set(quick.lane().quarantined) == {2}
        assert quick.facts()[-1]["cause"] == Cause.ABORTED
        assert "rolled back by alice: complaints (request r-1)" in quick.lane().quarantined[2]

    def test_what_was_made_for_the_release_is_removed(self) -> None:
        quick = released()
        final = quick.config()
        back(quick)
        quick.drive_to(None)
        listed = quick.account.call("ListEndpointConfigs")["EndpointConfigs"]
        assert [each["EndpointConfigName"] for each in listed] == [CONFIG]
        assert final != CONFIG

    def test_the_same_request_twice_is_one_way_back(self) -> None:
        quick = released()
        assert back(quick).is_done
        assert back(quick).message == "request r-1 was carried out before"
        quick.drive_to(None)
        assert back(quick).is_done
        assert quick.phase() is None

    def test_two_people_at_once_are_one_way_back(self) -> None:
        quick = released()
        assert back(quick).is_done
        assert "on its way back already" in back(quick, request_id="r-2").message

    def test_a_preview_says_what_would_be_done(self) -> None:
        quick = released()
        fence = quick.lane().fence
        reply = back(quick, is_preview=True)
        assert reply.is_done
        assert f"returns from version 2 to config {CONFIG}" in reply.message
        assert (quick.lane().fence, quick.phase()) == (fence, None)

    def test_just_after_the_end_it_is_the_same(self) -> None:
        quick = Quick()
        quick.approve(2)
        quick.drive_to(Phase.SUCCEEDED)
        assert back(quick).is_done
        quick.drive_to(None)
        assert (quick.versions(), quick.lane().last) == ({1}, None)

    def test_the_one_that_served_before_may_be_named(self) -> None:
        quick = released()
        assert back(quick, 1).is_done
        assert quick.phase() is Phase.ROLLING_BACK

    def test_a_newer_version_is_released_afterwards(self) -> None:
        quick = released()
        back(quick)
        quick.approve(3)
        quick.drive_to(Phase.SUCCEEDED)
        assert quick.versions() == {3}

    def test_an_endpoint_in_the_middle_of_an_update_goes_back_when_that_is_over(self) -> None:
        quick = released()
        quick.account.kernel.set_endpoint_status(ENDPOINT, "SystemUpdating", "")
        assert back(quick).is_done
        quick.due()
        assert quick.phase() is Phase.ROLLING_BACK
        quick.account.kernel.set_endpoint_status(ENDPOINT, "InService", "")
        quick.drive_to(Phase.ROLLED_BACK)
        assert quick.versions() == {1}

    def test_the_autoscaling_stays_as_it_is_by_now(self) -> None:
        quick = released(is_autoscaled=True)
        suspended = {"DynamicScalingInSuspended": True}
        quick.account.kernel.call(
            "application-autoscaling", "RegisterScalableTarget", RESOURCE | {"SuspendedState": suspended}
        )
        back(quick)
        quick.drive_to(None)
        assert quick.account.is_scale_in_suspended()


class TestNoWayBack:
    def test_where_nothing_was_released_there_is_nothing_to_take_back(self) -> None:
        reply = back(Quick())
        assert not reply.is_done
        assert "no release of endpoint fraud-prod is known" in reply.message

    def test_once_taken_back_there_is_no_second_one(self) -> None:
        quick = released()
        back(quick)
        quick.drive_to(None)
        assert not back(quick, request_id="r-2").is_done

    def test_an_endpoint_that_somebody_changed_since_is_left_alone(self) -> None:
        quick = released()
        quick.account.update_by_hand("made-by-hand")
        quick.account.kernel.advance(timedelta(minutes=2))
        reply = back(quick)
        assert not reply.is_done
        assert "serves config made-by-hand" in reply.message
        assert "somebody changed it since" in reply.message

    def test_an_endpoint_that_was_deleted_is_said_not_to_exist(self) -> None:
        quick = released()
        quick.account.call("DeleteEndpoint", EndpointName=ENDPOINT)
        quick.account.kernel.advance(timedelta(minutes=5))
        assert quick.world.serving.observe(ENDPOINT).status is Status.GONE
        assert "endpoint fraud-prod does not exist" in back(quick).message

    @pytest.mark.parametrize(
        ("operation", "params", "named"),
        [
            (
                "DeleteEndpointConfig",
                {"EndpointConfigName": CONFIG},
                "config fraud-prod-original was deleted",
            ),
            ("DeleteModel", {"ModelName": MODEL}, "model fraud-prod-model was deleted"),
        ],
    )
    def test_what_served_before_and_was_deleted_is_named_before_anything_is_promised(
        self, operation: str, params: dict[str, str], named: str
    ) -> None:
        quick = released()
        quick.account.call(operation, **params)
        for is_preview in (True, False):
            reply = back(quick, is_preview=is_preview)
            assert not reply.is_done
            assert named in reply.message
        assert quick.phase() is None

    def test_another_release_than_the_one_that_serves_is_not_taken_back(self) -> None:
        quick = released()
        reply = back(quick, target="fraud-prod.v9.20200101T000000Z")
        assert not reply.is_done
        assert "is not what serves" in reply.message

    def test_while_another_one_has_just_ended_its_last_call_is_waited_for(self) -> None:
        quick = released()
        quick.approve(3)
        quick.drive_to(Phase.BAKING)
        back(quick)
        quick.drive_to(Phase.ROLLED_BACK)
        assert "ask again in two minutes" in back(quick, request_id="r-2").message
        quick.drive_to(None)
        assert back(quick, request_id="r-2").is_done
        quick.drive_to(None)
        assert quick.versions() == {1}
