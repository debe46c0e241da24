"""What holds a rollout up: what arrives meanwhile, which time counts, closed windows, the turn of another endpoint."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pointsman.core.decide import decide
from pointsman.core.decision import Decision
from pointsman.core.observed import AlarmReading, Answer
from pointsman.core.phases import Act, Cause, Hold, Phase
from pointsman.core.rollout import Rollout, Stop
from pointsman.core.verdict import Opinion
from tests.core.builders import (
    HOUR,
    MINUTE,
    NOW,
    rollout_in,
    seen,
    serving_both,
    serving_new,
    under_way,
    verdict,
)

PAUSED: dict[str, Any] = {"paused": "kim: lunch", "paused_at": NOW - HOUR, "hold": Hold.PAUSED}
CLOSED = "outside its release windows; the next one opens Mon 2026-11-30 09:00 Europe/Berlin"
FIRING = AlarmReading(firing=("fraud-5xx",))
WITH_TRAFFIC = [
    Phase.SHIFTING,
    Phase.BAKING,
    Phase.AWAITING_APPROVAL,
    Phase.FINALIZING,
]
FROZEN: dict[str, Any] = {"frozen": "quarter end"}


def chosen(rollout: Rollout, *, later: timedelta = timedelta(), **look: object) -> Decision:
    return decide(rollout, seen(rollout, **look), NOW + later)


class TestPaused:
    @pytest.mark.parametrize("phase", [Phase.PENDING, Phase.PREPARING, Phase.VALIDATING, *WITH_TRAFFIC])
    def test_nothing_goes_forward_and_nothing_is_given_up(self, phase: Phase) -> None:
        paused = rollout_in(phase, minutes=60 * 24 * 30, **PAUSED)

        decision = decide(paused, under_way(paused, verdict=verdict(), answer=Answer.ANSWERED), NOW)

        assert (decision.rollout, decision.act, decision.is_told) == (paused, None, False)

    @pytest.mark.parametrize(
        "look",
        [{"alarms": FIRING}, {"verdict": verdict(Opinion.FAIL)}, {"stop": Stop(Cause.REJECTED, "", "")}],
    )
    @pytest.mark.parametrize("phase", WITH_TRAFFIC)
    def test_it_never_stands_before_a_rollback(self, phase: Phase, look: dict[str, Any]) -> None:
        decision = chosen(rollout_in(phase, **PAUSED), **look)

        assert decision.phase is Phase.ROLLING_BACK
        assert decision.act is Act.SHIFT
        assert (decision.rollout.paused, decision.rollout.hold) == ("", None)

    def test_a_freeze_on_top_is_told_once_and_the_pause_is_not_forgotten(self) -> None:
        paused = rollout_in(Phase.BAKING, **PAUSED)

        frozen = chosen(paused, **FROZEN).rollout
        thawed = chosen(frozen).rollout

        assert (frozen.hold, frozen.paused) == (Hold.FROZEN, PAUSED["paused"])
        assert thawed == paused


class TestArrivals:
    @pytest.mark.parametrize("look", [FROZEN, {"alarms": AlarmReading(blind="throttled")}, {}])
    def test_a_share_that_arrives_is_judged_whatever_holds_the_next_step(self, look: dict[str, Any]) -> None:
        shifting = rollout_in(Phase.SHIFTING, **PAUSED)

        decision = chosen(shifting, **look)

        assert (decision.phase, decision.act) == (Phase.BAKING, None)
        assert (decision.rollout.hold, decision.rollout.paused) == (Hold.PAUSED, PAUSED["paused"])
        assert decision.rollout.lasted(NOW + HOUR) == timedelta()

    def test_it_is_held_there_and_people_hear_no_more_of_it(self) -> None:
        arrived = chosen(rollout_in(Phase.SHIFTING, **PAUSED)).rollout

        decision = chosen(arrived, later=HOUR, verdict=verdict())

        assert (decision.rollout, decision.is_told) == (arrived, False)

    def test_a_final_config_that_arrives_ends_the_pause_and_begins_the_watch(self) -> None:
        finalizing = rollout_in(Phase.FINALIZING, **PAUSED)

        decision = chosen(finalizing, endpoint=serving_new(finalizing), **FROZEN)

        assert decision.phase is Phase.WATCHING
        assert (decision.rollout.hold, decision.rollout.paused) == (None, "")

    def test_what_has_not_arrived_is_not_asked_for_again(self) -> None:
        shifting = rollout_in(Phase.SHIFTING, **PAUSED)

        assert chosen(shifting, endpoint=serving_both(shifting, 0)).rollout == shifting


class TestTime:
    @pytest.mark.parametrize("look", [FROZEN, {}])
    def test_a_held_hour_counts_neither_as_baked_nor_as_patience(self, look: dict[str, Any]) -> None:
        changes: dict[str, Any] = {} if look else PAUSED
        baking = rollout_in(Phase.BAKING, minutes=119, **changes)
        held = chosen(replace(baking, stands_since=None, hold=None), **look).rollout

        thawed = replace(held, paused="", paused_at=None)
        decision = chosen(thawed, later=HOUR)

        assert decision.phase is Phase.BAKING
        assert decision.rollout.stood_for == HOUR
        assert chosen(decision.rollout, later=HOUR + MINUTE).rollout.cause is Cause.PATIENCE_OVER

    @pytest.mark.parametrize("look", [{"closed": CLOSED}, {"waits_for": "version 7 is in BAKING there"}])
    def test_days_before_its_turn_leave_all_patience_for_a_missing_alarm(self, look: dict[str, Any]) -> None:
        held = chosen(rollout_in(Phase.PENDING, minutes=0), **look).rollout
        missing = AlarmReading(missing=("p99",))

        turn = chosen(held, later=72 * HOUR, alarms=missing)

        assert (turn.phase, turn.rollout.hold) == (Phase.PENDING, Hold.PREFLIGHT)
        assert chosen(turn.rollout, later=74 * HOUR, alarms=missing).phase is Phase.NEEDS_HUMAN

    def test_an_alarm_that_holds_it_up_costs_patience(self) -> None:
        validating = rollout_in(Phase.VALIDATING, minutes=119)
        held = chosen(validating, alarms=FIRING).rollout

        assert chosen(held, later=MINUTE).rollout.cause is Cause.NO_ANSWER

    def test_a_person_who_changed_the_weights_during_a_pause_is_not_taken_for_a_late_call(self) -> None:
        baking = rollout_in(Phase.BAKING, minutes=61, stood_for=HOUR)

        assert chosen(baking, endpoint=serving_both(baking, 30)).rollout.hold is Hold.SHARE_CHANGED


class TestWindows:
    @pytest.mark.parametrize(
        ("rollout", "look"),
        [
            (rollout_in(Phase.PENDING), {}),
            (rollout_in(Phase.VALIDATING), {"answer": Answer.ANSWERED}),
            (rollout_in(Phase.BAKING, minutes=10), {"verdict": verdict()}),
            (rollout_in(Phase.BAKING, minutes=10, step=2, share_bps=10_000), {"verdict": verdict()}),
            (replace(rollout_in(Phase.AWAITING_APPROVAL), gates_passed=(50,), hold=None), {}),
        ],
    )
    def test_no_step_begins_while_they_are_closed_unless_a_person_says_so(
        self, rollout: Rollout, look: dict[str, Any]
    ) -> None:
        held = chosen(rollout, closed=CLOSED, **look)
        again = chosen(held.rollout, closed=CLOSED, **look)
        waved = chosen(replace(held.rollout, waved="dana: now"), closed=CLOSED, **look)
        opened = chosen(held.rollout, later=100 * HOUR, **look)

        assert (held.act, held.rollout.hold, held.is_told) == (None, Hold.OUTSIDE_WINDOW, True)
        assert held.reason.endswith(CLOSED)
        assert (again.rollout, again.is_told) == (held.rollout, False)
        assert waved.act is opened.act is not None
        assert opened.rollout.hold is None

    @pytest.mark.parametrize("phase", [Phase.PREPARING, Phase.SHIFTING, Phase.FINALIZING])
    def test_what_has_begun_is_carried_on(self, phase: Phase) -> None:
        rollout = rollout_in(phase)

        assert decide(rollout, under_way(rollout, closed=CLOSED), NOW).act is not None

    @pytest.mark.parametrize("opinion", [Opinion.NOT_ENOUGH, Opinion.BLIND])
    def test_a_proved_step_is_not_undone_by_a_thin_night(self, opinion: Opinion) -> None:
        baking = rollout_in(Phase.BAKING, minutes=100)
        night = chosen(baking, closed=CLOSED, verdict=verdict()).rollout

        morning = chosen(night, later=15 * HOUR, closed=CLOSED, verdict=verdict(opinion))
        opened = chosen(night, later=15 * HOUR, verdict=verdict(opinion))

        assert morning.rollout == night
        assert (opened.phase, opened.act) == (Phase.BAKING, None)
        assert opened.rollout.lasted(NOW + 15 * HOUR) == 100 * MINUTE
        assert chosen(opened.rollout, later=15 * HOUR + MINUTE, verdict=verdict()).act is Act.SHIFT

    def test_a_step_that_is_not_proved_is_given_up_at_night_as_well(self) -> None:
        baking = rollout_in(Phase.BAKING, minutes=120)

        assert chosen(baking, closed=CLOSED).rollout.cause is Cause.PATIENCE_OVER

    @pytest.mark.parametrize("look", [{"alarms": FIRING}, {"verdict": verdict(Opinion.FAIL)}])
    def test_they_never_stand_before_a_rollback(self, look: dict[str, Any]) -> None:
        held = rollout_in(Phase.BAKING, hold=Hold.OUTSIDE_WINDOW)

        assert chosen(held, closed=CLOSED, **look).phase is Phase.ROLLING_BACK

    def test_a_closed_window_is_told_after_the_obstacles_that_only_a_person_can_mend(self) -> None:
        pending = rollout_in(Phase.PENDING)
        serverless = replace(seen(pending).endpoint, obstacles=("variant main is serverless",))

        assert chosen(pending, endpoint=serverless, closed=CLOSED).rollout.hold is Hold.NOT_ELIGIBLE
