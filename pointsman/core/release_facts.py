"""Everything that a plan of a release rests on, as values: what was read of the world, and what could not be. Nothing here judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from pointsman.core.evidence_time import Reading
from pointsman.core.guard_alarms import AlarmDetail
from pointsman.core.lane import Lane
from pointsman.core.observed import Observed
from pointsman.core.past_traffic import PastTraffic
from pointsman.core.quota_check import InUse, Quotas
from pointsman.core.rollout import Approval
from pointsman.core.timetable import ASSUMED_FLEET, Span
from pointsman.core.usual import Usual
from pointsman.policy import Policy


class Standing(StrEnum):
    """What the registry says of a version."""

    APPROVED = "approved"
    PENDING = "pending"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Candidate:
    """The version in question. `waiting` are newer versions that nobody has approved yet."""

    approval: Approval
    standing: Standing = Standing.APPROVED
    waiting: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Machines:
    """What is known of instance types: USD per hour, accelerators per instance with their kind, and from when the prices are."""

    usd_per_hour: Mapping[str, float] = field(default_factory=dict)
    accelerators: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    as_of: date | None = None
    """None: the prices were given by hand, or none is known."""


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds the endpoint. None, or a sentence in `unread`: it could not be read."""

    quotas: Quotas = field(default_factory=Quotas)
    in_use: InUse = field(default_factory=InUse)
    traffic: PastTraffic | None = None
    usual: Usual = field(default_factory=Usual)
    """How the serving variant was in the newest hour that tells; zeros where nobody knows."""
    alarms: Mapping[str, AlarmDetail] = field(default_factory=dict)
    deleted_models: tuple[str, ...] = ()
    scaling_most: int | None = None
    """The most instances that autoscaling may give the serving variant."""
    lane: Lane | None = None
    goes_first: Lane | None = None
    fleet: Span = ASSUMED_FLEET
    unread: tuple[str, ...] = ()
    """What could not be read and why, each a sentence."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it. `now` is when it was read, `start` when the release is to begin."""

    policy: Policy
    candidate: Candidate
    observed: Observed
    around: Around
    machines: Machines
    reading: Reading
    now: datetime
    start: datetime
    policy_file: str = ""
