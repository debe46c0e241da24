"""What is read for people: records, minutes, queue lengths, names. The ports here change nothing; what is made of it is `query*.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pointsman.core.audit import Record
from pointsman.core.minutes import Minute
from pointsman.core.verdict import Opinion, Weighed
from pointsman.policy import EndpointName


@dataclass(frozen=True, slots=True)
class KeptVerdict:
    """What was said when the minute was taken: the share (basis points), and odds against the candidate, which `needed` makes a FAIL."""

    share_bps: int
    opinion: Opinion
    evidence: float
    needed: float
    weighed: tuple[Weighed, ...]


@dataclass(frozen=True, slots=True)
class KeptMinute:
    """One stored minute of a rollout. `window` is what was judged then: `step-0`, `step-1`, ..., `watch`.

    `judged` is None in minutes that a release before the judge of e-values had stored.
    """

    window: str
    minute: Minute
    judged: KeptVerdict | None = None

    @property
    def mark(self) -> str:
        """Where reading goes on behind this minute."""
        return f"{self.window}#{self.minute.at:%Y-%m-%dT%H:%M}"


@dataclass(frozen=True, slots=True)
class QueueLength:
    """Messages that wait in a queue, and that failed too often; `dead` is None where nothing takes those."""

    queue: str
    waiting: int
    dead: int | None


@dataclass(frozen=True, slots=True)
class Names:
    """What belongs to one installation in one Region."""

    region: str
    account: str
    state_table: str
    audit_table: str
    due_queue: str
    journal_queue: str
    topic: str
    bus: str


class Archive(Protocol):
    """Audit records and stored minutes. Every method raises Transient where the tables do not answer."""

    def find_record(self, stream: str, seq: int) -> Record | None:
        """One record of a stream."""
        ...

    def read_forward(self, stream: str, after: int, until: int, limit: int) -> list[Record]:
        """Records numbered in (after, until], oldest first, at most `limit`."""
        ...

    def read_backward(self, stream: str, before: int | None, limit: int) -> list[Record]:
        """Records numbered below `before` (None: all), newest first, at most `limit`."""
        ...

    def read_minutes(self, endpoint: EndpointName, rollout: str, after: str, limit: int) -> list[KeptMinute]:
        """Minutes of a rollout behind a mark (empty: from the start), window by window, at most `limit`."""
        ...


class Backlog(Protocol):
    """How much waits in the installation's queues."""

    def read_lengths(self) -> list[QueueLength]:
        """One for each queue. Raises Denied or Transient where it cannot be read."""
        ...
