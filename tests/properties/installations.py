"""What a run works in: the product's World behind the gate, and a look past the gate at what it stored. In memory here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from pointsman import wiring
from pointsman.core.audit import Record
from pointsman.core.lane import Lane
from pointsman.core.outgoing import Outgoing
from pointsman.policy import Policy
from pointsman.settings import Settings
from pointsman.world import World
from tests.properties.gate import Gate, Gated, refuse_as_aws, refuse_as_port
from tests.worlds.account import ENDPOINT, Account
from tests.worlds.kernel_client import KernelClient
from tests.worlds.memory import FixedPolicies, MemoryEvents, MemoryQueues, MemoryStore, MemoryTopic

SETTINGS = Settings(
    "state", "audit", "due", "journal", "arn:aws:sns:us-east-1:111122223333:topic", "bus", Path("unused")
)


class Installation(Protocol):
    """A World and what a run asks of it from outside."""

    @property
    def world(self) -> World: ...
    def lane(self) -> Lane: ...
    def records(self) -> list[Record]: ...
    def unsent(self) -> list[Outgoing]: ...
    def published(self) -> list[dict[str, Any]]: ...
    def has_journal(self) -> bool: ...
    def take_due(self) -> list[str]: ...


class Maker(Protocol):
    """Makes the installation of a run."""

    def __call__(self, account: Account, gate: Gate, policy: Policy) -> Installation: ...


@dataclass(slots=True)
class KernelClock:
    """Implements `ports.Clock`."""

    account: Account

    def now(self) -> datetime:
        return self.account.kernel.now


class InMemory:
    """Ports in memory behind the gate; the product's own AWS adapters speak to the kernel."""

    def __init__(self, account: Account, gate: Gate, policy: Policy) -> None:
        self.store, self.queues, self.topic = MemoryStore(), MemoryQueues(), MemoryTopic()
        self.events = MemoryEvents()
        kernel = account.kernel

        def clients(service: str, config: object) -> Any:
            client = self.events if service == "events" else KernelClient(kernel, service)
            return Gated(gate, service, client, refuse_as_aws)

        built = wiring.build(SETTINGS, clients, KernelClock(account), FixedPolicies(policy))
        self.world: World = replace(
            built,
            store=Gated(gate, "store", self.store, refuse_as_port),
            queues=Gated(gate, "queues", self.queues, refuse_as_port),
            topic=Gated(gate, "topic", self.topic, refuse_as_port),
        )

    def lane(self) -> Lane:
        """What is remembered of the endpoint."""
        return self.store.get_lane(ENDPOINT)

    def records(self) -> list[Record]:
        """Every audit record that was ever stored."""
        return self.store.records

    def published(self) -> list[dict[str, Any]]:
        """Details of the events that the bus took."""
        return self.events.details()

    def unsent(self) -> list[Outgoing]:
        """What is still to be sent to people or to the bus."""
        return self.store.find_unsent()

    def has_journal(self) -> bool:
        """Moves are waiting to be recorded."""
        return bool(self.queues.journal)

    def take_due(self) -> list[str]:
        """Bodies of the due queue's messages, which are its no more."""
        taken, self.queues.due = self.queues.due, []
        return [f'{{"endpoint": "{name}"}}' for name in taken]
