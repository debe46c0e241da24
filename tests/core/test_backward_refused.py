"""What a refusal leads to, and what is undone after the end."""

from __future__ import annotations

import pytest

from pointsman.core import backward
from pointsman.core.decision import RETRY_LATER, RETRY_SOON
from pointsman.core.observed import Status
from pointsman.core.phases import Act, Cause, Hold, Phase
from pointsman.core.rollout import Rollout
from pointsman.errors import Denied, Misconfigured, NeedsPerson, QuotaExceeded, Refused
from tests.core.builders import (
    BASELINE,
    NOW,
    asked,
    rollout_in,
    seen,
    serving_both,
    serving_new,
    serving_old,
)


def back(**changes: object) -> Rollout:
    return rollout_in(Phase.ROLLING_BACK, minutes=10, **{"final_count": 2, **changes})


# After the end.


@pytest.mark.parametrize("is_alone", [False, True])
@pytest.mark.parametrize("phase", [Phase.ROLLED_BACK, Phase.SUPERSEDED])
def test_a_config_of_ours_that_goes_live_after_the_end_is_taken_back(phase: Phase, is_alone: bool) -> None:  # noqa: FBT001
    ended = rollout_in(phase, final_count=2, share_bps=1000)
    live = serving_new(ended) if is_alone else serving_both(ended, 0)

    decision = backward.rolled_back(ended, seen(ended, endpoint=live), NOW)

    assert (decision.phase, decision.act) == (Phase.ROLLING_BACK, None)
    assert decision.rollout.share_bps == 0
    assert decision.reason == f"config {live.config} went live after the end: taken back again"
    assert decision.is_told


@pytest.mark.parametrize("live", ["the old", "a stranger", "busy", "never touched"])
def test_everything_else_after_the_end_is_left_alone(live: str) -> None:
    ended = rollout_in(Phase.ROLLED_BACK, baseline=None if live == "never touched" else BASELINE)
    endpoint = {
        "the old": serving_old(),
        "a stranger": serving_old(config="a-stranger"),
        "busy": serving_both(ended, 10, status=Status.BUSY),
        "never touched": serving_both(ended, 10),
    }[live]

    decision = backward.rolled_back(ended, seen(ended, endpoint=endpoint), NOW)

    assert decision.rollout == ended
    assert decision.act is None
    assert decision.reason == "the baseline serves"


# Refusals.


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (QuotaExceeded("4 of 4"), Cause.QUOTA),
        (Denied("not authorized"), Cause.DENIED),
        (Refused("no such type"), Cause.REFUSED),
        (Misconfigured("no such type"), Cause.REFUSED),
    ],
)
@pytest.mark.parametrize(("phase", "act"), [(Phase.PREPARING, Act.PREPARE), (Phase.SHIFTING, Act.SHIFT)])
def test_a_refused_move_forward_goes_back(phase: Phase, act: Act, error: NeedsPerson, cause: Cause) -> None:
    decision = backward.refused(rollout_in(phase), act, error, NOW)

    assert decision.phase is Phase.ROLLING_BACK
    assert decision.rollout.cause is cause
    assert decision.rollout.entered_at == NOW
    assert decision.reason == f"{act.value} was refused: {error}"
    assert decision.is_told


def test_a_refused_finalizing_keeps_the_candidate_serving() -> None:
    rollout = rollout_in(Phase.FINALIZING)

    decision = backward.refused(rollout, Act.FINALIZE, QuotaExceeded("4 of 4"), NOW)

    assert (decision.phase, decision.rollout.hold) == (Phase.FINALIZING, Hold.CANNOT_FINALIZE)
    assert decision.rollout.retry_at == NOW + RETRY_LATER
    assert decision.reason == "cannot finalize, the candidate keeps serving: 4 of 4. Tried again later."


def test_a_refused_removal_is_tried_again_soon() -> None:
    decision = backward.refused(back(), Act.REMOVE, Denied("not authorized"), NOW)

    assert (decision.phase, decision.rollout.hold) == (Phase.ROLLING_BACK, Hold.CANNOT_REMOVE)
    assert decision.rollout.retry_at == NOW + RETRY_SOON
    assert decision.reason == "cannot remove the candidate: not authorized. Tried again."


@pytest.mark.parametrize(
    ("phase", "act"),
    [
        (Phase.ROLLING_BACK, Act.SHIFT),
        (Phase.ROLLING_BACK, Act.RESTORE_SCALING),
        (Phase.ROLLING_BACK, Act.DISCARD),
        (Phase.WATCHING, Act.RESTORE_SCALING),
        (Phase.WATCHING, Act.DISCARD),
    ],
)
def test_a_refused_tidying_names_the_permission_and_tries_again(phase: Phase, act: Act) -> None:
    rollout = rollout_in(phase, intent=asked(act))

    decision = backward.refused(rollout, act, Denied("not authorized"), NOW)

    assert (decision.phase, decision.rollout.hold) == (phase, Hold.ACCESS_DENIED)
    assert decision.rollout.retry_at == NOW + RETRY_SOON
    assert decision.rollout.intent is None
    assert (
        decision.reason
        == f"{act.value} was refused: not authorized. Grant the permission; it is tried again by itself."
    )
