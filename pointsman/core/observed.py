"""What a pass saw of the world, in neutral words. Adapters fill it; `decide.py` reads it; nothing here asks or acts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from pointsman.core.rollout import ALL_BPS, Stop
from pointsman.core.usual import Usual
from pointsman.core.verdict import Verdict
from pointsman.policy import EndpointName

if TYPE_CHECKING:
    # How alarms are weighed is loaded before a rollout begins, never on the way back (docs/packaging.md).
    from pointsman.core.guard_alarms import AlarmDetail


class Status(StrEnum):
    """Endpoint states by what they allow (facts/aws.md, 2.1)."""

    IN_SERVICE = "in_service"
    BUSY = "busy"
    FAILED = "failed"
    UPDATE_ROLLBACK_FAILED = "update_rollback_failed"
    GONE = "gone"


class Answer(StrEnum):
    """How the candidate reacted to its first request."""

    ANSWERED = "answered"
    FAILED = "failed"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Variant:
    """One production variant as it is right now. Weights are what SageMaker reports, of any scale."""

    name: str
    model: str
    package: str
    instance_type: str
    current_count: int
    desired_count: int
    weight: float


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A live endpoint with its config. `pending_config` is what SageMaker is building, if it is."""

    status: Status
    config: str = ""
    variants: tuple[Variant, ...] = ()
    pending_config: str = ""
    failure_reason: str = ""
    obstacles: tuple[str, ...] = ()
    """Why a weighted canary cannot serve this endpoint, each naming what would."""

    def share_bps(self, variant: str) -> int:
        """Share of the traffic that a variant carries, in basis points; 0 where it is absent."""
        total = sum(each.weight for each in self.variants)
        mine = sum(each.weight for each in self.variants if each.name == variant)
        return round(ALL_BPS * mine / total) if total > 0 else 0

    def find_variant(self, name: str) -> Variant | None:
        """The variant of that name, if it is there."""
        return next((each for each in self.variants if each.name == name), None)


@dataclass(frozen=True, slots=True)
class Sides:
    """Which variants are compared, over the thresholds of which past. `baseline` is None where the version serves alone."""

    endpoint: EndpointName
    candidate: str
    baseline: str | None
    usual: Usual = field(default_factory=Usual)


@dataclass(frozen=True, slots=True)
class Mute:
    """What keeps the actions of an alarm that fires from being taken. `why` goes on after the alarm's name."""

    alarm: str
    why: str


@dataclass(frozen=True, slots=True)
class AlarmReading:
    """States of the alarms that the plan names. `blind` says why they could not be read.

    `mutes` tells of those that fire. `details` are the alarms with their settings, read before a rollout begins only.
    """

    firing: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    blind: str = ""
    mutes: tuple[Mute, ...] = ()
    details: tuple[AlarmDetail, ...] = ()

    @property
    def vetoes(self) -> tuple[str, ...]:
        """Alarms that fire and that nobody has muted: they take traffic back."""
        muted = {each.alarm for each in self.mutes}
        return tuple(name for name in self.firing if name not in muted)


@dataclass(frozen=True, slots=True)
class Observed:
    """Everything one decision rests on. None: not asked for in this phase, or not there."""

    endpoint: Endpoint
    alarms: AlarmReading = field(default_factory=AlarmReading)
    scale_in_suspended: bool | None = None
    answer: Answer | None = None
    answer_detail: str = ""
    verdict: Verdict | None = None
    leftovers: tuple[str, ...] = ()
    frozen: str = ""
    closed: str = ""
    """Why no new step begins now: outside the policy's release windows."""
    waits_for: str = ""
    """Which endpoint must go first, and how far it is; asked before a rollout begins."""
    stop: Stop | None = None
    unread: str = ""
    """What beside the endpoint could not be read, so that nothing may be taken for restored; with the reason."""
