"""Everything a pass may touch, as one value. It is put together in `wiring.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pointsman.archive import Archive, Backlog, Names
from pointsman.core.rollout import Rollout
from pointsman.listeners import Bus, Topic
from pointsman.policy import Policy
from pointsman.ports import (
    Alarms,
    Clock,
    Metrics,
    Policies,
    Prober,
    Queues,
    Registry,
    Scaling,
    Serving,
    Store,
)

Briefing = Callable[[Rollout, Policy], str]
"""What people are told of a release beside the decision that starts it, as plain text; empty: nothing. It raises nothing."""


@dataclass(frozen=True, slots=True)
class World:
    """The ports of one installation."""

    clock: Clock
    serving: Serving
    prober: Prober
    scaling: Scaling
    metrics: Metrics
    alarms: Alarms
    registry: Registry
    store: Store
    queues: Queues
    topic: Topic
    bus: Bus
    policies: Policies
    archive: Archive
    backlog: Backlog
    names: Names
    briefing: Briefing = lambda _rollout, _policy: ""
