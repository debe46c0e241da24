"""Reads the world for a plan of a release, as far as it may be read, and says what could not be. It judges nothing and changes nothing.

What can be read is `surroundings.py`; the plan itself is worked out by `core/release_plan.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from pointsman.core.evidence_time import Reading
from pointsman.core.fleet_times import measured_fleet
from pointsman.core.guard_alarms import AlarmDetail
from pointsman.core.observed import AlarmReading, Endpoint, Observed, Sides, Status
from pointsman.core.quota_check import InUse, Quotas
from pointsman.core.release_facts import Around, Candidate, Facts, Machines, Standing
from pointsman.core.rollout import Approval
from pointsman.core.timetable import ASSUMED_FLEET, Span
from pointsman.core.usual import Usual
from pointsman.errors import NotFound, PointsmanError
from pointsman.evidence import LATE_FILL
from pointsman.prices import Price, find_accelerators, find_price
from pointsman.record import stream_of
from pointsman.surroundings import ListedVersion, NothingToRelease, Surroundings, Wish

T = TypeVar("T")
MOST_RECORDS = 400
"""Some ten releases, which tell how long fleets take."""


def gather(around: Surroundings, wish: Wish) -> Facts:
    """Read everything for a plan from outside an installation.

    Raises:
        NotFound: no such endpoint, group or version.
        NothingToRelease: no version is newer than what serves, and none was named.
        Denied, Transient: the endpoint or the registry cannot be read.

    """
    endpoint = around.serving.observe(wish.policy.endpoint, with_packages=True)
    if endpoint.status is Status.GONE:
        raise NotFound(f"endpoint {wish.policy.endpoint} does not exist in {around.region}")
    return _facts(around, wish, endpoint, _candidate(around, wish, endpoint))


def gather_for(around: Surroundings, wish: Wish, approval: Approval) -> Facts:
    """Read everything for the plan of an approved version. Raises Denied or Transient where the endpoint cannot be read."""
    endpoint = around.serving.observe(wish.policy.endpoint, with_packages=True)
    return _facts(around, wish, endpoint, Candidate(approval))


def _candidate(around: Surroundings, wish: Wish, endpoint: Endpoint) -> Candidate:
    """The version that was named; else the newest approved one after what serves; else the newest that waits for approval."""
    group = wish.policy.group
    serving = endpoint.variants[0].package.lower() if len(endpoint.variants) == 1 else ""
    waiting: list[ListedVersion] = []
    chosen: ListedVersion | None = None
    for listed in around.versions.newest_first(group):
        if wish.version is None and listed.package.lower() == serving:
            break
        if wish.version in {None, listed.version}:
            if wish.version is not None or listed.standing is Standing.APPROVED:
                chosen = listed
                break
            waiting += [listed] if listed.standing is Standing.PENDING else []
    if chosen is None and waiting:
        chosen = waiting.pop(0)
    if chosen is not None:
        return _described(around, chosen, waiting)
    if wish.version is not None:
        raise NotFound(f"group {group} has no version {wish.version}")
    raise NothingToRelease(
        f"group {group} has no version newer than what serves {wish.policy.endpoint}; name one with --version"
    )


def _described(around: Surroundings, chosen: ListedVersion, waiting: list[ListedVersion]) -> Candidate:
    package = around.registry.describe(chosen.package)
    standing = Standing.APPROVED if package.is_approved else Standing.PENDING
    standing = Standing.REJECTED if package.is_rejected else standing
    return Candidate(package.approval, standing, tuple(each.version for each in waiting))


def _facts(around: Surroundings, wish: Wish, endpoint: Endpoint, candidate: Candidate) -> Facts:
    look = _Look(around, wish, endpoint)
    return Facts(
        policy=wish.policy,
        candidate=candidate,
        observed=look.observed(),
        around=look.around(),
        machines=_machines(around.region, look.types, wish),
        reading=Reading(wish.policy.plan.health.metric_delay, LATE_FILL),
        now=wish.now,
        start=wish.start,
        policy_file=wish.policy_file,
    )


@dataclass(slots=True)
class _Look:
    """One look around an endpoint. What fails becomes a sentence; what is left when it is late is not read."""

    world: Surroundings
    wish: Wish
    endpoint: Endpoint
    alarms: dict[str, AlarmDetail] | None = None
    unread: list[str] = field(default_factory=list)

    @property
    def variant(self) -> str:
        """The variant that serves; empty where it is not one."""
        return self.endpoint.variants[0].name if len(self.endpoint.variants) == 1 else ""

    @property
    def types(self) -> list[str]:
        """Instance types of both sides."""
        live = {each.instance_type for each in self.endpoint.variants}
        return sorted({self.wish.policy.plan.serve.instance_type, *live} - {""})

    def observed(self) -> Observed:
        """As a pass before the first change would see it."""
        name, names = self.wish.policy.endpoint, self.wish.policy.plan.health.alarms
        self.alarms = (
            self._read("alarms", lambda: self.world.alarms.read(names, self.wish.now)) if names else {}
        )
        suspended = None
        if self.variant:
            suspended = self._read(
                "autoscaling", lambda: self.world.scaling.find_scale_in_suspended(name, self.variant)
            )
        return Observed(self.endpoint, alarms=self._states(names), scale_in_suspended=suspended)

    def _states(self, names: tuple[str, ...]) -> AlarmReading:
        found = self.alarms
        if found is None:
            return AlarmReading(blind=self.unread[-1])
        return AlarmReading(
            firing=tuple(name for name in names if name in found and found[name].seen.state == "ALARM"),
            missing=tuple(name for name in names if name not in found),
        )

    def around(self) -> Around:
        """Everything else, what matters most first."""
        name = self.wish.policy.endpoint
        traffic, usual = None, None
        if self.variant:
            now = self.wish.now
            traffic = self._read("traffic", lambda: self.world.traffic.read(name, self.variant, now))
            usual = self._read("errors and latency", self._usual)
        quotas = self._read("quotas", lambda: self.world.quotas.read(self.types))
        in_use = self._read("instances in use", lambda: self.world.usage.read(name))
        if in_use is not None and in_use.unread:
            self.unread.append(in_use.unread)
        first = self.wish.policy.after
        return Around(
            quotas=quotas or Quotas(unread="not read"),
            in_use=in_use or InUse(unread="not read"),
            traffic=traffic,
            usual=usual or Usual(),
            alarms=self.alarms or {},
            deleted_models=self._deleted_models(),
            scaling_most=self._most(),
            lane=self._quietly(lambda: self.world.lanes.get_lane(name)),
            goes_first=self._quietly(lambda: self.world.lanes.get_lane(first.endpoint)) if first else None,
            fleet=self.wish.fleet or self._fleet(),
            unread=tuple(self.unread),
        )

    def _usual(self) -> Usual:
        """As the judge would freeze it if the first step began now."""
        sides = Sides(self.wish.policy.endpoint, "", self.variant)
        return self.world.metrics.read_usual(sides, self.wish.policy.plan.health, self.wish.now)

    def _deleted_models(self) -> tuple[str, ...]:
        """A model without a package was not made of one, or is gone."""
        unsure = [each.model for each in self.endpoint.variants if each.model and not each.package]
        return tuple(
            name
            for name in unsure
            if self._read(f"model {name}", lambda name=name: self.world.versions.has_model(name)) is False  # type: ignore[misc]
        )

    def _most(self) -> int | None:
        name = self.wish.policy.endpoint
        return (
            self._quietly(lambda: self.world.scaling.find_most(name, self.variant)) if self.variant else None
        )

    def _fleet(self) -> Span:
        stream = stream_of(self.wish.policy.endpoint)
        records = self._quietly(lambda: self.world.records.read_backward(stream, None, MOST_RECORDS))
        return measured_fleet(reversed(records or [])) or ASSUMED_FLEET

    def _read(self, what: str, ask: Callable[[], T]) -> T | None:
        if self.world.is_late():
            self.unread.append(f"{what}: there was no time left to read it")
            return None
        try:
            return ask()
        except PointsmanError as err:
            self.unread.append(f"{what}: {err}")
            return None

    def _quietly(self, ask: Callable[[], T]) -> T | None:
        """What is better known, but is no gap where it is not: an account without an installation has none of it."""
        try:
            return None if self.world.is_late() else ask()
        except PointsmanError:
            return None


def _machines(region: str, types: list[str], wish: Wish) -> Machines:
    """A price given by hand is that of the type which the policy asks for."""
    accelerators = {kind: find_accelerators(kind) for kind in types}
    prices = {kind: find_price(region, kind) for kind in types}
    if wish.usd_per_hour is not None:
        prices[wish.policy.plan.serve.instance_type] = Price(wish.usd_per_hour)
    listed = {kind: price for kind, price in prices.items() if price is not None}
    dates = [price.as_of for price in listed.values() if price.as_of is not None]
    return Machines(
        usd_per_hour={kind: price.usd_per_hour for kind, price in listed.items()},
        accelerators={kind: (each.count, each.kind) for kind, each in accelerators.items() if each},
        as_of=min(dates, default=None),
    )
