"""Every event that begins a phase, and that it begins now."""

from __future__ import annotations

import pytest

from pointsman.core.decide import decide
from pointsman.core.decision import Decision
from pointsman.core.observed import AlarmReading, Answer, Observed, Status
from pointsman.core.phases import Cause, Phase
from pointsman.core.rollout import Rollout, Stop
from pointsman.policy import OnPatience
from tests.core.builders import (
    GATED,
    NOW,
    PACKAGE,
    plan,
    rollout_in,
    seen,
    serving_both,
    serving_new,
    serving_old,
    variant,
    verdict,
)


def chosen(rollout: Rollout, observed: Observed) -> Decision:
    return decide(rollout, observed, NOW)


LATER = AlarmReading(missing=("p99",))
ENTERED: dict[str, tuple[Rollout, dict[str, object], Phase]] = {
    "what serves already": (
        rollout_in(Phase.PENDING),
        {"endpoint": serving_old(variants=(variant(package=PACKAGE),))},
        Phase.SUCCEEDED,
    ),
    "an obstacle": (rollout_in(Phase.PENDING), {"endpoint": serving_old(variants=())}, Phase.NEEDS_HUMAN),
    "a missing alarm": (rollout_in(Phase.PENDING, minutes=120), {"alarms": LATER}, Phase.NEEDS_HUMAN),
    "a begun rollout": (rollout_in(Phase.PENDING), {}, Phase.PREPARING),
    "a standing fleet": (
        rollout_in(Phase.PREPARING),
        {"endpoint": serving_both(rollout_in(Phase.PREPARING), 0)},
        Phase.VALIDATING,
    ),
    "a fleet given up": (rollout_in(Phase.PREPARING, update_was_seen=True), {}, Phase.ROLLING_BACK),
    "a fleet that nobody took the request for": (
        rollout_in(Phase.PREPARING, minutes=120),
        {},
        Phase.ROLLING_BACK,
    ),
    "a fleet that never became complete": (
        rollout_in(Phase.PREPARING, minutes=120),
        {"endpoint": serving_both(rollout_in(Phase.PREPARING), 0, variants=())},
        Phase.ROLLING_BACK,
    ),
    "a first answer": (rollout_in(Phase.VALIDATING), {"answer": Answer.ANSWERED}, Phase.SHIFTING),
    "three failed answers": (
        rollout_in(Phase.VALIDATING, failed_answers=2),
        {"answer": Answer.FAILED},
        Phase.ROLLING_BACK,
    ),
    "no answer": (rollout_in(Phase.VALIDATING, minutes=120), {}, Phase.ROLLING_BACK),
    "an observed share": (rollout_in(Phase.SHIFTING), {}, Phase.BAKING),
    "a share that never arrived": (
        rollout_in(Phase.SHIFTING, minutes=120),
        {"endpoint": serving_both(rollout_in(Phase.SHIFTING), 5)},
        Phase.ROLLING_BACK,
    ),
    "a step that was taken off on its way": (
        rollout_in(Phase.SHIFTING, step=1, share_bps=5000),
        {"endpoint": serving_both(rollout_in(Phase.SHIFTING), 0)},
        Phase.ROLLING_BACK,
    ),
    "weights that somebody changed": (
        rollout_in(Phase.BAKING, minutes=2),
        {"endpoint": serving_both(rollout_in(Phase.BAKING), 30)},
        Phase.NEEDS_HUMAN,
    ),
    "an abort on a lost endpoint": (
        rollout_in(Phase.NEEDS_HUMAN),
        {"endpoint": serving_old(status=Status.GONE), "stop": Stop(Cause.ABORTED, "dana", "")},
        Phase.ROLLED_BACK,
    ),
    "a proved step": (rollout_in(Phase.BAKING, minutes=10), {"verdict": verdict()}, Phase.SHIFTING),
    "a gate before the next step": (
        rollout_in(Phase.BAKING, minutes=10, plan=GATED),
        {"verdict": verdict()},
        Phase.AWAITING_APPROVAL,
    ),
    "an approved step": (
        rollout_in(Phase.AWAITING_APPROVAL, gates_passed=(50,), hold=None),
        {},
        Phase.SHIFTING,
    ),
    "an approval that nobody gave": (
        rollout_in(Phase.AWAITING_APPROVAL, minutes=24 * 60),
        {},
        Phase.ROLLING_BACK,
    ),
    "a drifted share": (
        rollout_in(Phase.BAKING),
        {"endpoint": serving_both(rollout_in(Phase.BAKING), 30)},
        Phase.SHIFTING,
    ),
    "a share taken off": (
        rollout_in(Phase.BAKING),
        {"endpoint": serving_both(rollout_in(Phase.BAKING), 0)},
        Phase.ROLLING_BACK,
    ),
    "the last proved step": (
        rollout_in(Phase.BAKING, minutes=10, step=2, share_bps=10_000),
        {"verdict": verdict()},
        Phase.FINALIZING,
    ),
    "patience that takes back": (rollout_in(Phase.BAKING, minutes=120), {}, Phase.ROLLING_BACK),
    "patience that asks": (
        rollout_in(Phase.BAKING, minutes=120, plan=plan(on_patience=OnPatience.HOLD)),
        {},
        Phase.NEEDS_HUMAN,
    ),
    "a promotion": (
        rollout_in(Phase.FINALIZING),
        {"endpoint": serving_new(rollout_in(Phase.FINALIZING))},
        Phase.WATCHING,
    ),
    "a share lost before the end": (
        rollout_in(Phase.FINALIZING),
        {"endpoint": serving_both(rollout_in(Phase.FINALIZING), 60)},
        Phase.SHIFTING,
    ),
    "a share taken off before the end": (
        rollout_in(Phase.FINALIZING),
        {"endpoint": serving_both(rollout_in(Phase.FINALIZING), 0)},
        Phase.ROLLING_BACK,
    ),
    "a lost final config": (
        rollout_in(Phase.WATCHING),
        {"endpoint": serving_both(rollout_in(Phase.WATCHING), 100)},
        Phase.FINALIZING,
    ),
    "a watch that is over": (rollout_in(Phase.WATCHING, minutes=240), {}, Phase.SUCCEEDED),
    "a config taken back": (rollout_in(Phase.WATCHING), {"endpoint": serving_old()}, Phase.ROLLING_BACK),
    "a stranger's config": (
        rollout_in(Phase.WATCHING),
        {"endpoint": serving_old(config="a-stranger")},
        Phase.NEEDS_HUMAN,
    ),
    "a lost endpoint": (
        rollout_in(Phase.BAKING),
        {"endpoint": serving_old(status=Status.GONE)},
        Phase.NEEDS_HUMAN,
    ),
    "a verified return": (rollout_in(Phase.ROLLING_BACK), {}, Phase.ROLLED_BACK),
    "nothing to undo": (rollout_in(Phase.ROLLING_BACK, baseline=None), {}, Phase.ROLLED_BACK),
    "a call that landed late": (
        rollout_in(Phase.ROLLED_BACK),
        {"endpoint": serving_both(rollout_in(Phase.ROLLED_BACK), 10)},
        Phase.ROLLING_BACK,
    ),
}


@pytest.mark.parametrize("event", ENTERED)
def test_a_phase_begins_when_it_is_decided(event: str) -> None:
    rollout, look, after = ENTERED[event]

    decision = chosen(rollout, seen(rollout, **look))

    assert decision.phase is after
    assert decision.rollout.entered_at == NOW
