"""A version that was rolled back is not rolled out again until it is approved anew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pointsman.core.lane import Admission, Lane, admit, after, settle
from pointsman.core.phases import Cause, Phase
from pointsman.core.rollout import Approval, Rollout
from tests.core.builders import HOUR, MINUTE, NOW, PLAN, approval, lane, rollout_in

BEFORE_TRAFFIC = (Phase.PENDING, Phase.PREPARING, Phase.VALIDATING)
UNDER_WAY = (Phase.SHIFTING, Phase.BAKING, Phase.FINALIZING, Phase.WATCHING)


def let_in(before: Lane, given: Approval) -> Admission:
    admission = admit(before, given, PLAN, NOW)
    assert admission is not None
    return admission


def busy_with(rollout: Rollout, **changes: object) -> Lane:
    """A lane whose rollout of version 7 was approved at noon."""
    return lane(rollout=rollout, **{"approvals": {7: NOW}, **changes})


# Quarantine.


@pytest.mark.parametrize("phase", [Phase.ROLLING_BACK, Phase.ROLLED_BACK])
def test_a_version_that_turns_back_is_in_quarantine_from_then_on(phase: Phase) -> None:
    before = busy_with(rollout_in(Phase.BAKING), quarantined={3: "old"})
    back = rollout_in(phase)

    assert after(before, back) == replace(before, rollout=back, quarantined={3: "old", 7: "too many errors"})


@pytest.mark.parametrize(
    "rollout",
    [
        *(rollout_in(phase) for phase in (*BEFORE_TRAFFIC, *UNDER_WAY, Phase.SUCCEEDED, Phase.NEEDS_HUMAN)),
        rollout_in(Phase.ROLLING_BACK, cause=Cause.SUPERSEDED),
        rollout_in(Phase.SUPERSEDED, cause=Cause.SUPERSEDED),
    ],
)
def test_only_a_way_back_for_a_reason_of_its_own_is_a_quarantine(rollout: Rollout) -> None:
    before = busy_with(rollout_in(Phase.BAKING), queued=approval(7, NOW + MINUTE))

    assert after(before, rollout) == replace(before, rollout=rollout)


def test_a_lane_without_a_rollout_takes_a_way_back_as_it_comes() -> None:
    assert after(lane(), rollout_in(Phase.ROLLING_BACK)).quarantined == {7: "too many errors"}


def test_a_quarantine_is_lifted_by_a_new_approval_of_that_version_only() -> None:
    settled = lane(approvals={7: NOW - HOUR, 8: NOW - HOUR}, quarantined={7: "errors", 8: "slow"})

    other = let_in(settled, approval(9, NOW))
    anew = let_in(settled, approval(7, NOW))

    assert other.lane.quarantined == {7: "errors", 8: "slow"}
    assert anew.lane.quarantined == {8: "slow"}
    assert admit(settled, approval(7, NOW - HOUR), PLAN, NOW) is None


def test_a_version_that_is_approved_anew_is_said_to_come_out_of_quarantine() -> None:
    quarantined = {"approvals": {6: NOW - HOUR, 7: NOW}, "quarantined": {6: "too many errors"}}
    words = " (approved anew, out of quarantine: too many errors)"

    opened = let_in(lane(**quarantined), approval(6, NOW + MINUTE))
    waits = let_in(busy_with(rollout_in(Phase.BAKING), **quarantined), approval(6, NOW + MINUTE))
    supersedes = let_in(busy_with(rollout_in(Phase.PENDING), **quarantined), approval(6, NOW + MINUTE))
    ignored = let_in(busy_with(rollout_in(Phase.PENDING), **quarantined), approval(6, NOW - MINUTE))

    assert opened.reason == "version 6 was approved by dana" + words
    assert waits.reason.endswith(words)
    assert supersedes.reason.endswith(words)
    assert words not in ignored.reason
    assert ignored.lane.quarantined == {6: "too many errors"}


def test_an_approval_from_before_the_failure_does_not_roll_the_version_out_again() -> None:
    waiting = let_in(busy_with(rollout_in(Phase.BAKING)), approval(7, NOW + MINUTE)).lane

    failed = after(waiting, rollout_in(Phase.ROLLING_BACK))

    assert failed.queued is None
    assert failed.quarantined == {7: "too many errors"}
    assert settle(failed, PLAN, NOW).rollout is None


def test_another_version_that_waits_is_rolled_out_after_the_failure() -> None:
    waiting = let_in(busy_with(rollout_in(Phase.BAKING)), approval(8, NOW + MINUTE)).lane

    failed = after(waiting, rollout_in(Phase.ROLLING_BACK))

    assert failed.queued == approval(8, NOW + MINUTE)


def test_an_approval_given_during_the_way_back_stands() -> None:
    failed = after(busy_with(rollout_in(Phase.BAKING)), rollout_in(Phase.ROLLING_BACK))

    anew = let_in(failed, approval(7, NOW + MINUTE)).lane
    ended = after(anew, rollout_in(Phase.ROLLED_BACK))

    assert ended.quarantined == {}
    assert ended.queued == approval(7, NOW + MINUTE)
