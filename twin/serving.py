"""What happens to a request once its variant is known: latency, errors, metrics, the true tally. Routing is done before."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from twin.endpoints import Endpoints
from twin.fleets import Variant
from twin.metrics import Metrics, minute_of
from twin.routing import routed
from twin.traffic import Profile, Request, Served, Tally
from twin.world import World

_USUAL = Profile()


@dataclass(slots=True)
class Load:
    """How many requests a variant was sent this minute and the one before."""

    minute: int = 0
    requests: int = 0
    before: int = 0
    is_noted: bool = False

    def add(self, minute: int) -> None:
        """Count one request."""
        if minute != self.minute:
            self.before = self.requests if minute == self.minute + 1 else 0
            self.minute, self.requests, self.is_noted = minute, 0, False
        self.requests += 1


@dataclass(slots=True)
class Stream:
    """Requests still to come for one endpoint. Its chance is its own, so that streams do not disturb each other."""

    endpoint: str
    source: Iterator[Request]
    head: Request | None
    rng: Random


class Serving:
    """Answers requests one by one, and keeps count of what people really got."""

    def __init__(self, world: World, endpoints: Endpoints, metrics: Metrics) -> None:
        self._world = world
        self._endpoints = endpoints
        self._metrics = metrics
        self._streams: list[Stream] = []
        self._loads: dict[tuple[str, str], Load] = {}
        self._tallies: dict[str, dict[str, Tally]] = {}
        self.under_capacity: list[tuple[datetime, str, str]] = []
        self.unanswered: dict[str, int] = {}
        self.slow_above_ms: float | None = None

    def attach(self, endpoint: str, source: Iterable[Request]) -> None:
        """Send the requests of `source`, which must be sorted by time; those of the past are skipped."""
        rest = iter(source)
        now = self._world.agenda.now
        head = next((request for request in rest if request.at >= now), None)
        rng = Random(f"{self._world.seed}:{endpoint}:{len(self._streams)}")
        self._streams.append(Stream(endpoint, rest, head, rng))

    def run(self, until: datetime) -> None:
        """Serve every request before `until`."""
        for stream in self._streams:
            if stream.head is not None and stream.head.at < until:
                self._run_stream(stream, until)

    def _run_stream(self, stream: Stream, until: datetime) -> None:
        endpoint = self._endpoints.find(stream.endpoint)
        fleet = endpoint.fleet if endpoint is not None else None
        head = stream.head
        while head is not None and head.at < until:
            variant = routed(fleet, stream.rng) if fleet is not None else None
            if variant is None:
                self.unanswered[stream.endpoint] = self.unanswered.get(stream.endpoint, 0) + 1
            else:
                self.serve(stream.endpoint, variant, head, stream.rng)
            head = next(stream.source, None)
        stream.head = head

    def serve(self, endpoint: str, variant: Variant, request: Request, rng: Random) -> bool:
        """Answer one request; say whether that worked."""
        profile = self._world.profiles.get(variant.model_key, _USUAL)
        minute = minute_of(request.at)
        series = (endpoint, variant.name)
        strained = self._strain(series, variant, profile, minute)
        latency_ms = _latency_ms(profile, request, rng) * (profile.slow_factor if strained else 1.0)
        failed = (
            not profile.answers
            or profile.dead
            or (profile.error_rate > 0.0 and rng.random() < profile.error_rate)
        )
        tally = self._tallies.setdefault(endpoint, {}).setdefault(variant.model_key, Tally())
        tally.requests += 1
        tally.errors += failed
        tally.latency_ms += latency_ms
        tally.slow += self.slow_above_ms is not None and latency_ms > self.slow_above_ms
        if not profile.dead:
            self._metrics.record(series, minute, latency_ms * 1000.0, int(failed), variant.count)
        return not failed

    def _strain(self, series: tuple[str, str], variant: Variant, profile: Profile, minute: int) -> bool:
        """Count the request, note a minute that becomes too much, and say whether the model is slowed down by load."""
        load = self._loads.setdefault(series, Load())
        load.add(minute)
        instances = max(variant.count, 1)
        most = profile.max_rpm_per_instance
        if most is not None and load.requests > most * instances and not load.is_noted:
            load.is_noted = True
            self.under_capacity.append((datetime.fromtimestamp(minute * 60, UTC), *series))
        knee = profile.knee_rpm_per_instance
        return knee is not None and max(load.requests, load.before) > knee * instances

    def served(self, endpoint: str) -> dict[str, Served]:
        """Return what people got from `endpoint` over all time, by package ARN or model name."""
        measured = self.slow_above_ms is not None
        return {
            key: Served(tally.requests, tally.errors, tally.slow if measured else None, tally.latency_ms)
            for key, tally in self._tallies.get(endpoint, {}).items()
        }


def _latency_ms(profile: Profile, request: Request, rng: Random) -> float:
    plain = (
        profile.base_ms
        + profile.ms_per_context_token * request.context_tokens
        + profile.ms_per_generated_token * request.generated_tokens
    )
    return plain * math.exp(profile.jitter * rng.gauss(0.0, 1.0)) if profile.jitter else plain
