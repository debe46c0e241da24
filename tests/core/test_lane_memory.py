"""What an endpoint's memory holds beside its rollout: what was adopted, what serves, which requests were carried out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pointsman.core.lane import (
    MAX_APPROVALS,
    MAX_REQUESTS,
    MAX_WHY,
    admit,
    adopt,
    after,
    find_unheard,
    is_adopted,
    is_later,
    is_new_version,
    is_news,
    remember,
    serving,
    settle,
)
from pointsman.core.phases import Phase
from pointsman.policy import Validation
from tests.core.builders import HOUR, MINUTE, NOW, PLAN, approval, lane, rollout_in

GROUP = "fraud-detector"
ADOPTED = lane(adopted=(1, 2, 3), group=GROUP)


class TestAdoption:
    def test_what_is_approved_by_then_is_the_past(self) -> None:
        adopted = adopt(lane(), GROUP, [3, 1, 2])

        assert adopted == ADOPTED
        assert is_adopted(adopted, GROUP)
        assert find_unheard(adopted, [1, 2, 3]) == ()

    def test_what_was_heard_of_before_is_not_adopted(self) -> None:
        assert adopt(lane(approvals={2: NOW}), GROUP, [1, 2, 3]).adopted == (1, 3)

    def test_an_endpoint_without_any_approved_version_is_adopted_too(self) -> None:
        adopted = adopt(lane(), GROUP, [])

        assert adopted.adopted == ()
        assert is_adopted(adopted, GROUP)
        assert find_unheard(adopted, [1]) == (1,)

    def test_before_the_adoption_nothing_is_unheard_of(self) -> None:
        assert find_unheard(lane(), [1, 2]) == ()
        assert not is_adopted(lane(), GROUP)

    def test_what_is_approved_later_and_was_never_told_is_unheard_of(self) -> None:
        assert find_unheard(ADOPTED, [9, 1, 4, 3]) == (4, 9)
        assert find_unheard(replace(ADOPTED, approvals={4: NOW}), [1, 3, 4, 9]) == (9,)

    def test_an_old_version_that_is_approved_after_the_adoption_is_news_when_its_event_comes(self) -> None:
        admission = admit(ADOPTED, approval(2), PLAN, NOW)

        assert admission is not None
        assert admission.lane.rollout is not None

    def test_adopted_versions_are_known_versions(self) -> None:
        assert not is_new_version(ADOPTED, 3)
        assert is_new_version(ADOPTED, 4)

    def test_under_another_group_everything_that_is_approved_is_the_past_again(self) -> None:
        heard = replace(ADOPTED, approvals={4: NOW})

        moved = adopt(heard, "fraud-detector-2", [1, 4, 5, 6])

        assert not is_adopted(heard, "fraud-detector-2")
        assert is_adopted(moved, "fraud-detector-2")
        assert find_unheard(moved, [1, 4, 5, 6]) == ()
        assert find_unheard(moved, [1, 4, 5, 6, 7]) == (7,)


class TestNews:
    @pytest.mark.parametrize("late", [0.0, 0.4, -0.4])
    def test_one_moment_told_with_different_precision_is_one_approval(self, late: float) -> None:
        half = NOW + timedelta(milliseconds=500)
        heard = lane(approvals={7: half})

        assert not is_news(heard, approval(7, half + timedelta(seconds=late)))
        assert admit(heard, approval(7, half + timedelta(seconds=late)), PLAN, NOW) is None

    def test_a_second_later_is_another_one(self) -> None:
        assert is_news(lane(approvals={7: NOW}), approval(7, NOW + timedelta(seconds=1)))
        assert is_later(NOW + timedelta(seconds=1), NOW + timedelta(milliseconds=900))
        assert not is_later(NOW, NOW)


class TestWhatServes:
    def test_what_succeeded_is_kept_without_its_first_request(self) -> None:
        long = replace(PLAN, validation=Validation(body="x" * 1000))
        ended = rollout_in(Phase.SUCCEEDED, plan=long)

        kept = settle(lane(rollout=ended), PLAN, NOW).last

        assert kept == replace(ended, plan=replace(long, validation=Validation()))

    def test_just_ended_it_serves_already(self) -> None:
        ended, before = rollout_in(Phase.SUCCEEDED), rollout_in(Phase.SUCCEEDED, approval=approval(6))

        assert serving(lane(rollout=ended, last=before)) == ended

    @pytest.mark.parametrize("phase", [Phase.ROLLED_BACK, Phase.SUPERSEDED, Phase.BAKING])
    def test_a_release_that_did_not_come_through_leaves_the_one_before(self, phase: Phase) -> None:
        before = rollout_in(Phase.SUCCEEDED, approval=approval(6), id="fraud-prod.v6")
        there = lane(rollout=rollout_in(phase), last=before)

        assert serving(there) == before
        assert settle(there, PLAN, NOW).last == before

    def test_a_release_that_was_taken_back_at_rest_serves_no_more(self) -> None:
        last = rollout_in(Phase.SUCCEEDED)
        taken_back = replace(rollout_in(Phase.ROLLED_BACK), id=last.id)

        assert settle(lane(rollout=taken_back, last=last), PLAN, NOW).last is None

    def test_a_version_that_was_found_in_service_keeps_the_way_back_of_its_release(self) -> None:
        last = rollout_in(Phase.SUCCEEDED)
        found = rollout_in(Phase.SUCCEEDED, approval=approval(7, NOW + HOUR), baseline=None)
        by_hand = replace(found, approval=approval(8, NOW + HOUR))

        assert settle(lane(rollout=found, last=last), PLAN, NOW).last == last
        assert settle(lane(rollout=by_hand, last=last), PLAN, NOW).last == by_hand
        assert settle(lane(rollout=found), PLAN, NOW).last == found


class TestManyYears:
    def test_of_the_oldest_approvals_only_that_they_are_past_is_remembered(self) -> None:
        heard = {version: NOW + version * MINUTE for version in range(4, MAX_APPROVALS + 4)}
        full = replace(ADOPTED, approvals=heard)

        admission = admit(full, approval(5000, NOW + 5000 * MINUTE), PLAN, NOW)

        assert admission is not None
        kept = admission.lane
        assert len(kept.approvals) == MAX_APPROVALS
        assert (min(kept.approvals), max(kept.approvals)) == (5, 5000)
        assert kept.adopted == (1, 2, 3, 4)
        assert find_unheard(kept, [*range(1, MAX_APPROVALS + 4), 5000]) == ()

    def test_an_endpoint_that_was_never_adopted_is_not_by_that(self) -> None:
        heard = {version: NOW + version * MINUTE for version in range(1, MAX_APPROVALS + 1)}

        admission = admit(lane(approvals=heard), approval(5000, NOW + 5000 * MINUTE), PLAN, NOW)

        assert admission is not None
        assert admission.lane.adopted is None

    def test_a_long_reason_is_remembered_by_its_beginning(self) -> None:
        back = rollout_in(Phase.ROLLING_BACK, cause_reason="x" * 5000)

        quarantined = after(lane(rollout=rollout_in(Phase.BAKING)), back).quarantined

        assert quarantined == {7: "x" * MAX_WHY}


class TestRequests:
    def test_the_last_ones_are_remembered_oldest_first(self) -> None:
        remembered = remember(remember(lane(), "a"), "b")

        assert remembered.requests == ("a", "b")

    def test_the_memory_is_bounded(self) -> None:
        many = lane()
        for number in range(MAX_REQUESTS + 5):
            many = remember(many, str(number))

        assert many.requests == tuple(str(number) for number in range(5, MAX_REQUESTS + 5))


def test_an_adopted_endpoint_that_is_settled_stays_adopted() -> None:
    ended = replace(ADOPTED, rollout=rollout_in(Phase.SUCCEEDED, minutes=10), requests=("a",))

    settled = settle(ended, PLAN, NOW + MINUTE)

    assert (settled.adopted, settled.group, settled.requests) == ((1, 2, 3), GROUP, ("a",))
