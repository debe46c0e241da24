"""Finds the least that still fails, and tells it as a short story with a line that replays it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tests.properties.faults import Schedule
from tests.properties.verdicts import explore, problems

MODULE = "tests.properties.replay"
SHOWN = 60


def first_failure(schedules: Iterable[Schedule]) -> str | None:
    """Run schedules until one fails; its story, or None when all held."""
    for schedule in schedules:
        if problems(explore(schedule)):
            return story_of(shrunk(schedule))
    return None


def shrunk(schedule: Schedule) -> Schedule:
    """Leave faults out, one by one, for as long as something still fails."""
    smaller = schedule
    for fault in schedule.faults:
        rest = tuple(each for each in smaller.faults if each is not fault)
        candidate = replace(smaller, faults=rest)
        if problems(explore(candidate)):
            smaller = candidate
    return smaller


def story_of(schedule: Schedule) -> str:
    """What happened, who did it, what was recorded, and what is wrong with the end."""
    run = explore(schedule, is_told=True)
    lines = [f"schedule  {schedule}", f"replay    python -m {MODULE} {schedule}", ""]
    struck = [number for number, line in enumerate(run.story) if ":    " in line]
    first, last = (struck[0] - 10, struck[-1] + 30) if struck else (0, SHOWN)
    lines += [line[:160] for line in run.story[max(0, first) : last]]
    lines += ["", "recorded:"]
    for record in run.memory.records():
        facts = record.facts()
        ways = f"{facts.get('before', '')} -> {facts.get('after', '')}"
        lines.append(
            f"{facts['at'][11:19]} {facts['kind']} {ways} {facts.get('act') or ''} {facts['reason']}"[:160]
        )
    lines += ["", "wrong:", *(problems(run) or ["nothing"])]
    return "\n".join(lines)
