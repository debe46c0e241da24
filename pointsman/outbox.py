"""Sends what records leave behind: messages to people, events to the bus. Each goes at least once; what is not sent stays stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pointsman.core.outgoing import Outgoing
from pointsman.errors import PointsmanError
from pointsman.listeners import MOST_EVENTS
from pointsman.record import Recorded
from pointsman.world import World


@dataclass(frozen=True, slots=True)
class Sent:
    """How many have nothing left to be sent, and what failed, in words."""

    done: int
    failures: tuple[str, ...]


def announce(world: World, *recorded: Recorded) -> None:
    """Send what was recorded, after the act. What cannot be sent now stays in the outbox for the tick."""
    send(world, [each.outgoing for each in recorded])


def send(world: World, waiting: Sequence[Outgoing]) -> Sent:
    """Send all of it, as many at a time as the bus takes. What fails holds up nothing else, and raises nothing."""
    failures: list[str] = []
    done = sum(
        _send_some(world, waiting[start : start + MOST_EVENTS], failures)
        for start in range(0, len(waiting), MOST_EVENTS)
    )
    return Sent(done, tuple(failures))


def _send_some(world: World, waiting: Sequence[Outgoing], failures: list[str]) -> int:
    """People first. Only what both took leaves the outbox; what one took is not sent there again."""
    told = [_tell(world, each, failures) for each in waiting]
    refused = _publish(world, told, failures)
    done = 0
    for before, each in zip(waiting, told, strict=True):
        is_out = each.event is not None and each.event.id not in refused
        rest = replace(each, event=None) if is_out else each
        try:
            if rest.event is None and rest.message is None:
                world.store.mark_sent(rest)
                done += 1
            elif rest != before:
                world.store.keep_unsent(rest)
        except PointsmanError as err:
            failures.append(str(err))
    return done


def _tell(world: World, outgoing: Outgoing, failures: list[str]) -> Outgoing:
    """What is left of it once people were told."""
    if outgoing.message is None:
        return outgoing
    try:
        world.topic.send(outgoing.message)
    except PointsmanError as err:
        failures.append(str(err))
        return outgoing
    return replace(outgoing, message=None)


def _publish(world: World, waiting: Sequence[Outgoing], failures: list[str]) -> set[str]:
    """Ids of events that the bus did not take."""
    events = [each.event for each in waiting if each.event is not None]
    if not events:
        return set()
    try:
        refused = world.bus.publish(events)
    except PointsmanError as err:
        failures.append(str(err))
        return {event.id for event in events}
    failures += [f"event {name}: {why}" for name, why in refused.items()]
    return set(refused)
