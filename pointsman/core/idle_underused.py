"""Endpoints that are asked, but have far more than they need: which, by how much, and what would fit. They are told of, never acted on. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from pointsman.core.idle_finding import Window
from pointsman.core.idle_instances import gpu_of
from pointsman.hosted import AllSeries, Hosted, HostedVariant

RARELY = 0.25
"""Asked on at most so large a part of the days: most of what it costs is for days without a request."""
FULL, HALF_EMPTY = 60.0, 30.0
"""Percent of a GPU: fewer instances would still stay below the first in their busiest minute; a GPU below the second fits a smaller type."""
COVERED = 0.8
"""So large a part of the days must have been read before its size is judged."""
Accelerators = Callable[[str], int | None]
"""How many an instance of a type has; None: not known."""


@dataclass(frozen=True, slots=True)
class Use:
    """What was read of an endpoint that is asked: requests by day, all variants together."""

    by_day: Mapping[date, float]
    series: AllSeries

    @property
    def days_asked(self) -> int:
        """Days with requests."""
        return sum(count > 0 for count in self.by_day.values())


def gpu_peak(endpoint: Hosted, series: AllSeries, window: Window) -> float | None:
    """The busiest minute of any variant's GPUs, in percent as CloudWatch has it; None where a variant's were not read for most days."""
    peaks = [_peak(endpoint, variant, series, window) for variant in endpoint.variants if variant.instances]
    known = [peak for peak in peaks if peak is not None]
    return max(known) if known and len(known) == len(peaks) else None


def may_be_underused(endpoint: Hosted, use: Use, window: Window, *, everything: bool) -> bool:
    """Whether reading its config is worth a call, before it is known how many GPUs there are.

    Without `everything` only where GPUs report, and where all of an instance's stay below what one may have: one call for
    each endpoint would be too many.
    """
    peak = gpu_peak(endpoint, use.series, window)
    if peak is None:
        return everything and _is_rare(use, window)
    return everything or _is_rare(use, window) or peak < FULL


def suggestion(endpoint: Hosted, use: Use, window: Window, accelerators: Accelerators) -> str:
    """What would fit, with the numbers that say so; empty where it is not underused."""
    if _is_rare(use, window):
        return _for_rare_use(endpoint, use, window)
    found = (_of_variant(endpoint, each, use.series, window, accelerators) for each in endpoint.serving)
    return "; ".join(each for each in found if each)


def _is_rare(use: Use, window: Window) -> bool:
    return use.days_asked <= RARELY * window.days


def _for_rare_use(endpoint: Hosted, use: Use, window: Window) -> str:
    said = f"asked on {use.days_asked} of {window.days} days"
    if any(variant.hosts_components and not variant.may_scale_to_zero for variant in endpoint.serving):
        return f"{said}: let its components scale to zero copies, with MinInstanceCount 0, between uses"
    if any(variant.hosts_components for variant in endpoint.serving):
        return f"{said}: it may scale to zero, and did not; look at the scaling policies of its components"
    if endpoint.is_async:
        return f"{said}: let autoscaling take it to zero instances while its queue is empty"
    return f"{said}: host its model as an inference component, which can scale to zero between uses"


def _of_variant(
    endpoint: Hosted, variant: HostedVariant, series: AllSeries, window: Window, accelerators: Accelerators
) -> str:
    peak = _peak(endpoint, variant, series, window)
    kinds = [kind for kind, count in variant.by_type.items() if count]
    gpus = accelerators(kinds[0]) if len(kinds) == 1 else None
    if peak is None or not gpus:
        return ""
    percent = peak / gpus
    said = f"variant {variant.name}: GPUs at {percent:.0f} % in their busiest minute"
    needed = max(1, math.ceil(variant.instances * percent / FULL))
    if needed < variant.instances:
        return f"{said}: {needed} of its {variant.instances} instances would do"
    if variant.instances == 1 and percent < HALF_EMPTY:
        fewer = f" with fewer than {gpus} accelerators" if gpus > 1 else ""
        return f"{said}: a smaller type{fewer} would do"
    return ""


def _peak(endpoint: Hosted, variant: HostedVariant, series: AllSeries, window: Window) -> float | None:
    found = series.get(gpu_of(endpoint, variant))
    if found is None or not found.is_there or len(found.points) < COVERED * window.days:
        return None
    return max(found.points.values())
