"""Instances: the variants of a fleet, and the ledger of what runs where against quota and capacity."""

from __future__ import annotations

import struct
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from twin.errors import TwinError

DEFAULT_QUOTA = 100


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


class Ledger:
    """Which instances run where. `quota` limits what runs at once, `capacity` what can still be launched."""

    def __init__(self) -> None:
        self.quota: dict[str, int] = {}
        self.capacity: dict[str, int] = {}
        self._running: dict[str, Counter[str]] = {}
        self._peak: dict[str, int] = {}

    def running(self, endpoint: str) -> int:
        """Return how many instances run for `endpoint` now, those still starting included."""
        return self._running.get(endpoint, Counter()).total()

    def peak(self, endpoint: str) -> int:
        """Return the most instances that ever ran for `endpoint` at once."""
        return self._peak.get(endpoint, 0)

    def require_quota(self, need: Counter[str]) -> None:
        """Raise ResourceLimitExceeded if `need` on top of what runs is more than the account may have."""
        for kind, count in need.items():
            limit = self.quota.get(kind, DEFAULT_QUOTA)
            used = sum(counts[kind] for counts in self._running.values())
            if count > 0 and used + count > limit:
                raise TwinError(
                    "ResourceLimitExceeded",
                    f"The account-level service limit '{kind} for endpoint usage' is {limit} Instances, with current "
                    f"utilization of {used} Instances and a request delta of {count} Instances. Please use AWS "
                    "Service Quotas to request an increase for this quota.",
                )

    def has_capacity(self, need: Counter[str]) -> bool:
        """Say whether the cloud has `need` free for new launches."""
        return all(count <= self.capacity.get(kind, count) for kind, count in need.items())

    def launch(self, endpoint: str, need: Counter[str]) -> None:
        """Start instances for `endpoint`."""
        self._move(endpoint, need, 1)

    def release(self, endpoint: str, surplus: Counter[str]) -> None:
        """End instances of `endpoint`; the cloud has them free again."""
        self._move(endpoint, surplus, -1)

    def _move(self, endpoint: str, counts: Counter[str], sign: int) -> None:
        running = self._running.setdefault(endpoint, Counter())
        for kind, count in counts.items():
            running[kind] += sign * count
            if kind in self.capacity:
                self.capacity[kind] -= sign * count
        self._peak[endpoint] = max(self.peak(endpoint), running.total())
