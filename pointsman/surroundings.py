"""What a plan of a release reads of the world, as Protocols, and what it is asked. Implementations are adapters; reading is `forecast.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pointsman.core.audit import Record
from pointsman.core.guard_alarms import AlarmDetail
from pointsman.core.lane import Lane
from pointsman.core.observed import Sides
from pointsman.core.past_traffic import PastTraffic
from pointsman.core.quota_check import InUse, Quotas
from pointsman.core.release_facts import Standing
from pointsman.core.timetable import Span
from pointsman.core.usual import Usual
from pointsman.errors import PointsmanError
from pointsman.policy import EndpointName, Health, ModelGroup, Policy
from pointsman.ports import Package, Serving


class ListedVersion(Protocol):
    """A version as a list shows it."""

    @property
    def version(self) -> int:
        """Its number."""
        ...

    @property
    def package(self) -> str:
        """Its ARN."""
        ...

    @property
    def standing(self) -> Standing:
        """What the registry says of it."""
        ...


class VersionList(Protocol):
    """The versions of a group, and the models made of them."""

    def newest_first(self, group: ModelGroup) -> Iterator[ListedVersion]:
        """Every version. Raises NotFound, Denied or Transient."""
        ...

    def has_model(self, name: str) -> bool:
        """Whether a model exists."""
        ...


class Versions(Protocol):
    """One version as it is now."""

    def describe(self, package: str) -> Package:
        """Raises NotFound, Denied or Transient."""
        ...


class Scaling(Protocol):
    """The autoscaling of a variant."""

    def find_scale_in_suspended(self, endpoint: EndpointName, variant: str) -> bool | None:
        """None where nothing scales it."""
        ...

    def find_most(self, endpoint: EndpointName, variant: str) -> int | None:
        """The most instances it may get."""
        ...


class QuotaBook(Protocol):
    """The account's quotas."""

    def read(self, instance_types: Iterable[str]) -> Quotas:
        """Those of these types, and those of all instances."""
        ...


class Usage(Protocol):
    """What runs already."""

    def read(self, besides: EndpointName) -> InUse:
        """Instances of all endpoints but one."""
        ...


class Traffic(Protocol):
    """Requests of the days past."""

    def read(self, endpoint: EndpointName, variant: str, now: datetime) -> PastTraffic:
        """By full hour."""
        ...


class Past(Protocol):
    """What a judge will take for usual."""

    def read_usual(self, sides: Sides, health: Health, before: datetime) -> Usual:
        """How the baseline was in an hour before."""
        ...


class AlarmBook(Protocol):
    """Alarms with their settings."""

    def read(self, names: tuple[str, ...], now: datetime) -> dict[str, AlarmDetail]:
        """Those that exist. Raises Denied or Transient."""
        ...


class LaneBook(Protocol):
    """What an installation remembers of an endpoint."""

    def get_lane(self, endpoint: EndpointName) -> Lane:
        """An empty lane where there is nothing."""
        ...


class RecordBook(Protocol):
    """Audit records of past releases."""

    def read_backward(self, stream: str, before: int | None, limit: int) -> list[Record]:
        """The newest of a stream, newest first."""
        ...


class NothingToRelease(PointsmanError):
    """Every version that could be released serves already, or an older one does."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything that a forecast may read. `is_late` says when to give up reading what is left."""

    region: str
    serving: Serving
    versions: VersionList
    registry: Versions
    scaling: Scaling
    quotas: QuotaBook
    usage: Usage
    traffic: Traffic
    metrics: Past
    alarms: AlarmBook
    lanes: LaneBook
    records: RecordBook
    is_late: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be planned. `version` None: the newest that could be released. `fleet`, `usd_per_hour`: given by hand."""

    policy: Policy
    now: datetime
    start: datetime
    version: int | None = None
    fleet: Span | None = None
    usd_per_hour: float | None = None
    policy_file: str = ""
