"""How long a release takes, in three moods: the earliest, as expected, the latest. Pure; what it rests on is handed in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pointsman.core.decision import SCALING_CATCHES_UP
from pointsman.core.evidence_time import Mood, Outlook, Reading
from pointsman.core.expected_minutes import Rates, usual_rates
from pointsman.core.past_traffic import PastTraffic
from pointsman.core.rehearsal import Rehearsal, Rehearsed, rehearsal
from pointsman.core.usual import Usual
from pointsman.policy import Plan
from pointsman.windows import Windows, next_opening


class Grounds(StrEnum):
    """How it is known how long something takes."""

    ASSUMED = "assumed"
    MEASURED = "measured"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Span:
    """How long something takes: at least, as expected, at most. `times`: how often it was measured."""

    low: timedelta
    usual: timedelta
    high: timedelta
    grounds: Grounds = Grounds.ASSUMED
    times: int = 0

    def at(self, mood: Mood) -> timedelta:
        """The duration in a mood."""
        return (self.low, self.usual, self.high)[mood.sign + 1]


ASSUMED_FLEET = Span(timedelta(minutes=5), timedelta(minutes=8), timedelta(minutes=15))
"""Until a new fleet is in service (recalled; containers and models differ widely)."""
WEIGHTS = Span(timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=3))
"""Until a weights call is in effect (recalled)."""
LOOK = Span(timedelta(0), timedelta(seconds=30), timedelta(minutes=2))
"""Until somebody looks at what is due: the tick comes every minute."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the timetable is asked for."""

    plan: Plan
    start: datetime
    traffic: PastTraffic | None
    reading: Reading
    fleet: Span = ASSUMED_FLEET
    windows: Windows | None = None
    is_autoscaled: bool = False
    usual: Usual = field(default_factory=Usual)
    """How the baseline was before; zeros where nobody knows."""


@dataclass(frozen=True, slots=True)
class StepRun:
    """One step: when its share is asked for, when it is proved, and what was rehearsed of it (None: only the clock counts)."""

    percent: int
    begins: datetime
    proved: datetime
    rehearsed: Rehearsed | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """How one release goes in one mood. What is None is not reached."""

    asked: datetime
    begins: datetime | None = None
    stands: datetime | None = None
    steps: tuple[StepRun, ...] = ()
    stuck_at: int | None = None
    """The step, in percent, that finds no proof within the policy's patience."""
    gives_up: datetime | None = None
    stuck: Rehearsed | None = None
    """What its patience would have brought it."""
    finalizes: datetime | None = None
    promoted: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Timetable:
    """The three courses. `knows_traffic`: without it steps are as short as `bake.min`, and no more is known."""

    earliest: Course
    expected: Course
    latest: Course
    knows_traffic: bool

    @property
    def courses(self) -> tuple[Course, Course, Course]:
        """In order."""
        return self.earliest, self.expected, self.latest


def timetable(question: Question) -> Timetable:
    """Follow the release three times."""
    early, usual, late = (course(question, Mood(sign)) for sign in (-1, 0, 1))
    return Timetable(early, usual, late, question.traffic is not None)


def course(question: Question, mood: Mood) -> Course:
    """Follow the release once."""
    begins = _open_at(question, question.start)
    found = Course(question.start, begins)
    if begins is None:
        return found
    found = replace(found, stands=begins + question.fleet.at(mood))
    found = _through_steps(question, found, mood)
    if len(found.steps) < len(question.plan.steps):
        return found
    finalizes = _open_at(question, found.steps[-1].proved)
    if finalizes is None:
        return found
    promoted = finalizes + question.fleet.at(mood)
    watch = max(question.plan.watch, SCALING_CATCHES_UP if question.is_autoscaled else timedelta(0))
    ended = promoted + watch + LOOK.at(mood)
    return replace(found, finalizes=finalizes, promoted=promoted, ended=ended)


def _through_steps(question: Question, found: Course, mood: Mood) -> Course:
    plan, rehearsed = question.plan, _rehearsal(question, mood)
    now = found.stands
    for index, percent in enumerate(plan.steps):
        begins = _open_at(question, now) if now is not None else None
        if begins is None:
            return found
        since = begins + WEIGHTS.at(mood)
        gives_up = since + plan.patience
        said = rehearsed.step(index, since, gives_up) if rehearsed is not None else None
        if said is not None and said.at is None:
            return replace(found, stuck_at=percent, gives_up=gives_up, stuck=said)
        baked = since + plan.bake_min
        now = max(baked, said.at if said is not None and said.at is not None else baked) + LOOK.at(mood)
        found = replace(found, steps=(*found.steps, StepRun(percent, begins, now, said)))
    return found


def _rehearsal(question: Question, mood: Mood) -> Rehearsal | None:
    """None where nothing is proved: nobody knows the traffic, or the judge only reports."""
    if question.traffic is None or question.plan.health.is_reported_only:
        return None
    usual = question.usual
    outlook = Outlook(question.traffic, mood)
    baseline, candidate = usual_rates(usual, mood)
    if question.plan.health.comparison.output_tokens is not None:
        # Time per output token is compared then, of which no proof is asked.
        baseline, candidate = Rates(baseline.errors), Rates(candidate.errors)
    return rehearsal(question.plan, usual, outlook, question.reading, (baseline, candidate))


def _open_at(question: Question, moment: datetime) -> datetime | None:
    """The moment itself, or when the next release window opens; None where none does."""
    return next_opening(question.windows, moment) if question.windows is not None else moment
