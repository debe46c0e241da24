"""Which minutes are taken for evidence, what counts although it cannot be kept, and who is asked about a silence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from pointsman.core.judge import Evidence
from pointsman.core.minutes import Minute, Side
from pointsman.core.observed import Answer, Sides
from pointsman.core.phases import Phase
from pointsman.core.rollout import ALL_BPS, Rollout
from pointsman.core.usual import Usual
from pointsman.core.verdict import Counts, Opinion, Verdict
from pointsman.errors import Conflict, Transient
from pointsman.observe import observe
from pointsman.world import World
from tests.functions.account import ENDPOINT, VARIANT
from tests.functions.world import Here
from tests.pointsman.readings import Asked, KeepsNothing, Reported
from tests.worlds.memory import MemoryStore

MINUTE = timedelta(minutes=1)
GOOD = Side(10, 0, 0)
PAST = Usual(500_000.0, 900_000.0, 0.002, 20.0)


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
        assert evidence.minutes == (1 if minutes == 1 else 5)
        mine, theirs = (evidence.candidate, evidence.baseline)
        other = mine if side == "baseline" else theirs
        assert other == Counts(10 * evidence.minutes)

    def test_what_comes_late_is_counted_in_full(self, baking: Here) -> None:
        rollout = begin(baking)
        store = MemoryStore()
        waits = quiet(baking, metrics=Reported(without("candidate", rollout.entered_at)), store=store)
        filled = quiet(baking, metrics=Reported(both), store=store)
        assert taken(waits, rollout, 5 * MINUTE).minutes == 0
        evidence = taken(filled, rollout, 5 * MINUTE)
        assert (evidence.minutes, evidence.candidate, evidence.baseline) == (3, Counts(30), Counts(30))

    def test_beside_a_candidate_with_all_traffic_nobody_waits_for_the_baseline(self, baking: Here) -> None:
        rollout = begin(baking, step=1, share_bps=ALL_BPS)
        world = quiet(baking, metrics=Reported(without("baseline", rollout.entered_at)))
        assert taken(world, rollout, 5 * MINUTE).minutes == 3

    def test_beside_a_baseline_with_a_single_percent_it_is_waited_for(self, baking: Here) -> None:
        rollout = begin(baking, share_bps=ALL_BPS - 100)
        world = quiet(baking, metrics=Reported(without("baseline", rollout.entered_at)))
        assert taken(world, rollout, 5 * MINUTE).minutes == 0


class TestBeginning:
    """What is frozen when a rollout's first minute is judged, and what is gone on with."""

    def test_the_past_is_looked_up_once_and_kept(self, baking: Here) -> None:
        rollout = begin(baking)
        store = MemoryStore()
        first = quiet(baking, metrics=Reported(both, PAST), store=store)
        later = quiet(baking, metrics=Reported(both, Usual(1.0, 1.0, 1.0, 1.0)), store=store)
        assert taken(first, rollout, 5 * MINUTE).usual == PAST
        assert taken(later, rollout, 9 * MINUTE).usual == PAST
        next_step = replace(rollout, step=1, share_bps=ALL_BPS, entered_at=rollout.entered_at + 9 * MINUTE)
        evidence = taken(later, next_step, 9 * MINUTE)
        assert (evidence.usual, evidence.window) == (PAST, f"{rollout.id}/step-1")

    def test_minutes_are_counted_over_the_thresholds_of_that_past(self, baking: Here) -> None:
        asked: list[Usual] = []

        class Asking(Reported):
            def read(self, sides: Sides, *rest: Any) -> list[Minute]:
                asked.append(sides.usual)
                return super().read(sides, *rest)

        taken(quiet(baking, metrics=Asking(both, PAST)), begin(baking), 5 * MINUTE)
        assert asked == [PAST]

    def test_evidence_of_another_rollout_is_not_gone_on_with(self, baking: Here) -> None:
        rollout = begin(baking)
        store = MemoryStore()
        world = quiet(baking, metrics=Reported(both), store=store)
        taken(world, replace(rollout, id=f"{rollout.id}0"), 9 * MINUTE)
        assert taken(world, rollout, 5 * MINUTE).minutes == 3

    def test_a_rollout_that_an_older_judge_had_begun_is_judged_from_its_step_on(self, baking: Here) -> None:
        rollout = begin(baking)
        store = MemoryStore()
        old = Evidence(f"{rollout.id}/step-0", rollout.entered_at + 2 * MINUTE, None)
        store.evidence[ENDPOINT] = old
        world = quiet(baking, metrics=Reported(both), store=store)
        evidence = taken(world, rollout, 5 * MINUTE)
        assert (evidence.since, evidence.minutes) == (rollout.entered_at, 3)
        assert taken(world, rollout, 6 * MINUTE).minutes == 4

    def test_after_hours_in_which_nobody_looked_the_last_three_are_read(self, baking: Here) -> None:
        rollout = begin(baking)
        world = quiet(baking, metrics=Reported(both))
        taken(world, rollout, 5 * MINUTE)
        evidence = taken(world, rollout, timedelta(hours=6, minutes=2))
        assert evidence.minutes == 3 + 180
        assert evidence.until == rollout.entered_at + timedelta(hours=6)

    def test_each_minute_is_kept_with_what_was_said_of_it(self, baking: Here) -> None:
        rollout = begin(baking)
        store = MemoryStore()
        failing = Reported(lambda at: Minute(at, GOOD, Side(10, 10, 0)))
        taken(quiet(baking, metrics=failing, store=store), rollout, 12 * MINUTE)
        said = [each.verdict.opinion for each in store.judged]
        assert len(said) == 10
        assert said[0] is Opinion.NOT_ENOUGH
        first = said.index(Opinion.FAIL)
        assert {*said[first:]} == {Opinion.FAIL}
        assert {each.share_bps for each in store.judged} == {rollout.share_bps}


