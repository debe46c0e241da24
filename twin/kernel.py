"""The facade of the simulated account: a clock to advance, AWS calls to make, and a world to disturb.

No HTTP, no threads, no boto3 and no wall clock in here or below: same seed and same calls, same answers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from twin.agenda import Agenda
from twin.control import set_endpoint_status
from twin.elsewhere import Elsewhere
from twin.errors import TwinError
from twin.events import Bus, Subscriber
from twin.faults import Faults
from twin.history import Past, Rate, remember
from twin.names import Arns
from twin.services import Services, operations
from twin.signals import Signal
from twin.ticker import Ticker
from twin.timings import Timings
from twin.traffic import Profile, Request, Served
from twin.world import World

__all__ = ["Kernel", "Timings"]

Params = dict[str, Any]

_START = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
_CALLS_KEPT = 100_000


class Kernel:
    """One simulated account in one Region. Two kernels share nothing."""

    def __init__(
        self,
        seed: int = 7,
        start: datetime = _START,
        account: str = "111122223333",
        region: str = "us-east-1",
        timings: Timings | None = None,
    ) -> None:
        """Begin an empty world at `start` (with a time zone)."""
        timings = timings if timings is not None else Timings()
        self._agenda = agenda = Agenda(start)
        arns = Arns(account, region)
        bus = Bus(agenda, arns, timings, Random(f"{seed}:events"))
        identity = f"arn:aws:sts::{account}:assumed-role/ModelOwner/session"
        world = World(seed, agenda, arns, timings, Random(f"{seed}:durations"), bus, identity)
        self._world = world
        self._services = services = Services(world)
        self._operations = operations(services)
        self._ticker = Ticker(agenda, services.tick, services.are_ticking)
        self._is_advancing = False
        self.calls: deque[tuple[datetime, str, str, Params]] = deque(maxlen=_CALLS_KEPT)

    @property
    def now(self) -> datetime:
        """The virtual time, in UTC."""
        return self._agenda.now

    def next_due(self) -> datetime | None:
        """Return when the earliest pending thing is due. Requests of a trace are not waited for one by one."""
        return self._agenda.next_due()

    def advance(self, delta: timedelta) -> None:
        """Let `delta` pass, with everything that is due in it."""
        self.advance_to(self.now + delta)

    def advance_to(self, when: datetime) -> None:
        """Run everything due up to and including `when`, in order. A subscriber may call, but not advance."""
        if self._is_advancing:
            raise RuntimeError("time cannot be advanced from within an event that time brought")
        if when < self.now:
            raise ValueError(f"time does not go back, from {self.now} to {when}")
        self._is_advancing = True
        try:
            self._run(when.astimezone(UTC))
        finally:
            self._is_advancing = False

    def _run(self, end: datetime) -> None:
        agenda = self._agenda
        due = agenda.next_due()
        while due is not None and due <= end:
            self._services.serving.run(due)
            agenda.now = due
            agenda.take()()
            due = agenda.next_due()
        self._services.serving.run(end)
        agenda.now = end

    def call(self, service: str, operation: str, params: Params) -> Params:
        """Make one AWS call, in boto3's shapes; raise TwinError as AWS would, or as a fault demands."""
        self.calls.append((self.now, service, operation, params))
        run = self._operations.get(service, {}).get(operation)
        if run is None:
            raise TwinError(
                "UnknownOperationException", f"The twin does not know {service} {operation}.", 404
            )
        fault = self.faults.take_call(service, operation)
        if fault is not None and not fault.after_effect:
            raise fault.error
        try:
            answer = run(params)
        except TwinError as error:
            if fault is not None:
                raise fault.error from error
            raise
        self._ticker.wind()
        if fault is not None:
            raise fault.error
        return answer

    def subscribe(self, subscriber: Subscriber) -> None:
        """Hand every event, in EventBridge's shape, to `subscriber` when it is due."""
        self._world.bus.subscribe(subscriber)

    def traffic(self, endpoint_name: str, source: Iterable[Request]) -> None:
        """Send the requests of `source` (sorted by time) to the endpoint; those before now are skipped."""
        self._services.serving.attach(endpoint_name, source)

    def set_endpoint_status(self, name: str, status: str, reason: str = "") -> None:
        """Force SystemUpdating, Failed, UpdateRollbackFailed or InService; a running change ends without effect."""
        set_endpoint_status(self._services.deployments, self._services.weights, name, status, reason)

    def remember(  # noqa: PLR0913 - a past says whose, when, and what it was like; a value for it would only be unpacked
        self,
        endpoint_name: str,
        variant: str,
        start: datetime,
        minutes: int,
        rpm: Rate,
        *,
        latency_ms: float = 50.0,
        error_rate: float = 0.0,
    ) -> None:
        """Give a variant a past: metrics of `minutes` from `start` on, all before now, without serving any request.

        `rpm` is requests a minute, constant or by the minute's start. `served` does not count them. The endpoint was
        made when its past begins.
        """
        endpoint = self._services.endpoints.get(endpoint_name)
        endpoint.created = min(endpoint.created, start)
        live = endpoint.fleet.variants.get(variant) if endpoint.fleet is not None else None
        past = Past(rpm, latency_ms, error_rate, live.count if live is not None else 1)
        remember(self._services.metrics, (endpoint_name, variant), start, minutes, past)

    def antedate(self, endpoint_name: str, made: datetime) -> None:
        """Let an endpoint be older than it is: made, and last changed, at a moment before now."""
        endpoint = self._services.endpoints.get(endpoint_name)
        endpoint.created = endpoint.modified = min(endpoint.created, made)

    def signal(self, metric: tuple[str, str], dimensions: dict[str, str], signal: Signal) -> None:
        """Let a metric, by namespace and name, follow a function of time under exactly these dimensions."""
        self._services.signals.put(*metric, dimensions, signal)

    def registry_of(self, account: str) -> Elsewhere:
        """Return the registry of another account in this Region."""
        return self._services.registries.of(account)

    def stamp_tags(self, arn: str, tags: dict[str, str]) -> None:
        """Set tags that clients may not, as CloudFormation does with aws:cloudformation:stack-name."""
        self._world.tags.stamp(arn, tags)

    @property
    def faults(self) -> Faults:
        """What goes wrong next."""
        return self._world.bus.faults

    @property
    def profiles(self) -> dict[str, Profile]:
        """How models behave, by package ARN, or by name for a model without a package; may be changed any time."""
        return self._world.profiles

    @property
    def quota(self) -> dict[str, int]:
        """Most instances of a type at once, over all endpoints; 100 where it is not set.

        "Number of instances across active endpoints" and "Maximum number of instances per endpoint" limit the totals.
        """
        return self._world.ledger.quota

    @property
    def capacity(self) -> dict[str, int]:
        """Instances of a type the cloud has free for launches; launches use it up, releases give back."""
        return self._world.ledger.capacity

    def running(self, endpoint_name: str) -> int:
        """Return how many instances run for the endpoint now, those still starting included."""
        return self._world.ledger.running(endpoint_name)

    def peak_instances(self, endpoint_name: str) -> int:
        """Return the most instances that ever ran for the endpoint at once."""
        return self._world.ledger.peak(endpoint_name)

    def peak_of(self, endpoint_name: str, instance_type: str) -> int:
        """Return the most instances of one type that ever ran for the endpoint at once."""
        return self._world.ledger.peak_of(endpoint_name, instance_type)

    def instance_hours(self, endpoint_name: str) -> dict[str, float]:
        """Return the hours that instances ran for the endpoint until now, by type, each from its launch on."""
        return self._world.ledger.hours(endpoint_name)

    def served(self, endpoint_name: str) -> dict[str, Served]:
        """Return what people really got, by package ARN or model name."""
        return self._services.serving.served(endpoint_name)

    @property
    def unanswered(self) -> dict[str, int]:
        """Requests of a trace that found no fleet to answer them, by endpoint."""
        return self._services.serving.unanswered

    @property
    def under_capacity(self) -> list[tuple[datetime, str, str]]:
        """Minutes (start, endpoint, variant) with more requests than the instances can serve."""
        return self._services.serving.under_capacity

    @property
    def broken_configs(self) -> list[str]:
        """Configurations that were deleted while an endpoint ran on them."""
        return self._services.endpoints.broken_configs

    @property
    def slow_above_ms(self) -> float | None:
        """Latency from which a request counts as slow in `served`; None: not counted."""
        return self._services.serving.slow_above_ms

    @slow_above_ms.setter
    def slow_above_ms(self, limit: float | None) -> None:
        self._services.serving.slow_above_ms = limit

    @property
    def identity(self) -> str:
        """ARN of whoever makes the calls, as the registry remembers it."""
        return self._world.identity

    @identity.setter
    def identity(self, arn: str) -> None:
        self._world.identity = arn
