"""Which minutes are taken for evidence, what counts although it cannot be kept, and who is asked about a silence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pointsman.core.judge import Evidence
from pointsman.core.minutes import Minute, Side
from pointsman.core.observed import Answer
from pointsman.core.phases import Phase
from pointsman.core.rollout import ALL_BPS, Rollout
from pointsman.core.verdict import Opinion, Verdict
from pointsman.errors import Conflict, Transient
from pointsman.observe import observe
from pointsman.world import World
from tests.functions.account import ENDPOINT, VARIANT
from tests.functions.world import Here
from tests.pointsman.readings import Asked, KeepsNothing, Reported
from tests.worlds.memory import MemoryStore

MINUTE = timedelta(minutes=1)
GOOD = Side(10, 0, 0)


def begin(here: Here, **changes: object) -> Rollout:
    """The rollout as if its share had been observed at the full minute."""
    return replace(
        here.rollout(),
        entered_at=here.kernel.now.replace(second=0, microsecond=0),
        **changes,  # type: ignore[arg-type]
    )


def both(at: datetime) -> Minute:
    return Minute(at, GOOD, GOOD)


def without(side: str, at: datetime) -> Callable[[datetime], Minute]:
    """Both sides report every minute, but one of them lacks the minute `at`."""

    def report(minute: datetime) -> Minute:
        if minute != at:
            return both(minute)
        return Minute(at, *((None, GOOD) if side == "baseline" else (GOOD, None)))

    return report


def quiet(here: Here, **ports: object) -> World:
    return replace(here.world, **({"store": MemoryStore()} | ports))  # type: ignore[arg-type]


def taken(world: World, rollout: Rollout, after: timedelta) -> Evidence:
    observe(world, rollout, rollout.entered_at + after)
    evidence = world.store.find_evidence(ENDPOINT)
    assert evidence is not None
    return evidence


class TestLateMinutes:
    @pytest.mark.parametrize(("seconds", "minutes"), [(359, 1), (360, 2)])
    @pytest.mark.parametrize("side", ["candidate", "baseline"])
    def test_a_minute_without_data_waits_five_minutes_for_late_ones(
        self, baking: Here, side: str, seconds: int, minutes: int
    ) -> None:
        rollout = begin(baking)
        late = rollout.entered_at + MINUTE
        world = quiet(baking, metrics=Reported(without(side, late)))
        evidence = taken(world, rollout, MINUTE + timedelta(seconds=seconds))
        assert (evidence.until > late) is (minutes == 2)
        assert evidence.rows[0] == (10, 0, 0, 10, 0, 0)
        assert len(evidence.rows) == (1 if minutes == 1 else 5)

    def test_what_comes_late_is_counted_in_full(self, baking: Here) -> None:
        rollout = begin(baking)
        store = MemoryStore()
        waits = quiet(baking, metrics=Reported(without("candidate", rollout.entered_at)), store=store)
        filled = quiet(baking, metrics=Reported(both), store=store)
        assert taken(waits, rollout, 5 * MINUTE).rows == ()
        assert taken(filled, rollout, 5 * MINUTE).rows == ((10, 0, 0, 10, 0, 0),) * 3

    def test_beside_a_candidate_with_all_traffic_nobody_waits_for_the_baseline(self, baking: Here) -> None:
        rollout = begin(baking, step=1, share_bps=ALL_BPS)
        world = quiet(baking, metrics=Reported(without("baseline", rollout.entered_at)))
        assert len(taken(world, rollout, 5 * MINUTE).rows) == 3

    def test_beside_a_baseline_with_a_single_percent_it_is_waited_for(self, baking: Here) -> None:
        rollout = begin(baking, share_bps=ALL_BPS - 100)
        world = quiet(baking, metrics=Reported(without("baseline", rollout.entered_at)))
        assert taken(world, rollout, 5 * MINUTE).rows == ()


class TestThinTraffic:
    def test_minutes_older_than_an_hour_are_kept_until_a_verdict_has_enough(self, baking: Here) -> None:
        rollout = begin(baking)
        health = replace(rollout.plan.health, min_requests=1000)
        thin = replace(rollout, plan=replace(rollout.plan, health=health))
        world = quiet(baking, metrics=Reported(both))
        assert taken(world, rollout, 72 * MINUTE).merged_minutes == 0
        assert taken(quiet(baking, metrics=Reported(both)), thin, 72 * MINUTE).merged_minutes == 10


class TestEvidenceThatCannotBeKept:
    @pytest.mark.parametrize(
        ("side", "opinion"), [(Side(100, 90, 0), Opinion.FAIL), (Side(100, 0, 0), Opinion.PASS)]
    )
    def test_it_counts_for_this_look(self, baking: Here, side: Side, opinion: Opinion) -> None:
        store = KeepsNothing(error=Transient("the table does not answer"))
        world = quiet(baking, metrics=Reported(lambda at: Minute(at, GOOD, side)), store=store)
        verdict = self.judged(world, baking)
        assert (verdict.opinion, verdict.candidate.requests) == (opinion, 300)

    def test_what_another_pass_gathers_is_looked_at_again_with_what_it_found(self, baking: Here) -> None:
        store = KeepsNothing(error=Conflict("somebody else wrote first"))
        world = quiet(baking, metrics=Reported(both), store=store)
        with pytest.raises(Conflict):
            self.judged(world, baking)

    @staticmethod
    def judged(world: World, here: Here) -> Verdict:
        rollout = begin(here)
        verdict = observe(world, rollout, rollout.entered_at + 5 * MINUTE).verdict
        assert verdict is not None
        return verdict


class TestSilence:
    @pytest.mark.parametrize(
        ("answer", "opinion"),
        [
            (Answer.FAILED, Opinion.FAIL),
            (Answer.ANSWERED, Opinion.NOT_ENOUGH),
            (Answer.UNREACHABLE, Opinion.NOT_ENOUGH),
        ],
    )
    @pytest.mark.parametrize("phase", [Phase.BAKING, Phase.FINALIZING, Phase.WATCHING])
    def test_who_serves_alone_and_is_silent_is_asked(
        self, baking: Here, phase: Phase, answer: Answer, opinion: Opinion
    ) -> None:
        prober = Asked(answer)
        rollout = begin(baking, phase=phase, share_bps=ALL_BPS)
        verdict = self.after(baking, rollout, prober, dark_minutes=10)
        assert verdict.opinion is opinion
        assert prober.variants == [VARIANT if phase is Phase.WATCHING else rollout.candidate_variant]
        assert verdict.sentence.endswith("fails when it is asked: 500") is (answer is Answer.FAILED)

    @pytest.mark.parametrize(("share", "dark"), [(ALL_BPS, 9), (5000, 10)])
    def test_nobody_else_is_asked(self, baking: Here, share: int, dark: int) -> None:
        prober = Asked(Answer.FAILED)
        self.after(baking, begin(baking, share_bps=share), prober, dark_minutes=dark)
        assert prober.variants == []

    @staticmethod
    def after(here: Here, rollout: Rollout, prober: Asked, dark_minutes: int) -> Verdict:
        store = MemoryStore()
        is_watched = rollout.phase is Phase.WATCHING
        window = f"{rollout.id}/watch" if is_watched else f"{rollout.id}/step-{rollout.step}"
        row = (0, 0, 0, 0, 0, 0)
        store.evidence[ENDPOINT] = Evidence(
            window, rollout.entered_at, (row,) * 10, dark_minutes=dark_minutes, usual_rpm=30.0
        )
        verdict = observe(quiet(here, store=store, prober=prober), rollout, rollout.entered_at).verdict
        assert verdict is not None
        return verdict
