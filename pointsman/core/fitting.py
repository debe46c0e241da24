"""What would let a release prove itself where its policy's patience is shorter than the evidence needs. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

from pointsman.core.past_traffic import ONE_DAY, ONE_HOUR
from pointsman.core.spoken import clock, duration
from pointsman.core.timetable import Question, Timetable, timetable

LEAST_REQUESTS = 20
"""Fewer show next to nothing: a fault of one request in ten would pass one time in eight."""
LONGEST_PATIENCE = 14 * ONE_DAY
"""As the policy file allows it."""


def is_proved(found: Timetable) -> bool:
    """Also in the latest course every step finds its proof in time."""
    return all(course.stuck_at is None for course in found.courses)


def ways_to_fit(question: Question) -> tuple[str, ...]:
    """Changes of the policy, one at a time, with which every step is proved in time; each was tried."""
    if question.traffic is None or question.traffic.total <= 0:
        return ()
    ways = (_larger_steps, _fewer_requests, _more_patience, _another_hour)
    return tuple(way for way in (each(question) for each in ways) if way)


def _larger_steps(question: Question) -> str:
    tried = (_with_steps(question, least) for least in range(question.plan.steps[0] + 1, 100))
    found = next((each for each in tried if is_proved(timetable(each))), None)
    return f"set rollout.steps to {list(found.plan.steps)}" if found else ""


def _with_steps(question: Question, least: int) -> Question:
    steps = tuple(sorted({max(step, least) for step in question.plan.steps}))
    return replace(question, plan=replace(question.plan, steps=steps))


def _fewer_requests(question: Question) -> str:
    most = question.plan.health.min_requests

    def fits(count: int) -> bool:
        health = replace(question.plan.health, min_requests=count)
        return is_proved(timetable(replace(question, plan=replace(question.plan, health=health))))

    found = _last(fits, range(LEAST_REQUESTS, most))
    return f"set health.min_requests to {found}, which proves less" if found is not None else ""


def _more_patience(question: Question) -> str:
    hours = range(question.plan.patience // ONE_HOUR + 1, LONGEST_PATIENCE // ONE_HOUR + 1)

    def fails(count: int) -> bool:
        patience = timedelta(hours=count)
        return not is_proved(timetable(replace(question, plan=replace(question.plan, patience=patience))))

    if not hours or fails(hours[-1]):
        return ""
    last = _last(fails, hours)
    enough = hours[0] if last is None else last + 1
    return f"set rollout.patience to {enough}h"


def _another_hour(question: Question) -> str:
    """Within a day the traffic comes round."""
    full = question.start.replace(minute=0, second=0, microsecond=0)
    for ahead in range(1, 25):
        start = full + ONE_HOUR * ahead
        if is_proved(timetable(replace(question, start=start))):
            return f"approve it at {clock(start, question.start)} UTC, in {duration(start - question.start)}"
    return ""


def _last(holds: Callable[[int], bool], numbers: Iterable[int]) -> int | None:
    """The last number for which something holds that holds for all before it; by halves."""
    ordered = list(numbers)
    low, high = 0, len(ordered)
    while low < high:
        middle = (low + high) // 2
        if holds(ordered[middle]):
            low = middle + 1
        else:
            high = middle
    return ordered[low - 1] if low else None
