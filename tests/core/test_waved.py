"""A wait that a person waved through: what it goes past, and what it never goes past."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pointsman.core.decide import decide
from pointsman.core.decision import Decision
from pointsman.core.observed import AlarmReading
from pointsman.core.phases import Act, Cause, Hold, Phase
from pointsman.core.rollout import Rollout
from pointsman.core.verdict import Opinion
from tests.core.builders import GATED, NOW, rollout_in, seen, serving_both, serving_old, verdict

WAVED: dict[str, Any] = {"waved": "dana: ship it"}
BAKING = rollout_in(Phase.BAKING, **WAVED)
LAST = rollout_in(Phase.BAKING, step=2, share_bps=10_000, **WAVED)
WATCHING = rollout_in(Phase.WATCHING, minutes=10, **WAVED)
FIRING = AlarmReading(firing=("fraud-5xx",))


def chosen(rollout: Rollout, **look: object) -> Decision:
    return decide(
        rollout, seen(rollout, **({"verdict": verdict(Opinion.NOT_ENOUGH, "3 of 100")} | look)), NOW
    )


class TestBake:
    @pytest.mark.parametrize("opinion", [Opinion.PASS, Opinion.NOT_ENOUGH])
    def test_it_goes_past_time_and_thin_evidence(self, opinion: Opinion) -> None:
        decision = chosen(BAKING, verdict=verdict(opinion, "3 of 100"))

        assert (decision.phase, decision.act, decision.rollout.share_bps) == (Phase.SHIFTING, Act.SHIFT, 5000)
        assert decision.reason == (
            "waved through by dana: ship it; so far: 3 of 100: move 50 % to the candidate"
        )
        assert decision.numbers["candidate_requests"] == 1000
        assert decision.rollout.waved == ""

    def test_it_goes_past_a_closed_window(self) -> None:
        assert chosen(BAKING, closed="closed until Monday").act is Act.SHIFT
        assert chosen(LAST, closed="closed until Monday").act is Act.FINALIZE

    def test_a_gate_before_the_next_step_stands(self) -> None:
        decision = chosen(replace(BAKING, plan=GATED))

        assert decision.rollout.hold is Hold.APPROVAL_WAITED_FOR
        assert (decision.phase, decision.rollout.waved) == (Phase.AWAITING_APPROVAL, "")

    @pytest.mark.parametrize("rollout", [BAKING, LAST, WATCHING])
    @pytest.mark.parametrize(
        ("look", "cause"),
        [({"alarms": FIRING}, Cause.ALARM), ({"verdict": verdict(Opinion.FAIL)}, Cause.JUDGED_BAD)],
    )
    def test_an_alarm_or_a_fail_takes_it_back(
        self, rollout: Rollout, look: dict[str, Any], cause: Cause
    ) -> None:
        decision = chosen(rollout, **look)

        assert (decision.phase, decision.rollout.cause) == (Phase.ROLLING_BACK, cause)

    def test_what_others_did_stands(self) -> None:
        assert chosen(BAKING, endpoint=serving_both(BAKING, 0)).rollout.cause is Cause.TAKEN_BACK_OUTSIDE
        assert chosen(BAKING, endpoint=serving_old(config="x")).rollout.hold is Hold.CHANGED_OUTSIDE

    @pytest.mark.parametrize(
        "look",
        [
            {"frozen": "quarter end"},
            {"alarms": AlarmReading(blind="throttled")},
            {"alarms": AlarmReading(missing=("p99",))},
            {"verdict": verdict(Opinion.BLIND, "metrics cannot be read")},
        ],
    )
    @pytest.mark.parametrize("rollout", [BAKING, LAST])
    def test_a_freeze_stands_before_it_and_so_does_what_cannot_be_seen(
        self, rollout: Rollout, look: dict[str, Any]
    ) -> None:
        held = chosen(rollout, **look)

        assert (held.phase, held.act, held.rollout.waved) == (Phase.BAKING, None, rollout.waved)
        assert chosen(held.rollout).act is not None

    def test_nobody_waits_for_sight_longer_than_the_policy_says(self) -> None:
        blind = verdict(Opinion.BLIND, "metrics cannot be read")

        decision = chosen(rollout_in(Phase.BAKING, minutes=120, **WAVED), verdict=blind)

        assert decision.rollout.cause is Cause.PATIENCE_OVER


class TestWatch:
    def test_its_end_is_early_and_says_who(self) -> None:
        decision = chosen(WATCHING)

        assert decision.phase is Phase.SUCCEEDED
        assert decision.reason == "the watch of version 7 was ended early by dana: ship it"

    def test_it_still_clears_away_and_gives_the_autoscaling_back(self) -> None:
        assert chosen(WATCHING, leftovers=("config x",)).act is Act.DISCARD
        assert chosen(WATCHING, scale_in_suspended=True).act is Act.RESTORE_SCALING

    @pytest.mark.parametrize(
        "look",
        [
            {"alarms": AlarmReading(blind="throttled")},
            {"alarms": AlarmReading(missing=("p99",))},
            {"verdict": verdict(Opinion.BLIND)},
        ],
    )
    def test_it_does_not_end_while_nobody_can_see(self, look: dict[str, Any]) -> None:
        assert chosen(WATCHING, **look).rollout.hold is Hold.THIN_EVIDENCE
