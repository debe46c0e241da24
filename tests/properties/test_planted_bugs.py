"""A bug of each kind, planted: the property must find it, or it would prove nothing. Schedules are the ones it is run with."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pointsman import outbox, reconcile
from pointsman.core.audit import GENESIS, chain
from pointsman.core.decision import stay
from pointsman.core.phases import Phase
from pointsman.core.verdict import Opinion, Verdict
from pointsman.errors import Conflict
from pointsman.reconcile import Outcome
from pointsman.record import record
from tests.properties.faults import Schedule
from tests.properties.planting import always, found, undisturbed
from tests.properties.scenarios import SCENARIOS
from tests.properties.schedules import event_mishaps, kills_and_pauses, refusals
from tests.properties.stories import first_failure
from tests.worlds.memory import MemoryStore

Patch = pytest.MonkeyPatch


def test_a_world_without_bugs_shows_none() -> None:
    assert first_failure(Schedule(name) for name in sorted(SCENARIOS)) is None


def test_acting_before_the_record_is_found(monkeypatch: Patch) -> None:
    def act_first(world: Any, lane: Any, decision: Any, now: Any, actor: str) -> Any:
        if decision.act is not None:
            reconcile.carry_out(world, decision.rollout, decision.act)
        return record(world, lane, decision, now, actor)

    monkeypatch.setattr("pointsman.reconcile.record", act_first)
    assert "without a record" in found(undisturbed("good"))


def test_a_rollback_that_is_lost_to_another_write_is_found(monkeypatch: Patch) -> None:
    real = reconcile._pass

    def give_up(world: Any, endpoint: Any, stop: Any, actor: str) -> Outcome:
        try:
            return real(world, endpoint, stop, actor)
        except Conflict:
            return Outcome(endpoint, Phase.ROLLING_BACK, "somebody else was first")

    monkeypatch.setattr("pointsman.reconcile._pass", give_up)
    assert "although its abort was confirmed" in found(kills_and_pauses("abort"))


def test_an_act_after_its_deadline_is_found(monkeypatch: Patch) -> None:
    real = reconcile._act

    def act_whenever(world: Any, lane: Any, decision: Any) -> None:
        late = replace(decision.rollout.intent, act_before=world.clock.now().replace(year=9999))
        real(world, lane, replace(decision, rollout=replace(decision.rollout, intent=late)))

    monkeypatch.setattr("pointsman.reconcile._act", act_whenever)
    assert "after its deadline" in found(kills_and_pauses("good"))


def test_an_approval_that_counts_twice_is_found(monkeypatch: Patch) -> None:
    monkeypatch.setattr("pointsman.core.lane.is_news", always(answer=True))
    monkeypatch.setattr("pointsman.core.lane._find_later", always(answer=""))
    assert "began a second time" in found(event_mishaps("turns-bad"))


def test_promoting_without_evidence_is_found(monkeypatch: Patch) -> None:
    monkeypatch.setattr("pointsman.evidence.judge", always(answer=Verdict(Opinion.PASS, "quiet")))
    assert "version 2 is bad and serves" in found(undisturbed("goes-dark"))


def test_scaling_that_is_not_given_back_is_found(monkeypatch: Patch) -> None:
    monkeypatch.setattr("pointsman.core.watch.scaling_differs", always(answer=False))
    assert "scale-in is still suspended" in found(undisturbed("autoscaled"))


def test_scaling_that_is_given_back_too_early_is_found(monkeypatch: Patch) -> None:
    monkeypatch.setattr("pointsman.core.watch.SCALING_CATCHES_UP", timedelta())
    assert "too few instances" in found(undisturbed("autoscaled-long"))


def test_a_baseline_that_may_shrink_under_the_candidate_is_found(monkeypatch: Patch) -> None:
    monkeypatch.setattr("pointsman.reconcile._set_scale_in", always(answer=None))
    assert "too few instances" in found(undisturbed("autoscaled-long"))


def test_a_chain_without_conditions_is_found(monkeypatch: Patch) -> None:
    monkeypatch.setattr(MemoryStore, "require_unchanged", always(answer=None))
    assert "(a fork)" in found(kills_and_pauses("good"))


def test_a_chain_that_forgets_its_head_is_found(monkeypatch: Patch) -> None:
    monkeypatch.setattr("pointsman.record.chain", lambda _head, *rest: chain(GENESIS, *rest))
    assert "still PENDING" in found(undisturbed("good"))


def test_a_record_that_is_not_published_is_found(monkeypatch: Patch) -> None:
    monkeypatch.setattr("pointsman.outbox._publish", always(answer=set()))
    assert "records were not published" in found(undisturbed("good"))


def test_an_outbox_that_forgets_what_the_bus_did_not_take_is_found(monkeypatch: Patch) -> None:
    real = outbox._publish

    def forget(world: Any, waiting: Any, failures: Any) -> set[str]:
        real(world, waiting, failures)
        return set()

    monkeypatch.setattr("pointsman.outbox._publish", forget)
    assert "records were not published" in found(refusals("turns-bad"))


def test_an_outbox_that_is_never_looked_into_is_found(monkeypatch: Patch) -> None:
    monkeypatch.setattr("pointsman.tick._send_unsent", always(answer=0))
    assert "records were not published" in found(kills_and_pauses("good"))


def test_a_way_back_that_stops_halfway_is_found(monkeypatch: Patch) -> None:
    monkeypatch.setattr(
        "pointsman.core.backward._remove", lambda rollout, *_seen: stay(rollout, "good enough")
    )
    assert "is still ROLLING_BACK" in found(undisturbed("turns-bad"))
