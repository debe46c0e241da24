"""What goes wrong in a schedule, as values with a text form that can be pasted to replay it. Doing it is `gate.py`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of faults. The first group strikes the n-th call, the second the n-th event, the last a stretch of time."""

    KILL_BEFORE = "kill-before"
    KILL_AFTER = "kill-after"
    PAUSE_BEFORE = "pause-before"
    PAUSE_AFTER = "pause-after"
    THROTTLE = "throttle"
    BUSY = "busy"
    DENY = "deny"
    UNANSWERED = "unanswered"
    """The call takes effect and its answer is lost."""
    LATE = "late"
    """The answer is lost and the call takes effect `seconds` later, whatever has become of its pass."""
    LOSE = "lose"
    DOUBLE = "double"
    """Delivered twice, the second time `seconds` later."""
    DELAY = "delay"
    UNWRITABLE = "unwritable"
    """The tables answer reads only, from `at` seconds on."""
    DOWN = "down"
    """The tables answer nothing."""


AT_CALLS = frozenset(
    {
        Kind.KILL_BEFORE,
        Kind.KILL_AFTER,
        Kind.PAUSE_BEFORE,
        Kind.PAUSE_AFTER,
        Kind.THROTTLE,
        Kind.BUSY,
        Kind.DENY,
        Kind.UNANSWERED,
        Kind.LATE,
    }
)
AT_EVENTS = frozenset({Kind.LOSE, Kind.DOUBLE, Kind.DELAY})
AT_TIMES = frozenset({Kind.UNWRITABLE, Kind.DOWN})


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: `at` counts calls, events or seconds; `seconds` is how long it lasts, where that means something."""

    kind: Kind
    at: int
    seconds: int = 0

    def __str__(self) -> str:
        return f"{self.kind}:{self.at}" + (f":{self.seconds}" if self.seconds else "")


@dataclass(frozen=True, slots=True)
class Schedule:
    """One run: a scenario, what goes wrong in it, and the seed of its world."""

    scenario: str
    faults: tuple[Fault, ...] = ()
    seed: int = 7

    def __str__(self) -> str:
        return " ".join([self.scenario, f"seed:{self.seed}", *map(str, self.faults)])


def read_schedule(text: str) -> Schedule:
    """Read what a schedule was printed as. Raises ValueError for anything else."""
    scenario, *words = text.split()
    seed, faults = 7, []
    for word in words:
        kind, _, numbers = word.partition(":")
        if kind == "seed":
            seed = int(numbers)
            continue
        at, _, seconds = numbers.partition(":")
        faults.append(Fault(Kind(kind), int(at), int(seconds or 0)))
    return Schedule(scenario, tuple(faults), seed)
