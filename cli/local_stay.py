"""Keeps a local world up: serves it, lets its time pass, shows it, until a signal or a command ends it. What the world is made of lives in `local/`."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Any

from cli.local_client import answers
from cli.local_env import FOLDER, LOG_FILE, find_written, remove_env, write_env
from cli.local_policies import PolicyFolder, usual_folder
from cli.local_view import View
from cli.options import Exit, say
from local.faulting import planned
from local.running import Running, running
from local.server import PortTaken, address_of, bound, served
from local.status import status

BEAT_S = 0.2
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The world that is wanted."""

    seed: int
    speed: float
    port: int
    policies: Path | None


def stay(wanted: Wanted, view: View) -> int:
    """Bring it up and keep it; returns an exit code. What keeps it from coming up is said on stderr."""
    folder = PolicyFolder(wanted.policies or usual_folder())
    folder.read()
    if folder.problems:
        for problem in folder.problems:
            say("local up", problem, Exit.WRONG_USE)
        return say("local up", "nothing was started: mend the policies first", Exit.WRONG_USE)
    other = find_written()
    if other is not None and answers(other):
        return say(
            "local up",
            f"a local world runs already at {other}: use it, or end it with: pointsman local down",
            Exit.NO,
        )
    try:
        return _run(folder, view, wanted)
    except PortTaken as err:
        is_ours = answers(f"http://127.0.0.1:{wanted.port}")
        whose = "a local world runs there" if is_ours else "something else uses it"
        return say("local up", f"{err}: {whose}; choose another --port, or none for a free one", Exit.NO)
    except OSError as err:
        return say("local up", f"{FOLDER} cannot be written: {err}", Exit.WRONG_USE)


def _run(folder: PolicyFolder, view: View, wanted: Wanted) -> int:
    FOLDER.mkdir(exist_ok=True)
    with (
        _ended_by_signals() as (ended, received),
        bound(wanted.port) as listener,
        LOG_FILE.open("w", encoding="utf-8", buffering=1) as log,
        running(folder.policies, log, wanted.seed, wanted.speed) as world,
    ):
        world.stopping = ended
        world.refresh = folder.refresher(world.here.policies.replace)
        address = address_of(listener)
        with served(world, listener, log):
            try:
                write_env(address)
                with world.turn():
                    at_first = status(world)
                view.open(address, at_first, str(folder.path))
                _keep(world, view, folder)
            finally:
                view.close()
                remove_env(address)
    return Exit.INTERRUPTED if signal.SIGINT in received else Exit.OK


def _keep(world: Running, view: View, folder: PolicyFolder) -> None:
    """Let time pass and show what happens, until the world is told to end."""
    heard, seen, readings = world.here.heard, len(world.here.heard.records), folder.readings
    last = time.monotonic()
    while not world.stopping.wait(BEAT_S):
        last, before = time.monotonic(), last
        world.beat(last - before)
        with world.turn() as here:
            world.refresh()
            now, faults = here.kernel.now, len(planned(here))
        fresh = heard.records[seen:]
        seen += len(fresh)
        for record in fresh:
            view.record(record.facts())
        if folder.readings != readings:
            readings = folder.readings
            view.problems(folder.problems)
        view.clock(now, faults)


@contextmanager
def _ended_by_signals() -> Iterator[tuple[Event, list[int]]]:
    """An event that Ctrl-C, SIGTERM or a closed terminal sets, and which of them it was. A second one ends at once."""
    ended = Event()
    received: list[int] = []

    def on_signal(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        ended.set()
        signal.signal(number, before[number])

    before: dict[int, Any] = {number: signal.signal(number, on_signal) for number in ENDING}
    try:
        yield ended, received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
