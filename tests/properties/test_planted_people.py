"""Bugs in what people's words do, planted one by one: the property must find each, or it would prove nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pointsman import evidence as gathering
from pointsman import observe as observing
from pointsman.core import decide as deciding
from pointsman.core.holds import is_paused
from pointsman.core.judge import begin
from pointsman.core.lane import Lane
from pointsman.core.observed import AlarmReading
from pointsman.core.phases import Phase
from pointsman.core.rollout import Rollout, enter
from pointsman.core.usual import Usual
from pointsman.operate import Reply
from tests.properties.faults import Schedule
from tests.properties.planting import always, found, undisturbed
from tests.properties.verdicts import explore, last_phases

Patch = pytest.MonkeyPatch


def test_a_pause_that_stands_before_a_rollback_is_found(monkeypatch: Patch) -> None:
    monkeypatch.setattr(deciding, "GUARDS", (is_paused, *deciding.GUARDS))
    assert "version 2 is bad and serves" in found(undisturbed("paused-and-fails"))


def test_a_pause_that_holds_nothing_is_found(monkeypatch: Patch) -> None:
    guards = tuple(guard for guard in deciding.GUARDS if guard is not is_paused)
    monkeypatch.setattr(deciding, "GUARDS", guards)
    assert "while it was paused" in found(undisturbed("paused"))


def test_evidence_that_a_pause_makes_forget_is_found(monkeypatch: Patch) -> None:
    real, mine = gathering._judged, gathering._mine

    def nobody_looks(world: Any, rollout: Rollout, now: Any) -> Any:
        return None if rollout.paused else real(world, rollout, now)

    def from_the_resume_on(stored: Any, rollout: Rollout) -> Any:
        if not rollout.stood_for:
            return mine(stored, rollout)
        window = f"{rollout.id}/resumed"
        is_known = stored is not None and stored.window == window
        since = gathering._next_minute(rollout.entered_at + rollout.stood_for)
        return stored if is_known else begin(rollout.plan, Usual(), window, since)

    monkeypatch.setattr("pointsman.evidence._judged", nobody_looks)
    monkeypatch.setattr("pointsman.evidence._mine", from_the_resume_on)
    assert last_phases(explore(Schedule("failed-while-paused"))) == {2: Phase.SUCCEEDED}


def test_a_promotion_that_outvotes_an_alarm_is_found(monkeypatch: Patch) -> None:
    real = observing._alarms

    def unless_waved(world: Any, rollout: Rollout) -> AlarmReading:
        return AlarmReading() if rollout.waved else real(world, rollout)

    monkeypatch.setattr("pointsman.observe._alarms", unless_waved)
    assert "although the alarm fired before" in found(undisturbed("promoted-under-an-alarm"))


def test_a_word_that_waves_every_later_step_through_is_found(monkeypatch: Patch) -> None:
    def forgets_nothing(rollout: Rollout, phase: Any, now: Any) -> Rollout:
        return replace(enter(rollout, phase, now), waved=rollout.waved)

    for module in ("gates", "decision", "forward"):
        monkeypatch.setattr(f"pointsman.core.{module}.enter", forgets_nothing)
    assert "version 2 is bad and serves" in found(undisturbed("promoted-and-fails-later"))


def test_an_approval_that_counts_for_every_step_is_found(monkeypatch: Patch) -> None:
    real: Any = Rollout.__dict__["gate"]
    once = property(lambda rollout: None if rollout.gates_passed else real.fget(rollout))
    monkeypatch.setattr(Rollout, "gate", once)
    assert "version 2 is bad and serves" in found(undisturbed("gates-and-one-word"))


def test_a_rollback_that_is_confirmed_and_not_written_down_is_found(monkeypatch: Patch) -> None:
    said = Reply(is_done=True, message="it is on its way")
    monkeypatch.setattr("pointsman.reopen.put_down", always(answer=said))
    assert "although its abort was confirmed" in found(undisturbed("rolled-back-at-rest"))


def test_a_sweep_that_releases_the_past_is_found(monkeypatch: Patch) -> None:
    def adopt_nothing(lane: Lane, group: str, _approved: Any) -> Lane:
        return replace(lane, adopted=(), group=group)

    monkeypatch.setattr("pointsman.sweep.adopt", adopt_nothing)
    assert "version 2 is bad and serves" in found(undisturbed("adopted"))


def test_a_lost_approval_that_is_opened_twice_is_found(monkeypatch: Patch) -> None:
    monkeypatch.setattr("pointsman.core.lane.is_news", always(answer=True))
    monkeypatch.setattr("pointsman.core.lane._find_later", always(answer=""))
    monkeypatch.setattr("pointsman.sweep.find_unheard", lambda _lane, approved: tuple(sorted(approved))[1:])
    assert "began a second time" in found(undisturbed("lost-approval"))
