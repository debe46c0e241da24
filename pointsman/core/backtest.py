"""Plays one pretended rollout on past minutes with the policy's own judge. Which rollouts are played is `backtests.py`. Pure: chance is an argument."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pointsman.core.judge import Evidence, begin, judge, open_window, take
from pointsman.core.minutes import ONE_MINUTE, Minute
from pointsman.core.past import PastMinute, slow_us
from pointsman.core.past_split import Chance, Counted, Dealt, counted, deal
from pointsman.core.rollout import ALL_BPS
from pointsman.core.usual import Usual, thresholds_of
from pointsman.core.verdict import Counts, Opinion
from pointsman.policy import Plan

Source = Callable[[datetime], tuple[PastMinute | None, PastMinute | None]]
"""What the baseline's and what the candidate's requests of a minute are drawn from. The same object twice: one traffic for both."""


class Ending(StrEnum):
    """How a pretended rollout ends. Read by programs: never rename a value."""

    WATCHED = "watched"
    ROLLED_BACK = "rolled_back"
    PATIENCE_OVER = "patience_over"
    CUT_OFF = "cut_off"
    """The past is over before the rollout is."""


@dataclass(frozen=True, slots=True)
class Pretended:
    """A rollout that never was: its traffic moves from `start` on, and it is played until `until` at most.

    Where it is waved, each step ends at the policy's least bake, whatever is proved: that puts the watch where it is wanted.
    `late_fill`: so long a minute without data is waited for. What the candidate answers is counted from `counted_from` on.
    """

    plan: Plan
    usual: Usual
    start: datetime
    until: datetime
    source: Source
    chance: Chance
    late_fill: timedelta
    is_waved: bool = False
    counted_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """How it ended, when, and in which step (its index; the number of steps: the watch). `served`: what the candidate answered."""

    start: datetime
    ending: Ending
    at: datetime
    step: int
    sentence: str
    proved_at: datetime | None
    served: Counts

    @property
    def lasted(self) -> timedelta:
        """From the first share to the end."""
        return self.at - self.start


@dataclass(frozen=True, slots=True)
class _Course:
    """Where a rollout is while it is played. `reached` is up to where `served` counts."""

    evidence: Evidence
    step: int
    entered: datetime
    reached: datetime
    proved_at: datetime | None = None
    served: Counts = field(default_factory=Counts)
    opinion: Opinion = Opinion.NOT_ENOUGH
    sentence: str = "no minute is complete yet"


def play(run: Pretended) -> Played:
    """Let a tick come each minute, as the product does; moving traffic takes no time here."""
    course = _Course(begin(run.plan, run.usual, "played/step-0", run.start), 0, run.start, run.start)
    now = run.start
    while now < run.until:
        now += ONE_MINUTE
        course = _gathered(run, course, now)
        ending = _ending(run, course, now)
        if ending is not None:
            return _played(run, course, ending, now)
        if _is_over(run, course, now):
            course = _next_step(run, course, now)
    return _played(run, course, Ending.CUT_OFF, now)


def _ending(run: Pretended, course: _Course, now: datetime) -> Ending | None:
    plan, baked = run.plan, now - course.entered
    watches = course.step == len(plan.steps)
    if course.opinion is Opinion.FAIL and (watches or not run.is_waved):
        return Ending.ROLLED_BACK
    if watches:
        ends = baked >= plan.watch and course.opinion is not Opinion.BLIND
        return Ending.WATCHED if ends else None
    over = baked >= plan.patience and not _is_over(run, course, now)
    return Ending.PATIENCE_OVER if over else None


def _is_over(run: Pretended, course: _Course, now: datetime) -> bool:
    if course.step == len(run.plan.steps) or now - course.entered < run.plan.bake_min:
        return False
    return run.is_waved or course.opinion is Opinion.PASS


def _next_step(run: Pretended, course: _Course, now: datetime) -> _Course:
    step = course.step + 1
    watches = step == len(run.plan.steps)
    window = "played/watch" if watches else f"played/step-{step}"
    return replace(
        course,
        evidence=open_window(course.evidence, window, now, min(step, len(run.plan.steps) - 1)),
        step=step,
        entered=now,
        reached=now,
        proved_at=now if watches else None,
        served=course.served.plus(_unseen(run, course, now)),
        opinion=Opinion.NOT_ENOUGH,
        sentence="no minute is complete yet",
    )


def _gathered(run: Pretended, course: _Course, now: datetime) -> _Course:
    """Take the minutes that CloudWatch would show by now."""
    share, evidence, served = _share_bps(run, course.step), course.evidence, course.served
    shown = now - run.plan.health.metric_delay
    while evidence.until + ONE_MINUTE <= shown:
        minute = _minute(run, evidence.until, share)
        is_missing = minute.candidate is None or (minute.baseline is None and share < ALL_BPS)
        if is_missing and now - minute.at < run.late_fill + ONE_MINUTE:
            break
        evidence = take(evidence, minute, share, run.plan)
        served = served.plus(_candidate(run, minute))
    if evidence is course.evidence:
        return course
    said = judge(evidence, run.plan.health, share)
    return replace(
        course,
        evidence=evidence,
        reached=max(course.reached, evidence.until),
        served=served,
        opinion=said.opinion,
        sentence=said.sentence,
    )


def _played(run: Pretended, course: _Course, ending: Ending, now: datetime) -> Played:
    served = course.served.plus(_unseen(run, course, now))
    return Played(run.start, ending, now, course.step, course.sentence, course.proved_at, served)


def _unseen(run: Pretended, course: _Course, now: datetime) -> Counts:
    """What the candidate answered in minutes that had not been shown yet."""
    share, at, served = _share_bps(run, course.step), course.reached, Counts()
    while at < now:
        served = served.plus(_candidate(run, _minute(run, at, share)))
        at += ONE_MINUTE
    return served


def _minute(run: Pretended, at: datetime, share_bps: int) -> Minute:
    theirs, ours = run.source(at)
    of_baseline, of_candidate = _counted(run, ours)
    share, wanted = share_bps / ALL_BPS, _thresholds(of_baseline, of_candidate)
    if share_bps >= ALL_BPS:
        whole = deal(ours, 1.0, wanted, run.chance)[1] if ours is not None else None
        return Minute(at, None, whole.side(of_candidate) if whole else None)
    mine = deal(ours, share, wanted, run.chance) if ours is not None else None
    if theirs is ours:
        rest: Dealt | None = mine[0] if mine else None
    else:
        rest = deal(theirs, share, wanted, run.chance)[0] if theirs is not None else None
    return Minute(
        at,
        rest.side(of_baseline) if rest else None,
        mine[1].side(of_candidate) if mine else None,
    )


def _counted(run: Pretended, past: PastMinute | None) -> tuple[Counted, Counted]:
    """Over which thresholds each side is counted. One threshold for both tells nothing of a candidate that may be a tenth slower."""
    theirs, mine = counted(thresholds_of(run.usual, run.plan.health), slow_us(run.plan.health))
    if past is None or theirs.p75 is None or mine.p75 is None:
        return theirs, mine
    if past.threshold_for(theirs.p75) != past.threshold_for(mine.p75):
        return theirs, mine
    return replace(theirs, p75=None), replace(mine, p75=None)


def _thresholds(*sides: Counted) -> tuple[int, ...]:
    return tuple(each for side in sides for each in (side.slow, side.p75, side.p99) if each is not None)


def _candidate(run: Pretended, minute: Minute) -> Counts:
    side = minute.candidate if minute.at >= (run.counted_from or run.start) else None
    return Counts(side.requests, side.errors, side.slow) if side else Counts()


def _share_bps(run: Pretended, step: int) -> int:
    return run.plan.steps[step] * 100 if step < len(run.plan.steps) else ALL_BPS
