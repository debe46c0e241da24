"""What an account hosts and which metrics tell how much of it is used, as values, and the port that reads them. Nothing here judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from pointsman.policy import EndpointName
from pointsman.survey import Progress

REQUESTS, INSTANCES = "AWS/SageMaker", "/aws/sagemaker/Endpoints"
"""Namespaces of what is asked of endpoints and of what their instances do (facts/aws.md, 3.1)."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric under exact dimensions, as pairs: CloudWatch finds nothing under a part of them (facts/aws.md, 3.1)."""

    name: str
    dimensions: tuple[tuple[str, str], ...]
    stat: str = "Sum"
    namespace: str = REQUESTS

    def __str__(self) -> str:
        return f"{self.name} of {', '.join(value for _, value in self.dimensions)}"


class Reading(StrEnum):
    """How the reading of a series went."""

    READ = "read"
    PARTIAL = "a part of it only"
    FAILED = "error"
    DENIED = "not allowed"


@dataclass(frozen=True, slots=True)
class Series:
    """Values of a metric by the beginning of their period. Where it was not `READ` there may be more than these."""

    reading: Reading
    points: Mapping[datetime, float] = field(default_factory=dict)
    why: str = ""

    @property
    def is_there(self) -> bool:
        """Whether it was read and had any datapoint."""
        return self.reading is Reading.READ and bool(self.points)


AllSeries = Mapping[Metric, Series]


@dataclass(frozen=True, slots=True)
class Component:
    """An inference component as it is listed."""

    name: str
    variant: str
    status: str
    changed: datetime


@dataclass(frozen=True, slots=True)
class HostedVariant:
    """A variant as it is live. From its config, so empty until described: types, models, containers and whom it hosts.

    `by_type` counts instances of every type, `containers` are those that callers choose between.
    """

    name: str
    instances: int
    is_serverless: bool = False
    is_shadow: bool = False
    by_type: Mapping[str, int] = field(default_factory=dict)
    has_pools: bool = False
    hosts_components: bool = False
    may_scale_to_zero: bool = False
    containers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hosted:
    """One endpoint. `is_described` tells whether its config was read as well; `unread` names what could not be read, and why."""

    name: EndpointName
    status: str
    made: datetime
    changed: datetime
    config_name: str
    variants: tuple[HostedVariant, ...]
    tags: Mapping[str, str] = field(default_factory=dict)
    is_async: bool = False
    components: tuple[Component, ...] = ()
    is_described: bool = False
    unread: tuple[str, ...] = ()

    @property
    def serving(self) -> tuple[HostedVariant, ...]:
        """Variants that requests are sent to: a shadow gets copies."""
        return tuple(variant for variant in self.variants if not variant.is_shadow)

    @property
    def by_type(self) -> dict[str, int]:
        """Instances that run, by type, shadows included. A type that is not known is empty."""
        found: dict[str, int] = {}
        for variant in self.variants:
            for kind, count in (variant.by_type or {"": variant.instances}).items():
                found[kind] = found.get(kind, 0) + count
        return {kind: count for kind, count in found.items() if count}


class Hosting(Protocol):
    """Reads an account with the caller's permissions and with few calls."""

    def found(self, progress: Progress) -> list[Hosted]:
        """Every endpoint by its name, undescribed: a call for each hundred. Raises Denied or Transient."""
        ...

    def described(self, endpoints: Sequence[Hosted], progress: Progress, *, live: bool) -> list[Hosted]:
        """The same with what their configs and models tell, and as they are this minute where `live`.

        One that is gone is left out. What cannot be read is named in `unread`; nothing is raised for it.
        """
        ...

    def series(
        self, metrics: Sequence[Metric], since: datetime, until: datetime, period: timedelta
    ) -> AllSeries:
        """Every metric of [since, until): one call for 500. What cannot be read says so; nothing is raised for it."""
        ...
