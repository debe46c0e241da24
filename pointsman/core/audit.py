"""The audit chain: canonical JSON, hashes that run from record to record, and the check. Where records are kept is an adapter's work.

The chain is tamper-evident: an edit, a deletion inside, a reordering or a fork is found. A cut-off tail is found
only against a head that is known from elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

ZERO = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """Sequence number and hash of the newest record of a stream."""

    seq: int
    hash: str


GENESIS = Head(0, ZERO)


@dataclass(frozen=True, slots=True)
class Record:
    """One audit entry. `body` is the canonical JSON that the hash was made of; it is stored as it is."""

    stream: str
    seq: int
    prev_hash: str
    hash: str
    body: str

    @property
    def head(self) -> Head:
        """The stream's head once this record is its newest."""
        return Head(self.seq, self.hash)

    def facts(self) -> dict[str, Any]:
        """What the body says."""
        facts: dict[str, Any] = json.loads(self.body)
        return facts


def canonical(facts: Mapping[str, Any]) -> str:
    """JSON with sorted keys, no spaces, ASCII only, no NaN: equal facts give equal bytes.

    Raises:
        ValueError: for NaN and infinity, which JSON does not have.

    """
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def chain(head: Head, stream: str, at: datetime, facts: Mapping[str, Any]) -> Record:
    """Make the record that follows `head`. Stream, number, time and previous hash are part of what is hashed."""
    seq = head.seq + 1
    body = canonical({**facts, "stream": stream, "seq": seq, "prev_hash": head.hash, "at": at.isoformat()})
    return Record(stream, seq, head.hash, _hash(body), body)


def check(records: Iterable[Record], head: Head | None = None, after: Head = GENESIS) -> list[str]:
    """Every break in one stream, in words; empty when it is whole.

    `head`: the newest known from elsewhere. `after`: where the records begin, if not at the stream's start.
    """
    problems: list[str] = []
    last = after
    for record in sorted(records, key=lambda each: each.seq):
        problems += _problems(record, last)
        last = record.head
    if head is not None and head != last:
        problems.append(
            f"the stream ends at {last.seq} ({last.hash[:12]}), its head says {head.seq} ({head.hash[:12]})"
        )
    return problems


def _problems(record: Record, last: Head) -> list[str]:
    where = f"{record.stream} #{record.seq}"
    found = []
    if record.seq == last.seq:
        found.append(f"{where}: the number stands twice (a fork)")
    elif record.seq != last.seq + 1:
        found.append(f"{where}: records {last.seq + 1} to {record.seq - 1} are missing")
    if record.prev_hash != last.hash:
        found.append(f"{where}: does not follow the record before it")
    if _hash(record.body) != record.hash:
        found.append(f"{where}: its body was changed")
        return found
    facts = record.facts()
    stated = (facts.get("stream"), facts.get("seq"), facts.get("prev_hash"))
    if stated != (record.stream, record.seq, record.prev_hash):
        found.append(f"{where}: its keys differ from its body")
    return found


def _hash(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()
