"""The minute tick: every open rollout onto the queue, unsent messages out, journalled moves into the chain. It decides nothing."""

from __future__ import annotations

from dataclasses import dataclass

from pointsman.errors import PointsmanError
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
    """Do all three; a failure of one does not stop the others.

    Raises:
        PointsmanError: when the open rollouts cannot be listed; the schedule comes again in a minute.

    """
    failures: list[str] = []
    journalled = _drain_journal(world, failures)
    sent = _send_unsent(world, failures)
    endpoints = world.store.find_open()
    world.queues.put_due(endpoints)
    return Ticked(len(endpoints), sent, journalled, tuple(failures))


def _drain_journal(world: World, failures: list[str]) -> int:
    done = 0
    try:
        for entry in world.queues.take_journal():
            note_journal(world, entry)
            world.queues.drop_journal(entry)
            done += 1
    except PointsmanError as err:
        failures.append(f"journal: {err}")
    return done


def _send_unsent(world: World, failures: list[str]) -> int:
    done = 0
    try:
        for message in world.store.find_unsent():
            world.topic.send(message)
            world.store.mark_sent(message)
            done += 1
    except PointsmanError as err:
        failures.append(f"outbox: {err}")
    return done
