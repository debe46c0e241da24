"""The variants of a fleet: what each has, and what was asked for. What runs where is counted in ledger."""

from __future__ import annotations

import struct
from collections import Counter
from dataclasses import dataclass, field
from typing import Any


def as_float32(weight: float) -> float:
    """Return `weight` as SageMaker stores it: a 32-bit float read back (facts 2.3)."""
    return float(struct.unpack("<f", struct.pack("<f", weight))[0])


@dataclass(slots=True)
class Variant:
    """One variant that serves, or is to serve: what it has now and what was asked for.

    `spec` is its entry in the configuration. With instance pools, `instance_type` is that of the first in line.
    """

    name: str
    model_key: str
    instance_type: str | None
    count: int
    weight: float
    desired_count: int
    desired_weight: float
    spec: dict[str, Any] = field(default_factory=dict)

    @property
    def least_instances(self) -> int:
        """How few instances it may have: none only if it hosts components and its managed scaling says so (facts 2.3)."""
        scaling = self.spec.get("ManagedInstanceScaling", {})
        if "ModelName" in self.spec or scaling.get("Status") != "ENABLED":
            return 1
        least: int = scaling.get("MinInstanceCount", 1)
        return least

    def settle(self) -> None:
        """Make what was asked for current."""
        self.count = self.desired_count
        self.weight = self.desired_weight

    def revert(self) -> None:
        """Forget what was asked for."""
        self.desired_count = self.count
        self.desired_weight = self.weight


@dataclass(slots=True)
class Fleet:
    """All variants of one endpoint configuration, running together; shadows take copies of requests, none of their own."""

    config_name: str
    variants: dict[str, Variant]
    shadows: dict[str, Variant] = field(default_factory=dict)

    def instances(self) -> Counter[str]:
        """Return how many instances it has now, by type, shadows included."""
        counts: Counter[str] = Counter()
        for variant in (*self.variants.values(), *self.shadows.values()):
            if variant.instance_type is not None:
                counts[variant.instance_type] += variant.count
        return counts
