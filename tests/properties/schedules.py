"""Which schedules are explored: every single fault of a scenario, and random ones of two and more. It runs none of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random

from tests.properties.faults import Fault, Kind, Schedule
from tests.properties.gate import Point
from tests.properties.scenarios import SCENARIOS
from tests.properties.verdicts import explore

LONG, SHORT = 55, 15
"""Pauses in seconds: beyond the time in which an act may begin and within it; none outlives a function."""
VERY_LATE = 900
"""Seconds after which the rollout that an event belonged to is over."""
SEEDS = (7, 8, 9)
POINTS = (
    Kind.KILL_BEFORE,
    Kind.KILL_AFTER,
    Kind.PAUSE_BEFORE,
    Kind.PAUSE_AFTER,
    Kind.THROTTLE,
    Kind.UNANSWERED,
    Kind.DENY,
    Kind.BUSY,
    Kind.LATE,
)
STALLS = frozenset({Kind.PAUSE_BEFORE, Kind.PAUSE_AFTER, Kind.LATE})
EVENTS = (Kind.LOSE, Kind.DOUBLE, Kind.DELAY)
OUTAGES = (Kind.UNWRITABLE, Kind.DOWN)


@cache
def points_of(scenario: str, seed: int = SEEDS[0]) -> tuple[tuple[Point, ...], int]:
    """The calls of an undisturbed run, and how many events it had."""
    run = explore(Schedule(scenario, seed=seed))
    return tuple(run.gate.points), run.events


def kills_and_pauses(scenario: str, since_s: int = 0) -> Iterator[Schedule]:
    """A pass killed, and paused, before and after every single call from so many seconds on.

    Between two calls of one pass nothing happens, so after the one is before the other: "after" is run for the last
    call of a pass only.
    """
    points, _events = points_of(scenario)
    for number, point in enumerate(points):
        if (point.at - points[0].at).total_seconds() < since_s:
            continue
        faults = [Fault(Kind.KILL_BEFORE, number), Fault(Kind.PAUSE_BEFORE, number, LONG)]
        is_last = number + 1 == len(points) or points[number + 1].owner != point.owner
        if is_last:
            faults += [Fault(Kind.KILL_AFTER, number), Fault(Kind.PAUSE_AFTER, number, LONG)]
        yield from (Schedule(scenario, (fault,)) for fault in faults)


def refusals(scenario: str) -> Iterator[Schedule]:
    """Every single call throttled, unanswered and denied; every change late; those of the endpoint refused as in progress."""
    points, _events = points_of(scenario)
    for number, point in enumerate(points):
        faults = [Fault(kind, number) for kind in (Kind.THROTTLE, Kind.UNANSWERED, Kind.DENY)]
        if point.is_change_of_endpoint:
            faults.append(Fault(Kind.BUSY, number))
        if point.is_change:
            faults += [Fault(Kind.LATE, number, SHORT), Fault(Kind.LATE, number, LONG)]
        yield from (Schedule(scenario, (fault,)) for fault in faults)


def event_mishaps(scenario: str) -> Iterator[Schedule]:
    """Every single event lost, doubled, and late so that later ones overtake it."""
    _points, events = points_of(scenario)
    for number in range(events):
        faults = (
            Fault(Kind.LOSE, number),
            Fault(Kind.DOUBLE, number),
            Fault(Kind.DOUBLE, number, VERY_LATE),
            Fault(Kind.DELAY, number, 90),
        )
        yield from (Schedule(scenario, (fault,)) for fault in faults)


def outages(scenario: str) -> Iterator[Schedule]:
    """The tables unwritable, and gone, for two minutes from every half minute on."""
    points, _events = points_of(scenario)
    length = int((points[-1].at - points[0].at).total_seconds())
    for second in range(0, length, 30):
        yield from (Schedule(scenario, (Fault(kind, second, 120),)) for kind in OUTAGES)


def random_schedules(count: int, seed: int = 2026) -> Iterator[Schedule]:
    """Two to five faults anywhere in any scenario."""
    chance = Random(seed)
    names = sorted(SCENARIOS)
    for _ in range(count):
        name, world = chance.choice(names), chance.choice(SEEDS)
        points, events = points_of(name, world)
        faults = tuple(_fault(chance, points, events) for _ in range(chance.choice((2, 2, 2, 3, 4, 5))))
        yield Schedule(name, faults, world)


def _fault(chance: Random, points: tuple[Point, ...], events: int) -> Fault:
    group = chance.random()
    if group < 0.15 and events:
        kind = chance.choice(EVENTS)
        return Fault(kind, chance.randrange(events), _lateness(chance, kind))
    if group < 0.25:
        length = int((points[-1].at - points[0].at).total_seconds())
        return Fault(chance.choice(OUTAGES), chance.randrange(length), chance.randint(20, 240))
    number = chance.randrange(len(points))
    if group < 0.40:
        changes = [place for place, point in enumerate(points) if point.is_change_of_endpoint]
        number = chance.choice(changes) if changes else number
    kind = chance.choice(POINTS)
    return Fault(kind, number, chance.choice((3, SHORT, 25, 40, LONG)) if kind in STALLS else 0)


def _lateness(chance: Random, kind: Kind) -> int:
    if kind is Kind.LOSE:
        return 0
    return chance.choice((2, 30, 90, 150) if kind is Kind.DELAY else (0, 5, 60, VERY_LATE))
