"""What becomes of approvals: let in, queued, dropped, put before an older one; and when an endpoint is at rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pointsman.core.audit import Head
from pointsman.core.lane import GRACE, Admission, Lane, admit, is_new_version, is_settled, settle
from pointsman.core.phases import Phase
from pointsman.core.rollout import Approval, Rollout, open_rollout
from tests.core.builders import ENDPOINT, MINUTE, NOW, PLAN, approval, lane, plan, rollout_in

BEFORE_TRAFFIC = (Phase.PENDING, Phase.PREPARING, Phase.VALIDATING)
UNDER_WAY = (Phase.SHIFTING, Phase.BAKING, Phase.FINALIZING, Phase.WATCHING)
ENDED = (Phase.SUCCEEDED, Phase.ROLLED_BACK, Phase.SUPERSEDED)


def let_in(before: Lane, given: Approval) -> Admission:
    admission = admit(before, given, PLAN, NOW)
    assert admission is not None
    return admission


def busy_with(rollout: Rollout, **changes: object) -> Lane:
    """A lane whose rollout of version 7 was approved at noon."""
    return lane(rollout=rollout, **{"approvals": {7: NOW}, **changes})


def test_the_first_approval_opens_a_rollout() -> None:
    admission = let_in(lane(fence=3, head=Head(2, "ab")), approval())

    assert admission.lane == Lane(
        ENDPOINT,
        fence=3,
        rollout=open_rollout(ENDPOINT, approval(), PLAN, NOW),
        approvals={7: NOW},
        head=Head(2, "ab"),
    )
    assert admission.reason == "version 7 was approved by dana"
    assert not admission.supersedes


def test_an_approval_without_a_name_says_unknown() -> None:
    assert let_in(lane(), approval(by="")).reason == "version 7 was approved by unknown"


@pytest.mark.parametrize("late_by", [timedelta(0), MINUTE])
@pytest.mark.parametrize("rollout", [None, rollout_in(Phase.BAKING)])
def test_a_duplicate_or_a_late_copy_of_an_approval_is_not_news(
    rollout: Rollout | None, late_by: timedelta
) -> None:
    heard = lane(rollout=rollout, approvals={7: NOW}, quarantined={7: "too many errors"})

    assert admit(heard, approval(at=NOW - late_by), PLAN, NOW) is None


def test_a_version_that_serves_or_failed_is_rolled_out_again_when_it_is_approved_anew() -> None:
    admission = let_in(lane(approvals={7: NOW - MINUTE}), approval(at=NOW))

    assert admission.lane.rollout == open_rollout(ENDPOINT, approval(), PLAN, NOW)


@pytest.mark.parametrize("phase", BEFORE_TRAFFIC)
def test_a_newer_approval_supersedes_what_has_moved_no_traffic(phase: Phase) -> None:
    before = busy_with(rollout_in(phase))
    newer = approval(8, NOW + MINUTE)

    admission = let_in(before, newer)

    assert admission.supersedes
    assert admission.lane == replace(before, queued=newer, approvals={7: NOW, 8: NOW + MINUTE})
    assert admission.reason == "version 8 supersedes fraud-prod.v7.20261123T120000Z"


@pytest.mark.parametrize("phase", [*UNDER_WAY, *ENDED])
def test_a_newer_approval_waits_behind_what_has_moved_traffic_or_just_ended(phase: Phase) -> None:
    before = busy_with(rollout_in(phase))
    newer = approval(8, NOW + MINUTE)

    admission = let_in(before, newer)

    assert not admission.supersedes
    assert admission.lane.queued == newer
    assert admission.lane.rollout == before.rollout
    assert admission.reason == "version 8 waits until fraud-prod.v7.20261123T120000Z is over"


@pytest.mark.parametrize("at", [NOW, NOW - MINUTE])
def test_an_approval_given_before_what_is_under_way_is_remembered_and_not_rolled_out(at: datetime) -> None:
    before = busy_with(rollout_in(Phase.PENDING))

    admission = let_in(before, approval(8, at))

    assert admission.lane == replace(before, approvals={7: NOW, 8: at})
    assert not admission.supersedes
    assert admission.reason == "version 8 was approved before what is under way: not rolled out"


@pytest.mark.parametrize("at", [NOW, NOW - MINUTE])
def test_an_approval_that_comes_after_a_later_one_is_remembered_and_not_rolled_out(at: datetime) -> None:
    at_rest = lane(approvals={7: NOW}, quarantined={6: "slow"})

    admission = let_in(at_rest, approval(6, at))

    assert admission.lane == replace(at_rest, approvals={7: NOW, 6: at})
    assert (
        admission.reason
        == "version 6 was approved before version 7, which was heard of earlier: not rolled out"
    )


def test_of_two_that_wait_the_newer_approval_stays() -> None:
    waiting = busy_with(rollout_in(Phase.BAKING), queued=approval(8, NOW + 2 * MINUTE))

    older = let_in(waiting, approval(9, NOW + MINUTE))
    newer = let_in(waiting, approval(5, NOW + 3 * MINUTE))

    assert older.lane.queued == approval(8, NOW + 2 * MINUTE)
    assert newer.lane.queued == approval(5, NOW + 3 * MINUTE)


def test_at_rest_the_latest_approval_counts_and_not_the_largest_version() -> None:
    rested = lane(approvals={7: NOW, 8: NOW - 2 * MINUTE})

    late = let_in(rested, approval(9, NOW - MINUTE))

    assert late.lane.rollout is None
    assert (
        late.reason == "version 9 was approved before version 7, which was heard of earlier: not rolled out"
    )
    assert let_in(rested, approval(6, NOW + MINUTE)).lane.rollout is not None


def test_the_larger_version_number_does_not_win_over_the_later_approval() -> None:
    admission = let_in(busy_with(rollout_in(Phase.PENDING)), approval(6, NOW + MINUTE))

    assert admission.supersedes


# Versions and rest.


def test_a_version_is_new_when_it_is_above_all_that_are_known() -> None:
    known = lane(approvals={5: NOW, 9: NOW})

    assert is_new_version(known, 10)
    assert not is_new_version(known, 9)
    assert not is_new_version(known, 7)
    assert not is_new_version(lane(), 1)


@pytest.mark.parametrize("phase", ENDED)
def test_an_ended_rollout_is_settled_after_the_grace(phase: Phase) -> None:
    early = lane(rollout=rollout_in(phase, minutes=GRACE / MINUTE - 0.1))
    over = lane(rollout=rollout_in(phase, minutes=GRACE / MINUTE))

    assert not is_settled(early, NOW)
    assert is_settled(over, NOW)


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase not in ENDED])
def test_an_open_rollout_is_never_settled(phase: Phase) -> None:
    assert not is_settled(lane(rollout=rollout_in(phase, minutes=6000)), NOW)


def test_a_lane_without_a_rollout_is_not_settled_again() -> None:
    assert not is_settled(lane(), NOW)


def test_settling_opens_what_waits_under_the_policy_of_today() -> None:
    today = plan(steps=(1, 100))
    waits = approval(8, NOW - MINUTE)
    before = lane(
        rollout=rollout_in(Phase.SUCCEEDED), queued=waits, approvals={8: NOW}, quarantined={3: "old"}
    )

    settled = settle(before, today, NOW)

    opened = open_rollout(ENDPOINT, waits, today, NOW)
    assert settled == replace(before, rollout=opened, queued=None, last=before.rollout)


def test_settling_without_a_queue_or_a_policy_leaves_the_endpoint_at_rest() -> None:
    ended = lane(rollout=rollout_in(Phase.SUCCEEDED), approvals={7: NOW})
    unowned = replace(ended, queued=approval(8))

    at_rest = replace(ended, rollout=None, last=ended.rollout)
    assert settle(ended, PLAN, NOW) == at_rest
    assert settle(unowned, None, NOW) == at_rest
