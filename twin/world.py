"""What every simulated service stands on: clock, names, durations, chance, bus, instances, tags. No service lives here."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from twin.agenda import Agenda
from twin.events import Bus
from twin.ledger import Ledger
from twin.names import Arns
from twin.tags import Tags
from twin.timings import Timings
from twin.traffic import Profile


@dataclass(slots=True)
class World:
    """One simulated account and Region; two worlds share nothing."""

    seed: int
    agenda: Agenda
    arns: Arns
    timings: Timings
    rng: Random
    bus: Bus
    identity: str
    ledger: Ledger = field(init=False)
    tags: Tags = field(default_factory=Tags)
    profiles: dict[str, Profile] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.agenda)

    def user(self) -> dict[str, Any]:
        """Return whoever makes the calls, as the registry remembers it."""
        return {
            "IamIdentity": {
                "Arn": self.identity,
                "PrincipalId": "AROAEXAMPLEID:" + self.identity.rpartition("/")[2],
            }
        }
