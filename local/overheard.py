"""Listens to an installation: every audit record it writes and every message it sends, as they come. It changes nothing on their way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from pointsman.core.audit import Record
from pointsman.core.outgoing import Message
from pointsman.listeners import Topic
from pointsman.ports import Clock, Store, Write
from pointsman.world import World


@dataclass(frozen=True, slots=True)
class Told:
    """A message that people got, and when."""

    at: datetime
    message: Message


@dataclass(slots=True)
class Overheard:
    """What was heard so far, oldest first."""

    records: list[Record] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Store:
    """The real store. What is written is heard once it is stored."""

    store: Store
    heard: Overheard

    def commit(self, write: Write) -> None:
        self.store.commit(write)
        self.heard.records.append(write.record)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else a store can do
        return getattr(self.store, name)


@dataclass(frozen=True, slots=True)
class _Topic:
    """The real topic. What is sent is heard once it is sent."""

    topic: Topic
    clock: Clock
    heard: Overheard

    def send(self, message: Message) -> None:
        self.topic.send(message)
        self.heard.told.append(Told(self.clock.now(), message))


def listening(world: World, heard: Overheard) -> World:
    """The same world, overheard."""
    store = cast("Store", _Store(world.store, heard))
    return replace(world, store=store, topic=_Topic(world.topic, world.clock, heard))
