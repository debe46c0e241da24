"""An installation in memory: the product's own adapters on a kernel, tables and queues beside them, and a test that makes every pass itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from pointsman import wiring
from pointsman.approvals import Heard, find_package, hear
from pointsman.core.audit import check
from pointsman.core.lane import Lane
from pointsman.core.phases import Phase
from pointsman.core.rollout import Rollout
from pointsman.policy import (
    Comparison,
    ErrorKind,
    Health,
    ModelGroup,
    OnPatience,
    Owner,
    Plan,
    Policy,
    Serve,
    Strategy,
)
from pointsman.reconcile import Outcome, reconcile
from pointsman.settings import Settings
from pointsman.sweep import sweep_endpoint
from pointsman.world import World
from tests.worlds.account import ENDPOINT, GROUP, TYPE, Account
from tests.worlds.kernel_client import KernelClient
from tests.worlds.memory import FixedPolicies, MemoryEvents, MemoryQueues, MemoryStore, MemoryTopic

SETTINGS = Settings(
    "state", "audit", "due", "journal", "arn:aws:sns:us-east-1:111122223333:topic", "bus", Path("unused")
)
PLAN = Plan(
    strategy=Strategy.CANARY,
    steps=(50, 100),
    bake_min=timedelta(minutes=1),
    bake_max=timedelta(minutes=10),
    patience=timedelta(minutes=20),
    on_patience=OnPatience.ROLLBACK,
    watch=timedelta(minutes=2),
    serve=Serve(TYPE, 1),
    health=Health(
        errors=(ErrorKind.SERVER,),
        max_error_percent=10.0,
        slow_over=timedelta(seconds=5),
        max_slow_percent=10.0,
        min_requests=3,
        comparison=Comparison(warm_up=timedelta()),
    ),
)
POLICY = Policy(ENDPOINT, GROUP, Owner("fraud"), PLAN)


@dataclass(slots=True)
class Quick:
    """One installation and short ways to use it. Events reach nobody: a test brings what it wants to be heard."""

    policies: tuple[Policy, ...] = (POLICY,)
    is_autoscaled: bool = False
    account: Account = field(init=False)
    store: MemoryStore = field(default_factory=MemoryStore)
    queues: MemoryQueues = field(default_factory=MemoryQueues)
    topic: MemoryTopic = field(default_factory=MemoryTopic)
    events: MemoryEvents = field(default_factory=MemoryEvents)
    world: World = field(init=False)

    def __post_init__(self) -> None:
        self.account = Account(7, versions=5, is_autoscaled=self.is_autoscaled)
        kernel = self.account.kernel

        def clients(service: str, config: object) -> Any:
            return self.events if service == "events" else KernelClient(kernel, service)

        built = wiring.build(SETTINGS, clients, _Clock(self.account), FixedPolicies(*self.policies))
        self.world = replace(built, store=self.store, queues=self.queues, topic=self.topic)

    def approve(self, version: int) -> Outcome | None:
        """A person approves a version, and the event of it arrives."""
        self.account.approve(version)
        return self.hear(version)

    def hear(self, version: int, *, changed: bool | None = True) -> Outcome | None:
        """An event about a version arrives, whatever its state is by now."""
        package = find_package(self.world, ModelGroup(GROUP), self.account.packages[version])
        assert package is not None
        heard = Heard(package.approval.package, changed, package.approval.at)
        return hear(self.world, ENDPOINT, package, heard)

    def sweep(self) -> Outcome | None:
        return sweep_endpoint(
            self.world, ENDPOINT, POLICY.group, self.world.registry.find_approved(POLICY.group)
        )

    def due(self) -> Outcome:
        return reconcile(self.world, ENDPOINT)

    def wait(self, **duration: float) -> None:
        """Let time pass, with a pass every 20 s."""
        end = self.account.kernel.now + timedelta(**duration)
        while self.account.kernel.now < end:
            self.account.kernel.advance(timedelta(seconds=20))
            self.due()

    def drive_to(self, *phases: Phase | None, passes: int = 300) -> None:
        """Make passes until the rollout is in one of the phases; None: the endpoint is at rest."""
        for _ in range(passes):
            if self.phase() in phases:
                return
            self.account.kernel.advance(timedelta(seconds=20))
            self.due()
        raise AssertionError(f"never came to {phases}: {self.lane().rollout}")

    def lane(self) -> Lane:
        return self.store.get_lane(ENDPOINT)

    def rollout(self) -> Rollout:
        rollout = self.lane().rollout
        assert rollout is not None
        return rollout

    def phase(self) -> Phase | None:
        rollout = self.lane().rollout
        return rollout.phase if rollout else None

    def config(self) -> str:
        """The live config."""
        return str(self.account.call("DescribeEndpoint", EndpointName=ENDPOINT)["EndpointConfigName"])

    def versions(self) -> set[int]:
        """Versions that carry traffic."""
        split = self.account.split()
        return {version for version, package in self.account.packages.items() if package in split}

    def facts(self) -> list[Mapping[str, Any]]:
        """What was recorded, oldest first; the chain is whole."""
        assert check(self.store.records, self.lane().head) == []
        return [record.facts() for record in self.store.records]


@dataclass(frozen=True, slots=True)
class _Clock:
    """Implements `ports.Clock`."""

    account: Account

    def now(self) -> Any:
        return self.account.kernel.now
