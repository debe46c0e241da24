"""An alarm that fires and that a person muted: it takes nothing back, and nothing goes forward while it fires."""

from __future__ import annotations

from typing import Any

import pytest

from pointsman.core.decide import decide
from pointsman.core.decision import Decision
from pointsman.core.observed import AlarmReading, Answer, Mute
from pointsman.core.phases import Cause, Hold, Phase
from pointsman.core.rollout import Rollout
from pointsman.core.verdict import Opinion
from tests.core.builders import NOW, rollout_in, seen, under_way, verdict

BY_NIGHT = Mute("p99", "is muted by rule night")
MUTED = AlarmReading(firing=("p99",), mutes=(BY_NIGHT,))
WITH_TRAFFIC = [Phase.SHIFTING, Phase.BAKING, Phase.AWAITING_APPROVAL, Phase.FINALIZING, Phase.WATCHING]


def chosen(rollout: Rollout, alarms: AlarmReading = MUTED, **look: Any) -> Decision:
    return decide(rollout, under_way(rollout, **({"verdict": verdict(), "alarms": alarms} | look)), NOW)


@pytest.mark.parametrize("phase", WITH_TRAFFIC)
def test_it_takes_no_traffic_back_and_holds(phase: Phase) -> None:
    rollout = rollout_in(phase, minutes=30)

    decision = chosen(rollout)

    assert (decision.phase, decision.rollout.hold, decision.act) == (phase, Hold.ALARM_FIRING, None)
    assert decision.is_told
    assert decision.reason == (
        "alarm p99 is in ALARM and is muted by rule night: what is muted takes nothing back, and no traffic moves "
        "forward before it is OK"
    )


@pytest.mark.parametrize("phase", WITH_TRAFFIC)
def test_a_second_alarm_that_nobody_muted_takes_it_back(phase: Phase) -> None:
    decision = chosen(rollout_in(phase), AlarmReading(firing=("5xx", "p99"), mutes=(BY_NIGHT,)))

    assert (decision.phase, decision.rollout.cause) == (Phase.ROLLING_BACK, Cause.ALARM)
    assert decision.reason.startswith("alarm 5xx is in ALARM")
    assert "p99" not in decision.reason


@pytest.mark.parametrize("phase", WITH_TRAFFIC)
def test_evidence_still_takes_it_back(phase: Phase) -> None:
    decision = chosen(rollout_in(phase), verdict=verdict(Opinion.FAIL))

    assert decision.rollout.cause is Cause.JUDGED_BAD


@pytest.mark.parametrize("phase", [Phase.BAKING, Phase.WATCHING])
def test_a_promotion_does_not_pass_it(phase: Phase) -> None:
    decision = chosen(rollout_in(phase, minutes=600, waved="dana: ship it"))

    assert (decision.phase, decision.rollout.hold) == (phase, Hold.ALARM_FIRING)


def test_a_watch_that_is_over_ends_once_it_is_quiet() -> None:
    watched = rollout_in(Phase.WATCHING, minutes=600)

    held = chosen(watched)
    ended = decide(held.rollout, seen(held.rollout, verdict=verdict()), NOW)

    assert held.phase is Phase.WATCHING
    assert (ended.phase, ended.rollout.hold) == (Phase.SUCCEEDED, None)


def test_a_watch_that_goes_on_is_not_held_any_more_once_it_is_quiet() -> None:
    held = chosen(rollout_in(Phase.WATCHING, minutes=3)).rollout

    assert held.hold is Hold.ALARM_FIRING
    assert decide(held, seen(held, verdict=verdict()), NOW).rollout.hold is None


def test_before_traffic_moved_nothing_goes_forward_either() -> None:
    decision = chosen(rollout_in(Phase.VALIDATING), answer=Answer.ANSWERED)

    assert (decision.phase, decision.rollout.hold) == (Phase.VALIDATING, Hold.ALARM_FIRING)


def test_all_that_fire_are_named_with_who_muted_them() -> None:
    alarms = AlarmReading(firing=("5xx", "p99"), mutes=(BY_NIGHT,))

    reason = chosen(rollout_in(Phase.PREPARING), alarms).reason

    assert reason.startswith("alarm p99 is in ALARM and is muted by rule night; alarm 5xx is in ALARM: ")
