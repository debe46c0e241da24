"""What is found of an endpoint's use: verdicts, the time that was looked at, and the ways in which an endpoint can be asked. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pointsman.hosted import Hosted, Metric
from pointsman.policy import EndpointName

ONE_HOUR, ONE_DAY, ONE_WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
COMPONENT = "InferenceComponentName"
USUAL = frozenset({COMPONENT, "EndpointName", "VariantName"})
HISTORY = timedelta(weeks=5)
"""So far back is looked before anything is called idle: the same weekday five times, and one end of a month at least."""


class Verdict(StrEnum):
    """What an endpoint is. Its values are read by programs: never rename one."""

    IDLE = "idle"
    UNDERUSED = "underused"
    BUSY = "busy"
    UNKNOWN = "unknown"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Window:
    """The days that must be without any request, [since, until), and how far back the history goes."""

    since: datetime
    until: datetime

    @property
    def days(self) -> int:
        """Its length in full days."""
        return (self.until - self.since) // ONE_DAY

    @property
    def history_since(self) -> datetime:
        """Where the history begins."""
        return min(self.until - HISTORY, self.since)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to ask an endpoint. Quiet is only what was read: of `needed` all, or any where `any_will_do`.

    `extra` may be absent, and makes the endpoint busy where it is not.
    """

    of: str
    needed: tuple[Metric, ...]
    extra: tuple[Metric, ...] = ()
    any_will_do: bool = False

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """All of them."""
        return (*self.needed, *self.extra)


@dataclass(frozen=True, slots=True)
class Finding:
    """One endpoint judged. `rests_on` are the signals that were read.

    `idle_since`: the end of its last request, or the earliest moment known to be without any where there was none in all
    of the history (`is_longer`).
    """

    endpoint: Hosted
    verdict: Verdict
    reason: str
    rests_on: tuple[str, ...] = ()
    idle_since: datetime | None = None
    is_longer: bool = False
    requests: float | None = None
    suggestion: str = ""
    gpu_percent: float | None = None
    """The busiest minute of its GPUs in the window, of 100 for one instance's."""

    @property
    def name(self) -> EndpointName:
        """Its endpoint's."""
        return self.endpoint.name


def window_of(now: datetime, days: int) -> Window:
    """At least so many days, from a midnight in UTC on: daily sums begin there."""
    since = (now - days * ONE_DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    return Window(since, now)


def day(moment: datetime) -> str:
    """`2026-11-20`."""
    return f"{moment:%Y-%m-%d}"


def counted(metric: Metric, count: float, days: int) -> str:
    """So many of what a metric counts, in words."""
    if metric.name == "ApproximateBacklogSize":
        return f"requests waited in its queue, {count:,.0f} at once, in {days} days"
    names = dict(metric.dimensions)
    asked = (
        f"component {names[COMPONENT]}" if COMPONENT in names else f"variant {names.get('VariantName', '')}"
    )
    beside = "".join(f", {name} {value}" for name, value in names.items() if name not in USUAL)
    what = "requests to" if metric.name == "Invocations" else f"x {metric.name} of"
    return f"{count:,.0f} {what} {asked}{beside} in {days} days"
