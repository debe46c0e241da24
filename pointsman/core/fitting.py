"""What would let a release prove itself where its policy's patience is shorter than the evidence needs. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from pointsman.core.evidence_time import Mood
from pointsman.core.past_traffic import ONE_DAY, ONE_HOUR
from pointsman.core.spoken import clock, duration
from pointsman.core.timetable import WEIGHTS, Course, Question, StepRun, Timetable, course
from pointsman.policy import Plan

LEAST_REQUESTS = 20
"""Fewer show next to nothing: a fault of one request in ten would pass one time in eight."""
LONGEST_PATIENCE = ONE_DAY
"""What takes longer is not proposed: the traffic is another one by then, and so may be the people."""
SHARES = (2, 5, 10, 15, 20, 25, 30, 40, 50)
"""Percentages that are proposed for a step."""
HALF, WHOLE = 50, 100
"""In percent. With a half on each side most is proved: above it the baseline becomes what there is too little of."""
BUSIER = 1.1
LATE_TO_EARLY = (Mood(1), Mood(0), Mood(-1))


@dataclass(frozen=True, slots=True)
class Way:
    """One change that is enough. `yaml` are the lines of a policy that say it; empty: it is none of the policy."""

    says: str
    yaml: tuple[str, ...] = ()


def is_proved(found: Timetable) -> bool:
    """Also in the latest course every step finds its proof in time."""
    return all(each.stuck_at is None for each in found.courses)


def ways_to_fit(question: Question) -> tuple[Way, ...]:
    """Changes of the policy, one at a time, with which every step is proved in time; each was tried."""
    if question.traffic is None or question.traffic.total <= 0:
        return ()
    ways = (_other_steps, _fewer_requests, _more_patience, _another_hour)
    return tuple(way for way in (each(question) for each in ways) if way is not None)


def takes(question: Question, percent: int) -> StepRun | None:
    """How long a step takes as expected when nothing but its patience is longer; None: days, or for ever."""
    patient = _under(question, replace(question.plan, patience=LONGEST_PATIENCE))
    found = course(patient, Mood(0))
    return next((step for step in found.steps if step.percent == percent), None)


def _fits(question: Question) -> bool:
    return all(course(question, mood).stuck_at is None for mood in LATE_TO_EARLY)


def _other_steps(question: Question) -> Way | None:
    for steps in _tried_steps(question.plan):
        if _fits(_under(question, replace(question.plan, steps=steps))):
            said = f"[{', '.join(str(step) for step in steps)}]"
            return Way(f"set rollout.steps to {said}", ("rollout:", f"  steps: {said}"))
    return None


def _tried_steps(plan: Plan) -> Iterator[tuple[int, ...]]:
    """The least change first. A step that a person must approve stays one."""
    shared = [step for step in plan.steps if step < WHOLE]
    if not shared:
        return
    whole = plan.steps[len(shared) :]
    tried = [(*[step for step in shared[:-1] if step < HALF], HALF, *whole)] if shared[-1] != HALF else []
    tried += [
        tuple(sorted({max(step, least) for step in plan.steps})) for least in SHARES if least > shared[0]
    ]
    yield from (steps for steps in tried if set(plan.gates) <= set(steps))


def _fewer_requests(question: Question) -> Way | None:
    most, health = question.plan.health.min_requests, question.plan.health

    def fits(count: int) -> bool:
        return _fits(_under(question, replace(question.plan, health=replace(health, min_requests=count))))

    found = _last(fits, range(LEAST_REQUESTS, most))
    if found is None:
        return None
    return Way(
        f"set health.min_requests to {found}, which proves less", ("health:", f"  min_requests: {found}")
    )


def _more_patience(question: Question) -> Way | None:
    patient = _under(question, replace(question.plan, patience=LONGEST_PATIENCE))
    longest = 0.0
    for mood in LATE_TO_EARLY:
        found = course(patient, mood)
        if found.stuck_at is not None:
            return None
        longest = max(longest, _longest(found, mood))
    hours = max(math.ceil(longest), question.plan.patience // ONE_HOUR + 1)
    if not _fits(_under(question, replace(question.plan, patience=hours * ONE_HOUR))):
        return None
    return Way(f"set rollout.patience to {hours}h", ("rollout:", f"  patience: {hours}h"))


def _longest(found: Course, mood: Mood) -> float:
    """Hours from a share in effect to its proof, of the step that takes longest."""
    took = [
        step.rehearsed.at - step.begins - WEIGHTS.at(mood)
        for step in found.steps
        if step.rehearsed is not None and step.rehearsed.at is not None
    ]
    return max((each / ONE_HOUR for each in took), default=0.0)


def _another_hour(question: Question) -> Way | None:
    """Within a day the traffic comes round."""
    full = question.start.replace(minute=0, second=0, microsecond=0)
    traffic = question.traffic
    if traffic is None:
        return None
    now = traffic.expected(question.start)[0]
    for ahead in range(1, 25):
        start = full + ONE_HOUR * ahead
        is_busier = traffic.expected(start)[0] > BUSIER * now
        if is_busier and _fits(replace(question, start=start)):
            return Way(
                f"approve it at {clock(start, question.start)} UTC, in {duration(start - question.start)}"
            )
    return None


def _under(question: Question, plan: Plan) -> Question:
    return replace(question, plan=plan)


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
