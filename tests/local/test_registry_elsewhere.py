"""The group is in another account's registry: releases by event, by the sweep and by a person, through the real triggers and handlers."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from local.fleet import approve, serve
from local.installation import Installation, installed
from local.releases import LLM
from pointsman.core.lane import Lane
from pointsman.core.phases import Phase
from tests.worlds.account import ALARM, ENDPOINT, GROUP, steady_traffic
from tests.worlds.elsewhere import REGISTRY, Elsewhere
from tests.worlds.quick import POLICY

MINUTE = timedelta(minutes=1)
HEALTH = replace(POLICY.plan.health, alarms=(ALARM,))
ABROAD = replace(POLICY, registry_account=REGISTRY, plan=replace(POLICY.plan, health=HEALTH))


@dataclass(slots=True)
class Scene:
    """An endpoint that still serves version 1 of our own registry, and the registry over there that it follows from now on."""

    here: Installation
    there: Elsewhere
    log: io.StringIO

    def lane(self) -> Lane:
        return self.here.world.store.get_lane(ENDPOINT)

    def pass_until(self, *phases: Phase | None, minutes: int = 90) -> None:
        for _ in range(minutes):
            rollout = self.lane().rollout
            if (rollout.phase if rollout else None) in phases:
                return
            self.here.pass_time(MINUTE)
        raise AssertionError(f"never came to {phases}: {self.lane().rollout}")

    def serving(self) -> set[str]:
        """Packages that serve."""
        live = self.here.world.serving.observe(ENDPOINT, with_packages=True)
        return {each.package for each in live.variants}

    def ask(self, command: str, request: str, **more: Any) -> Any:
        event = {
            "command": command,
            "target": ENDPOINT,
            "reason": "a test",
            "by": "alice",
            "request_id": request,
        }
        return self.here.dispatcher.invoke("operator_request", event | more)

    def said(self, message: str) -> list[str]:
        """Why, in log lines with this message."""
        lines = [json.loads(line) for line in self.log.getvalue().splitlines() if line.startswith("{")]
        return [str(line.get("why")) for line in lines if line.get("message") == message]


@pytest.fixture
def scene() -> Iterator[Scene]:
    log = io.StringIO()
    with installed([ABROAD], log) as here:
        serve(here, ABROAD, LLM)
        there = Elsewhere(here.kernel)
        for version in (1, 2, 3):
            here.kernel.profiles[there.package(version)] = LLM
        there.approve(1)
        here.kernel.advance(MINUTE)
        here.kernel.traffic(ENDPOINT, steady_traffic())
        here.dispatcher.start()
        here.pass_time(16 * MINUTE)
        yield Scene(here, there, log)


def test_what_was_approved_over_there_before_is_its_past(scene: Scene) -> None:
    lane = scene.lane()
    assert (lane.group, lane.adopted, lane.rollout) == (f"{REGISTRY}/{GROUP}", (1,), None)


def test_a_version_is_released_by_its_event_and_a_lost_one_by_the_sweep_and_an_older_one_by_a_person(
    scene: Scene,
) -> None:
    scene.there.approve(2)
    scene.pass_until(Phase.SUCCEEDED)
    assert scene.serving() == {scene.there.package(2)}

    scene.here.kernel.faults.lose_events(1)
    scene.there.approve(3)
    scene.pass_until(None)
    scene.pass_until(Phase.BAKING)
    scene.pass_until(Phase.SUCCEEDED)
    assert scene.serving() == {scene.there.package(3)}

    scene.pass_until(None)
    told = scene.ask("rollback", "r-1", version=1)
    assert told["ok"], told
    scene.pass_until(Phase.SUCCEEDED)
    assert scene.serving() == {scene.there.package(1)}


def test_an_alarm_takes_it_back_and_it_can_be_tried_again(scene: Scene) -> None:
    before = scene.serving()
    scene.there.approve(2)
    scene.pass_until(Phase.BAKING)
    alarm = {"AlarmName": ALARM, "StateValue": "ALARM", "StateReason": "set by the test"}
    scene.here.kernel.call("cloudwatch", "SetAlarmState", alarm)
    scene.pass_until(Phase.ROLLED_BACK)
    assert scene.serving() == before
    scene.pass_until(None)
    scene.here.kernel.call("cloudwatch", "SetAlarmState", alarm | {"StateValue": "OK"})
    assert scene.ask("retry", "r-2", version=2)["ok"]
    scene.pass_until(Phase.SUCCEEDED)
    assert scene.serving() == {scene.there.package(2)}


def test_a_version_of_the_same_group_in_our_own_account_opens_nothing(scene: Scene) -> None:
    approve(scene.here, GROUP, LLM)
    scene.here.pass_time(31 * MINUTE)
    assert (scene.lane().rollout, scene.lane().approvals) == (None, {})
    [why] = set(scene.said("event dropped"))
    assert why == f"no policy names group 111122223333/{GROUP}, but there is one for {REGISTRY}/{GROUP}"
