"""Plays one run with one judge: when it goes back or promotes, and how many requests are spoilt until then."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.judge.minutes import Decision, Judge, StartJudge
from benchmarks.judge.setting import HORIZON, PLAN, READ_DELAY
from benchmarks.judge.shown import Run
from benchmarks.judge.world import COLUMNS
from pointsman.core.canary_evidence import Mode

LAST = len(PLAN) - 1


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended. Minutes count from the start of the rollout, with the time until a minute can be read."""

    decision: Decision
    minutes: int
    harm: float


def play(run: Run, start: StartJudge, mode: Mode) -> Ended:
    """One rollout. A stage that is promoted ends at once; what is decided about the version takes effect after the delay."""
    judge = start(run.start(mode))
    return _fixed(run, judge) if mode is Mode.FIXED else _adaptive(run, judge)


def unjudged(run: Run) -> float:
    """Requests that the fixed plan spoils if nobody judges."""
    return sum(run.harm[COLUMNS[min(minute // PLAN[0].bake_max, LAST), minute]] for minute in range(HORIZON))


def _fixed(run: Run, judge: Judge) -> Ended:
    harm = 0.0
    for minute in range(HORIZON):
        stage, stage_minute = min(minute // PLAN[0].bake_max, LAST), minute % PLAN[0].bake_max
        harm += run.harm[COLUMNS[stage, minute]]
        if judge.minute(run.minute(minute, stage, stage_minute)) is Decision.ROLLBACK:
            return Ended(Decision.ROLLBACK, minute + 1 + READ_DELAY, harm + _late(run, stage, minute))
    return Ended(Decision.CONTINUE, HORIZON, harm)


def _adaptive(run: Run, judge: Judge) -> Ended:
    harm, stage, stage_minute = 0.0, 0, 0
    for minute in range(HORIZON):
        harm += run.harm[COLUMNS[stage, minute]]
        decision = judge.minute(run.minute(minute, stage, stage_minute))
        if decision is Decision.ROLLBACK:
            return Ended(decision, minute + 1 + READ_DELAY, harm + _late(run, stage, minute))
        stage_minute += 1
        if decision is Decision.PROMOTE and stage_minute >= PLAN[stage].bake_min:
            if stage == LAST:
                after = sum(run.harm_at_all[minute + 1 + READ_DELAY :])
                harm += _late(run, stage, minute) + after
                return Ended(decision, minute + 1 + READ_DELAY, harm)
            stage, stage_minute = stage + 1, 0
    return Ended(Decision.CONTINUE, HORIZON, harm)


def _late(run: Run, stage: int, minute: int) -> float:
    """What is spoilt between a minute and the moment at which it could be read."""
    until = min(minute + 1 + READ_DELAY, HORIZON)
    return sum(run.harm[COLUMNS[stage, each]] for each in range(minute + 1, until))