class TestEvidenceThatCannotBeKept:
    @pytest.mark.parametrize(
        ("side", "opinion"), [(Side(100, 90, 0), Opinion.FAIL), (Side(100, 0, 0), Opinion.PASS)]
    )
    def test_it_counts_for_this_look(self, baking: Here, side: Side, opinion: Opinion) -> None:
        store = KeepsNothing(error=Transient("the table does not answer"))
        world = quiet(baking, metrics=Reported(lambda at: Minute(at, Side(100, 0, 0), side)), store=store)
        verdict = self.judged(world, baking)
        assert (verdict.opinion, verdict.candidate.requests) == (opinion, 6000)

    def test_what_another_pass_gathers_is_looked_at_again_with_what_it_found(self, baking: Here) -> None:
        store = KeepsNothing(error=Conflict("somebody else wrote first"))
        world = quiet(baking, metrics=Reported(both), store=store)
        with pytest.raises(Conflict):
            self.judged(world, baking)

    @staticmethod
    def judged(world: World, here: Here) -> Verdict:
        rollout = begin(here)
        verdict = observe(world, rollout, rollout.entered_at + 62 * MINUTE).verdict
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

    @pytest.mark.parametrize(("share", "dark"), [(ALL_BPS, 9), (5000, 2)])
    def test_nobody_is_asked_too_early(self, baking: Here, share: int, dark: int) -> None:
        prober = Asked(Answer.FAILED)
        self.after(baking, begin(baking, share_bps=share), prober, dark_minutes=dark)
        assert prober.variants == []

    def test_who_is_silent_beside_a_baseline_that_is_not_is_asked(self, baking: Here) -> None:
        prober = Asked(Answer.FAILED)
        rollout = begin(baking)
        verdict = self.after(baking, rollout, prober, dark_minutes=3)
        assert prober.variants == [rollout.candidate_variant]
        assert verdict.opinion is Opinion.FAIL

    def test_a_silence_of_both_is_nobodys_fault(self, baking: Here) -> None:
        prober = Asked(Answer.FAILED)
        world = quiet(baking, metrics=Reported(lambda at: Minute(at, None, None)), prober=prober)
        rollout = begin(baking)
        verdict = observe(world, rollout, rollout.entered_at + timedelta(hours=2)).verdict
        assert verdict is not None
        assert (verdict.opinion, prober.variants) == (Opinion.NOT_ENOUGH, [])

    @staticmethod
    def after(here: Here, rollout: Rollout, prober: Asked, dark_minutes: int) -> Verdict:
        """Three minutes in which it answered, and then so many in which it did not."""
        alone, since = rollout.share_bps == ALL_BPS, rollout.entered_at

        def report(at: datetime) -> Minute:
            baseline = None if alone else Side(30, 0, 0)
            return Minute(at, baseline, Side(30, 0, 0) if at < since + 3 * MINUTE else None)

        world = quiet(here, metrics=Reported(report), prober=prober)
        # The newest minute without data may still get some for five minutes.
        verdict = observe(world, rollout, since + (3 + dark_minutes + 5) * MINUTE).verdict
        assert verdict is not None
        return verdict
