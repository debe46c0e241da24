"""The minute tick: every open rollout onto the queue, unsent messages out, journalled moves into the chain. It decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from pointsman.errors import PointsmanError
from pointsman.ports import JournalEntry, Message
from pointsman.record import note_journal
from pointsman.world import World

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ticked:
    """What a tick found. `failures` are what it could not do, in words."""

    due: int
    sent: int
    journalled: int
    failures: tuple[str, ...]


def tick(world: World) -> Ticked:
    """Do all three; a failure of one thing does not stop the others.

    The journal comes first: a rollout that is on its way back must not be looked at as if it went forward.

    Raises:
        PointsmanError: when the open rollouts cannot be listed or queued; the schedule comes again in a minute.

    """
    failures: list[str] = []
    journalled = _drain_journal(world, failures)
    endpoints = world.store.find_open()
    world.queues.put_due(endpoints)
    sent = _send_unsent(world, failures)
    return Ticked(len(endpoints), sent, journalled, tuple(failures))


def _drain_journal(world: World, failures: list[str]) -> int:
    def keep(entry: JournalEntry) -> None:
        note_journal(world, entry)
        world.queues.drop_journal(entry)

    return _for_all("journal", world.queues.take_journal, keep, failures)


def _send_unsent(world: World, failures: list[str]) -> int:
    def send(message: Message) -> None:
        world.topic.send(message)
        world.store.mark_sent(message)

    return _for_all("outbox", world.store.find_unsent, send, failures)


def _for_all(what: str, find: Callable[[], list[T]], do: Callable[[T], None], failures: list[str]) -> int:
    """Do each; one that fails (a topic that was deleted) keeps no other from its turn. Returns how many were done."""
    done = 0
    try:
        found = find()
    except PointsmanError as err:
        failures.append(f"{what}: {err}")
        return 0
    for each in found:
        try:
            do(each)
        except PointsmanError as err:
            failures.append(f"{what}: {err}")
        else:
            done += 1
    return done
