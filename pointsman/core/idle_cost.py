"""What an endpoint costs while nobody asks it: instances of each type times their list price. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from pointsman.core.idle_finding import ONE_HOUR, Finding
from pointsman.hosted import Hosted
from pointsman.prices import Price

HOURS_PER_MONTH = 730
PriceOf = Callable[[str], Price | None]
"""The list price of an instance type in the Region, or None."""


@dataclass(frozen=True, slots=True)
class Cost:
    """USD for all its instances as they are now. `so_far` is for the time that it is known to be idle, at that size.

    Where a price is not known every number is None, and `unpriced` names what has none.
    """

    per_hour: float | None = None
    so_far: float | None = None
    as_of: date | None = None
    unpriced: tuple[str, ...] = ()

    @property
    def per_month(self) -> float | None:
        """For 730 hours."""
        return None if self.per_hour is None else self.per_hour * HOURS_PER_MONTH


def cost_of(finding: Finding, price_of: PriceOf, now: datetime) -> Cost:
    """Price one finding: no number rather than a wrong one."""
    endpoint = finding.endpoint
    counts = endpoint.by_type
    if endpoint.is_async:
        return Cost(unpriced=("asynchronous hosting",))
    if any(variant.is_serverless for variant in endpoint.variants):
        return Cost(unpriced=("serverless hosting",))
    prices = {kind: price_of(kind) for kind in counts}
    unpriced = tuple(
        sorted(kind or "types that were not read" for kind, price in prices.items() if price is None)
    )
    if unpriced:
        return Cost(unpriced=unpriced)
    known = {kind: price for kind, price in prices.items() if price is not None}
    per_hour = sum(count * known[kind].usd_per_hour for kind, count in counts.items())
    dates = [price.as_of for price in known.values() if price.as_of is not None]
    since = finding.idle_since
    so_far = per_hour * ((now - since) / ONE_HOUR) if since is not None else None
    return Cost(per_hour, so_far, min(dates, default=None))


def is_accelerated(endpoint: Hosted) -> bool:
    """Whether any of its instances has GPUs or other accelerators, by the family of its type."""
    return any(has_accelerators(kind) for kind in endpoint.by_type)


def has_accelerators(instance_type: str) -> bool:
    """`ml.g5.xlarge`, `ml.p4d.24xlarge`, `ml.inf2.xlarge` and `ml.trn1.2xlarge` have."""
    family = instance_type.removeprefix("ml.").partition(".")[0]
    return family.startswith(("inf", "trn")) or (family[:1] in {"g", "p"} and family[1:2].isdigit())
