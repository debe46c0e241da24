"""What the product needs from the world, as Protocols, and the values that cross. Implementations are adapters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from pointsman.core.audit import Record
from pointsman.core.judge import Evidence, Judged
from pointsman.core.lane import Lane
from pointsman.core.minutes import Minute
from pointsman.core.observed import AlarmReading, Answer, Endpoint, Sides
from pointsman.core.outgoing import Outgoing
from pointsman.core.rollout import Approval, Origin, Rollout
from pointsman.core.usual import Usual
from pointsman.policy import EndpointName, Health, ModelGroup, Policy

if TYPE_CHECKING:
    from pointsman.core.guard_alarms import AlarmDetail


@dataclass(frozen=True, slots=True)
class Write:
    """What one transaction stores: the lane (if it still is at `before.fence`), its record, and what is to be sent of it."""

    before: Lane
    after: Lane
    record: Record
    outgoing: Outgoing


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A move back that was made while the table could not be written; recorded when it can be. `cause`: as a `Cause`."""

    endpoint: EndpointName
    at: datetime
    rollout: str
    act: str
    reason: str
    receipt: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Package:
    """A model package version as the registry knows it now."""

    group: str
    approval: Approval
    is_approved: bool
    is_rejected: bool


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        ...


class Serving(Protocol):
    """Serves models. A change is safe to repeat, and raises Busy, Transient, Denied, QuotaExceeded or Refused."""

    def observe(self, endpoint: EndpointName, *, with_packages: bool = False) -> Endpoint:
        """Look at the endpoint and its config. `with_packages` also finds which package each model came from."""
        ...

    def prepare(self, rollout: Rollout) -> None:
        """Start a candidate fleet beside the baseline, with no traffic."""
        ...

    def set_share(self, rollout: Rollout, share_bps: int) -> None:
        """Ask for a share of the traffic for the candidate, in basis points."""
        ...

    def finalize(self, rollout: Rollout) -> None:
        """Let the version serve alone under the baseline's variant name."""
        ...

    def remove(self, rollout: Rollout) -> None:
        """Return to the baseline's own config."""
        ...

    def find_lost(self, rollout: Rollout) -> tuple[str, ...]:
        """What the baseline needs and was deleted since, in words: without it there is no return to it."""
        ...

    def find_leftovers(self, rollout: Rollout, live: Endpoint) -> tuple[str, ...]:
        """Names of what this rollout made and the endpoint does not use."""
        ...

    def discard(self, rollout: Rollout, live: Endpoint) -> None:
        """Delete the leftovers, if they carry the tag of this rollout."""
        ...

    def find_origin(self, live: Endpoint) -> Origin | None:
        """What the live config's tags tell, or None where it is not ours."""
        ...


class Prober(Protocol):
    """Sends a candidate its first request."""

    def ask(self, rollout: Rollout, variant: str) -> tuple[Answer, str]:
        """One request to a variant, past the weights; how it went, and a detail for people."""
        ...


class Scaling(Protocol):
    """The autoscaling of a variant."""

    def find_scale_in_suspended(self, endpoint: EndpointName, variant: str) -> bool | None:
        """Whether scale-in is suspended; None where nothing scales the variant."""
        ...

    def set_scale_in_suspended(self, endpoint: EndpointName, variant: str, *, suspended: bool) -> None:
        """Suspend or resume scale-in; scale-out is never touched."""
        ...


class Metrics(Protocol):
    """Counts of both sides, minute by minute."""

    def read(self, sides: Sides, health: Health, since: datetime, until: datetime) -> list[Minute]:
        """Every minute that begins in [since, until). Raises Transient or Denied where the source is not readable."""
        ...

    def read_usual(self, sides: Sides, health: Health, before: datetime) -> Usual:
        """How the baseline was in the hours before a moment. Raises as `read` does."""
        ...


class Alarms(Protocol):
    """States of alarms by name."""

    def read(self, names: tuple[str, ...]) -> AlarmReading:
        """Which fire and which do not exist."""
        ...

    def with_mutes(self, reading: AlarmReading) -> AlarmReading:
        """The same with what mutes those that fire, until one is found that nothing mutes. It raises nothing."""
        ...

    def details(self, names: tuple[str, ...], now: datetime) -> tuple[AlarmDetail, ...]:
        """Those that exist, with their settings. Raises Transient or Denied."""
        ...


class Registry(Protocol):
    """The model registry."""

    def describe(self, package: str) -> Package:
        """The version as it is now. Raises NotFound."""
        ...

    def find_approved(self, group: ModelGroup) -> dict[int, str]:
        """Every approved version of a group, to its package.

        Raises NotFound where there is no such group, Denied where its registry does not let us read it.
        """
        ...


class Store(Protocol):
    """State, evidence, audit records and the outbox."""

    def get_lane(self, endpoint: EndpointName) -> Lane:
        """What we remember of an endpoint, read consistently; an empty lane where there is nothing."""
        ...

    def commit(self, write: Write) -> None:
        """All of it or nothing. Raises Conflict when somebody was first, Transient when the table does not answer."""
        ...

    def find_open(self) -> list[EndpointName]:
        """Endpoints that have a rollout, open or just ended. One query, never a scan."""
        ...

    def find_evidence(self, endpoint: EndpointName) -> Evidence | None:
        """The judge's memory for the endpoint's rollout."""
        ...

    def put_evidence(
        self, endpoint: EndpointName, before: Evidence | None, after: Evidence, minutes: list[Judged]
    ) -> None:
        """Store evidence and the minutes it grew by. Raises Conflict when it is not at `before` any more."""
        ...

    def find_unsent(self) -> list[Outgoing]:
        """What is still to be sent, or was sent and is not confirmed; of one endpoint, the oldest first."""
        ...

    def keep_unsent(self, outgoing: Outgoing) -> None:
        """One of two parts was sent: keep the other. Nothing happens where somebody marked it as sent meanwhile."""
        ...

    def mark_sent(self, outgoing: Outgoing) -> None:
        """Forget what was sent."""
        ...


class Queues(Protocol):
    """The two queues: rollouts to look at, and the journal of moves that are still to be recorded."""

    def put_due(self, endpoints: list[EndpointName]) -> None:
        """One message for each endpoint."""
        ...

    def put_journal(self, entry: JournalEntry) -> None:
        """Keep a move back until the table can be written."""
        ...

    def take_journal(self) -> list[JournalEntry]:
        """Some entries; each comes again until it is dropped."""
        ...

    def drop_journal(self, entry: JournalEntry) -> None:
        """The entry was recorded."""
        ...


class Policies(Protocol):
    """The compiled policies."""

    def get(self, endpoint: EndpointName) -> Policy:
        """Raises NotFound where there is none, Misconfigured where it cannot be read."""
        ...

    def endpoints(self) -> list[EndpointName]:
        """Every endpoint that has a policy, readable or not."""
        ...

    def groups(self) -> list[ModelGroup]:
        """Every model package group that a policy names, each once."""
        ...

    def for_group(self, group: ModelGroup) -> list[EndpointName]:
        """Endpoints whose policy names the model package group in this account."""
        ...

    def for_alarm(self, alarm: str) -> list[EndpointName]:
        """Endpoints whose policy names the alarm."""
        ...
