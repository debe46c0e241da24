"""What is measured: the tick, and a pass over one endpoint after the other, with as many open rollouts as there are."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.tick.baking import Steps
from benchmarks.tick.installation import Furnished
from benchmarks.tick.process import NotMeasured, Taken, Worker, started
from pointsman.core.phases import Phase
from pointsman.policy import EndpointName

WARM_UP = 5
"""The first passes of a process make its clients and connections, and load what is loaded when it is used."""
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """With so many open rollouts: ticks, one that has a message and an event to send for each of them, and passes.

    The ticks are of one process, the first of them apart; so are the passes.
    """

    open: int
    first: Taken
    ticks: tuple[Taken, ...]
    sending: Taken
    passes: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """How many ticks and passes are measured, the warm-up not counted."""

    ticks: int
    passes: int


def measure(here: Furnished, task_root: Path, size: Size, progress: Callable[[str], Steps]) -> Measured:
    """Measure what stands.

    Raises:
        NotMeasured: a function fails, a tick leaves a rollout out, or a pass finds something else than a bake to look at.

    """
    count = len(here.open)
    ticks = _ticks(here, task_root, size.ticks, progress(f"{count} open: ticks"))
    passes = _passes(here, task_root, size.passes, progress(f"{count} open: passes"))
    return Measured(count, ticks[0], ticks[1:-1], ticks[-1], passes)


def _ticks(here: Furnished, task_root: Path, count: int, steps: Steps) -> tuple[Taken, ...]:
    """So many ticks behind the first one; then one that finds a message and an event unsent for each rollout."""
    log = here.emulator.folder / "rollout_tick.log"
    with started("rollout_tick", task_root, here.environment, log) as function:
        found = [_tick(here, function, unsent=0) for _ in steps(range(count + 1))]
        here.leave_unsent()
        return (*found, _tick(here, function, unsent=len(here.open)))


def _tick(here: Furnished, function: Worker, unsent: int) -> Taken:
    here.empty_queue()
    taken = function.ask(tick_event())
    if taken.answer != {"due": len(here.open), "sent": unsent, "journalled": 0}:
        raise NotMeasured(f"{len(here.open)} are open and {unsent} unsent, and the tick says {taken.answer}")
    return taken


def _passes(here: Furnished, task_root: Path, count: int, steps: Steps) -> tuple[Taken, ...]:
    """In turn over all endpoints that stand."""
    found = []
    standing = min(len(here.open), len(here.baking.lanes))
    log = here.emulator.folder / "rollout_due.log"
    with started("rollout_due", task_root, here.environment, log) as function:
        for number in steps(range(WARM_UP + count)):
            taken = function.ask(due_event(here.put_back(number % standing)))
            if taken.answer["phase"] != Phase.BAKING or taken.answer["act"]:
                raise NotMeasured(f"it does not bake: {taken.answer}")
            found.append(taken)
    return tuple(found[WARM_UP:])


def tick_event() -> Json:
    """What EventBridge sends every minute."""
    return {
        "version": "0",
        "id": "00000000-0000-4000-8000-000000000001",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "resources": [],
        "detail": {},
    }


def due_event(endpoint: EndpointName) -> Json:
    """A message of the queue, as Lambda hands it over."""
    record = {
        "messageId": "00000000-0000-4000-8000-000000000002",
        "body": json.dumps({"endpoint": endpoint}),
        "attributes": {},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
    }
    return {"Records": [record]}
