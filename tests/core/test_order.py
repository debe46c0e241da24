"""Endpoints that go one after another: when a version may begin here, and when it is stopped because it failed there."""

from __future__ import annotations

import pytest

from pointsman.core.decide import decide
from pointsman.core.gates import failed_there, waits_for
from pointsman.core.lane import Lane
from pointsman.core.phases import Act, Cause, Hold, Phase
from pointsman.core.rollout import Rollout
from pointsman.policy import After, EndpointName, Until
from tests.core.builders import MINUTE, NOW, approval, lane, rollout_in, seen

STAGING = EndpointName("fraud-staging")
PROMOTED = After(STAGING, Until.PROMOTED)
WATCHED = After(STAGING, Until.WATCHED)
OPEN_THERE = [phase for phase in Phase if phase not in {Phase.WATCHING, Phase.SUCCEEDED}]


def there(phase: Phase, version: int = 7, last: Rollout | None = None) -> Lane:
    rollout = rollout_in(phase, approval=approval(version))
    return lane(rollout=rollout, last=last, approvals={version: NOW})


def succeeded(version: int) -> Rollout:
    return rollout_in(Phase.SUCCEEDED, approval=approval(version))


class TestWaiting:
    def test_where_nothing_goes_first_nothing_waits(self) -> None:
        assert waits_for(None, None, 7) == ""
        assert waits_for(None, there(Phase.PENDING), 7) == ""

    @pytest.mark.parametrize("phase", OPEN_THERE)
    @pytest.mark.parametrize("after", [PROMOTED, WATCHED])
    def test_a_version_that_is_under_way_there_is_waited_for(self, after: After, phase: Phase) -> None:
        assert waits_for(after, there(phase), 7) == (
            f"version 7 is in {phase} on fraud-staging, which goes first"
        )

    def test_until_says_whether_the_watch_there_must_be_over(self) -> None:
        assert waits_for(PROMOTED, there(Phase.WATCHING), 7) == ""
        assert waits_for(WATCHED, there(Phase.WATCHING), 7) != ""
        assert waits_for(WATCHED, there(Phase.SUCCEEDED), 7) == ""

    @pytest.mark.parametrize("after", [PROMOTED, WATCHED])
    def test_at_rest_the_last_release_there_counts(self, after: After) -> None:
        assert waits_for(after, lane(last=succeeded(7)), 7) == ""
        assert waits_for(after, lane(last=succeeded(8)), 7) == ""
        assert waits_for(after, lane(last=succeeded(6)), 7) == (
            f"version 7 has not been {after.until} on fraud-staging, which goes first"
        )

    def test_another_version_that_is_open_there_hides_no_earlier_success(self) -> None:
        assert waits_for(PROMOTED, there(Phase.BAKING, 8, succeeded(7)), 7) == ""
        assert waits_for(PROMOTED, there(Phase.BAKING, 8, succeeded(6)), 7) != ""

    @pytest.mark.parametrize("other", [lane(), lane(adopted=(7,), quarantined={7: "slow"})])
    def test_an_endpoint_that_has_released_nothing_is_waited_for(self, other: Lane) -> None:
        assert "has not been promoted" in waits_for(PROMOTED, other, 7)

    def test_two_that_wait_for_each_other_both_say_so(self) -> None:
        assert waits_for(PROMOTED, there(Phase.PENDING), 7) == (
            "version 7 is in PENDING on fraud-staging, which goes first"
        )

    def test_a_rollout_waits_in_a_named_hold_and_begins_when_its_turn_comes(self) -> None:
        pending = rollout_in(Phase.PENDING, minutes=60 * 24 * 30)

        held = decide(pending, seen(pending, waits_for="version 7 is in BAKING there"), NOW)

        assert (held.phase, held.rollout.hold) == (Phase.PENDING, Hold.WAITS_FOR_ENDPOINT)
        assert decide(held.rollout, seen(pending), NOW).act is Act.PREPARE


class TestFailure:
    def test_a_version_that_was_taken_back_there_is_stopped_here(self) -> None:
        other = lane(quarantined={7: "40 of 1,000 failed"}, approvals={7: NOW})

        stop = failed_there(PROMOTED, other, approval(7))

        assert stop is not None
        assert (stop.cause, stop.by) == (Cause.FAILED_ELSEWHERE, "pointsman")
        assert stop.reason == (
            "version 7 was taken back on fraud-staging, which goes first: 40 of 1,000 failed"
        )

    def test_it_ends_here_before_anything_was_changed(self) -> None:
        pending = rollout_in(Phase.PENDING)
        stop = failed_there(PROMOTED, lane(quarantined={7: "slow"}, approvals={7: NOW}), approval(7))

        decision = decide(pending, seen(pending, stop=stop), NOW)

        assert (decision.phase, decision.rollout.cause) == (Phase.ROLLED_BACK, Cause.FAILED_ELSEWHERE)

    def test_a_failure_from_before_a_new_approval_stops_nothing(self) -> None:
        other = lane(quarantined={7: "slow"}, approvals={7: NOW})

        assert failed_there(PROMOTED, other, approval(7, NOW + MINUTE)) is None
        assert waits_for(PROMOTED, other, 7) != ""

    def test_a_version_that_was_never_heard_of_there_has_not_failed_there(self) -> None:
        assert failed_there(PROMOTED, lane(quarantined={7: "slow"}), approval(7)) is None

    @pytest.mark.parametrize("other", [lane(), lane(quarantined={6: "slow"}, approvals={6: NOW}), None])
    def test_what_has_not_failed_there_stops_nothing(self, other: Lane | None) -> None:
        assert failed_there(PROMOTED, other, approval(7)) is None

    def test_where_nothing_goes_first_no_failure_counts(self) -> None:
        assert failed_there(None, lane(quarantined={7: "slow"}, approvals={7: NOW}), approval(7)) is None
