"""What comes in and what people got: requests, how a model answers them, and the true tally. No routing, no metrics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a trace: its moment and its size in tokens."""

    at: datetime
    context_tokens: int = 100
    generated_tokens: int = 20


@dataclass(frozen=True, slots=True)
class Profile:
    """How a model version behaves.

    Latency in milliseconds is base plus tokens, spread by a log-normal `jitter`, and multiplied by `slow_factor` above
    `knee_rpm_per_instance`. `starts=False`: its container never passes the health check. `answers=False`: every
    request fails with 500. `dead`: takes its share of requests, answers none and emits no metrics at all.
    Above `max_rpm_per_instance` a minute counts as under capacity.
    """

    base_ms: float = 40.0
    ms_per_context_token: float = 0.02
    ms_per_generated_token: float = 8.0
    jitter: float = 0.15
    error_rate: float = 0.0
    starts: bool = True
    knee_rpm_per_instance: float | None = None
    slow_factor: float = 3.0
    answers: bool = True
    dead: bool = False
    max_rpm_per_instance: float | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """What people really got from one model: `slow` counts those above the world's `slow_above_ms`, None if unset."""

    requests: int
    errors: int
    slow: int | None = None
    latency_ms: float = 0.0


@dataclass(slots=True)
class Tally:
    """The running count behind `Served`; `latency_ms` is a sum."""

    requests: int = 0
    errors: int = 0
    slow: int = 0
    latency_ms: float = 0.0
