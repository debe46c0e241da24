"""How long a release takes, in three moods: the earliest, as expected, the latest. Pure; what it rests on is handed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pointsman.core.decision import SCALING_CATCHES_UP
from pointsman.core.evidence_time import Mood, Outlook, Reading, evidence_at
from pointsman.core.past_traffic import PastTraffic
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


@dataclass(frozen=True, slots=True)
class StepRun:
    """One step: when its share is asked for, and when it is proved."""

    percent: int
    begins: datetime
    proved: datetime


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
    early, usual, late = (_course(question, Mood(sign)) for sign in (-1, 0, 1))
    return Timetable(early, usual, late, question.traffic is not None)


def _course(question: Question, mood: Mood) -> Course:
    begins = _open_at(question, question.start)
    course = Course(question.start, begins)
    if begins is None:
        return course
    course = replace(course, stands=begins + question.fleet.at(mood))
    course = _through_steps(question, course, mood)
    if len(course.steps) < len(question.plan.steps):
        return course
    finalizes = _open_at(question, course.steps[-1].proved)
    if finalizes is None:
        return course
    promoted = finalizes + question.fleet.at(mood)
    watch = max(question.plan.watch, SCALING_CATCHES_UP if question.is_autoscaled else timedelta(0))
    ended = promoted + watch + LOOK.at(mood)
    return replace(course, finalizes=finalizes, promoted=promoted, ended=ended)


def _through_steps(question: Question, course: Course, mood: Mood) -> Course:
    outlook = Outlook(question.traffic, mood) if question.traffic is not None else None
    now = course.stands
    for percent in question.plan.steps:
        begins = _open_at(question, now) if now is not None else None
        if begins is None:
            return course
        baked_from = begins + WEIGHTS.at(mood)
        proved = _proved_at(question, outlook, percent, baked_from)
        if proved is None:
            return replace(course, stuck_at=percent, gives_up=baked_from + question.plan.patience)
        now = proved + LOOK.at(mood)
        course = replace(course, steps=(*course.steps, StepRun(percent, begins, now)))
    return course


def _proved_at(question: Question, outlook: Outlook | None, percent: int, since: datetime) -> datetime | None:
    plan, baked = question.plan, since + question.plan.bake_min
    if outlook is None:
        return baked
    window = since, since + plan.patience
    seen = evidence_at(outlook, percent / 100, plan.health.min_requests, window, question.reading)
    return max(baked, seen) if seen is not None else None


def _open_at(question: Question, moment: datetime) -> datetime | None:
    """The moment itself, or when the next release window opens; None where none does."""
    return next_opening(question.windows, moment) if question.windows is not None else moment
