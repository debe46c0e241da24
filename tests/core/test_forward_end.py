"""The end of the way forward: the promotion."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pointsman.core import forward
from pointsman.core.decision import RETRY_LATER
from pointsman.core.phases import Act, Hold, Phase
from tests.core.builders import (
    NOW,
    asked,
    rollout_in,
    seen,
    serving_both,
    serving_new,
    verdict,
)

# FINALIZING


def test_a_live_final_config_is_the_promotion() -> None:
    rollout = rollout_in(Phase.FINALIZING, update_was_seen=True)

    decision = forward.finalizing(rollout, seen(rollout, endpoint=serving_new(rollout)), NOW)

    assert (decision.phase, decision.act) == (Phase.WATCHING, None)
    assert decision.reason == "version 7 serves alone under the old variant name"
    assert decision.is_told


def test_a_final_config_that_did_not_come_is_tried_again_later_while_the_candidate_serves() -> None:
    rollout = rollout_in(Phase.FINALIZING, update_was_seen=True, intent=asked(Act.FINALIZE, 10_000))
    endpoint = serving_both(rollout, 100, failure_reason="no capacity")

    held = forward.finalizing(rollout, seen(rollout, endpoint=endpoint), NOW)

    assert (held.phase, held.act, held.rollout.hold) == (Phase.FINALIZING, None, Hold.CANNOT_FINALIZE)
    assert held.rollout.retry_at == NOW + RETRY_LATER
    assert not held.rollout.update_was_seen
    assert held.rollout.intent is None
    assert held.is_told
    assert held.reason == (
        f"cannot finalize, the candidate keeps serving. SageMaker went back to config {endpoint.config}: no capacity. "
        "Tried again later."
    )


def test_finalizing_is_tried_again_when_its_time_has_come() -> None:
    waiting = rollout_in(Phase.FINALIZING, retry_at=NOW + timedelta(seconds=1), hold=Hold.CANNOT_FINALIZE)
    due = replace(waiting, retry_at=NOW)

    waits = forward.finalizing(waiting, seen(waiting, verdict=verdict()), NOW)
    acts = forward.finalizing(due, seen(due), NOW)

    assert waits.rollout == waiting
    assert waits.reason == "the candidate keeps serving until finalizing is tried again"
    assert waits.numbers["verdict"] == "PASS"
    assert acts.act is Act.FINALIZE
    assert acts.rollout.retry_at is None
    assert acts.reason == "put the version under the old variant name"


def test_the_wait_to_finalize_again_gets_its_name_back_after_another_hold() -> None:
    rollout = rollout_in(Phase.FINALIZING, hold=None, retry_at=NOW + timedelta(minutes=5))

    decision = forward.finalizing(rollout, seen(rollout), NOW)

    assert (decision.act, decision.rollout.hold, decision.is_told) == (None, Hold.CANNOT_FINALIZE, False)
