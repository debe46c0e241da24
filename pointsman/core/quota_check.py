"""Whether the instances that a release needs fit into the account's quotas, beside what runs already. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pointsman.core.peaks import Need, peak_by_type, peak_total


@dataclass(frozen=True, slots=True)
class Quotas:
    """Applied quotas; None where the account does not list one. `unread` says why nothing is known."""

    by_type: Mapping[str, int] = field(default_factory=dict)
    per_endpoint: int | None = None
    all_endpoints: int | None = None
    unread: str = ""


@dataclass(frozen=True, slots=True)
class InUse:
    """Instances of all other endpoints of the account, by type. `unread` says why they were not counted."""

    others: Mapping[str, int] = field(default_factory=dict)
    unread: str = ""

    @property
    def total(self) -> int:
        """Of all types."""
        return sum(self.others.values())


@dataclass(frozen=True, slots=True)
class Fit:
    """One quota: what it is called, how much it allows, and how much is needed of it at the peak."""

    name: str
    limit: int | None
    peak: int
    others: int | None

    @property
    def needed(self) -> int:
        """At the peak, with what runs elsewhere as far as it was counted."""
        return self.peak + (self.others or 0)

    @property
    def is_exceeded(self) -> bool:
        """Known not to fit."""
        return self.limit is not None and self.needed > self.limit


def fits(needs: tuple[Need, ...], quotas: Quotas, in_use: InUse) -> tuple[Fit, ...]:
    """Each quota that the release counts against."""
    counted = not in_use.unread
    found = [
        Fit(
            f"{kind} for endpoint usage",
            quotas.by_type.get(kind),
            peak,
            in_use.others.get(kind, 0) if counted else None,
        )
        for kind, peak in peak_by_type(needs).items()
    ]
    most = peak_total(needs)
    found.append(Fit("Maximum number of instances per endpoint", quotas.per_endpoint, most, 0))
    across = in_use.total if counted else None
    found.append(Fit("Number of instances across active endpoints", quotas.all_endpoints, most, across))
    return tuple(found)
