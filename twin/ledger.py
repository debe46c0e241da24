"""The ledger of instances: what runs where and for how long, against quota and capacity. Who launches is not known here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from twin.agenda import Agenda
from twin.errors import TwinError

DEFAULT_QUOTA = 100
IN_ACCOUNT = "Number of instances across active endpoints"
PER_ENDPOINT = "Maximum number of instances per endpoint"
# New accounts have 4 of each (facts 2.1); here these are in nobody's way until they are set.
DEFAULT_TOTAL = 10_000
_HOUR = timedelta(hours=1)


@dataclass(slots=True)
class Usage:
    """Instances of one type for one endpoint: now, at most, and the time they ran until `since`, added up."""

    since: datetime
    running: int = 0
    peak: int = 0
    spent: timedelta = timedelta(0)

    def move(self, now: datetime, count: int) -> None:
        """Start `count` instances, or end some if it is negative."""
        self.spent += (now - self.since) * self.running
        self.since = now
        self.running += count
        self.peak = max(self.peak, self.running)


class Ledger:
    """Which instances run where.

    `quota` limits what runs at once, by type or by the names of the two limits on totals; `capacity` is what can
    still be launched.
    """

    def __init__(self, agenda: Agenda) -> None:
        self._agenda = agenda
        self.quota: dict[str, int] = {}
        self.capacity: dict[str, int] = {}
        self._usage: dict[str, dict[str, Usage]] = {}
        self._peak: dict[str, int] = {}

    def running(self, endpoint: str) -> int:
        """Return how many instances run for `endpoint` now, those still starting included."""
        return sum(usage.running for usage in self._usage.get(endpoint, {}).values())

    def peak(self, endpoint: str) -> int:
        """Return the most instances that ever ran for `endpoint` at once."""
        return self._peak.get(endpoint, 0)

    def peak_of(self, endpoint: str, kind: str) -> int:
        """Return the most instances of one type that ever ran for `endpoint` at once."""
        usage = self._usage.get(endpoint, {}).get(kind)
        return 0 if usage is None else usage.peak

    def hours(self, endpoint: str) -> dict[str, float]:
        """Return the instance-hours of `endpoint` until now by type, each instance from its launch on."""
        now = self._agenda.now
        return {
            kind: (usage.spent + (now - usage.since) * usage.running) / _HOUR
            for kind, usage in self._usage.get(endpoint, {}).items()
        }

    def limit(self, name: str) -> int:
        """Return the quota of an instance type, or of one of the two totals."""
        return self.quota.get(name, DEFAULT_TOTAL if name in (IN_ACCOUNT, PER_ENDPOINT) else DEFAULT_QUOTA)

    def require_quota(self, endpoint: str, need: Counter[str]) -> None:
        """Raise ResourceLimitExceeded if `need` on top of what runs is more than the account may have.

        Old and new fleet count both while they overlap (facts 2.1); that they do for one endpoint too is inferred.
        """
        for kind, count in need.items():
            used = sum(usages[kind].running for usages in self._usage.values() if kind in usages)
            self._require(f"{kind} for endpoint usage", self.limit(kind), used, count)
        if IN_ACCOUNT in self.quota:
            used = sum(self.running(each) for each in self._usage)
            self._require(IN_ACCOUNT, self.limit(IN_ACCOUNT), used, need.total())
        if PER_ENDPOINT in self.quota:
            self._require(PER_ENDPOINT, self.limit(PER_ENDPOINT), self.running(endpoint), need.total())

    def _require(self, name: str, limit: int, used: int, count: int) -> None:
        if count > 0 and used + count > limit:
            raise TwinError(
                "ResourceLimitExceeded",
                f"The account-level service limit '{name}' is {limit} Instances, with current utilization of {used} "
                f"Instances and a request delta of {count} Instances. Please use AWS Service Quotas to request an "
                "increase for this quota.",
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
        usages = self._usage.setdefault(endpoint, {})
        now = self._agenda.now
        for kind, count in counts.items():
            usage = usages.get(kind)
            if usage is None:
                usage = usages[kind] = Usage(now)
            usage.move(now, sign * count)
            if kind in self.capacity:
                self.capacity[kind] -= sign * count
        self._peak[endpoint] = max(self.peak(endpoint), self.running(endpoint))
