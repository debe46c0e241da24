"""The minute tick: every open rollout onto the queue, what is unsent out, journalled moves into the chain. It decides nothing."""

from __future__ import annotations

from dataclasses import dataclass

from pointsman.errors import PointsmanError
from pointsman.outbox import send
from pointsman.record import note_journal
from pointsman.world import World


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
    """Record each move; one that fails keeps no other from its turn. Returns how many were recorded."""
    recorded = 0
    try:
        entries = world.queues.take_journal()
    except PointsmanError as err:
        failures.append(f"journal: {err}")
        return 0
    for entry in entries:
        try:
            note_journal(world, entry)
            world.queues.drop_journal(entry)
        except PointsmanError as err:
            failures.append(f"journal: {err}")
        else:
            recorded += 1
    return recorded


def _send_unsent(world: World, failures: list[str]) -> int:
    """Returns how many records have nothing left to be sent."""
    try:
        sent = send(world, world.store.find_unsent())
    except PointsmanError as err:
        failures.append(f"outbox: {err}")
        return 0
    failures += [f"outbox: {failure}" for failure in sent.failures]
    return sent.done
