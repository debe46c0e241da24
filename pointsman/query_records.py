"""Answers from an endpoint's audit stream, newest first: its records, and its releases, one row each. One rollout whole: `query_rollout.py`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pointsman.core.audit import Record
from pointsman.core.phases import TERMINAL
from pointsman.errors import BadEvent
from pointsman.policy import EndpointName
from pointsman.record import stream_of
from pointsman.world import World

Json = dict[str, Any]
RECORDS, MAX_RECORDS = 50, 500
RELEASES, MAX_RELEASES = 20, 100
EACH_OF_ALL, MAX_ENDPOINTS = 3, 25
PAGE, MAX_READ = 250, 3_000
MAX_BYTES = 4_000_000
"""Of an answer, so that it stays below Lambda's 6 MB (facts/aws.md, 5)."""
ENDED = frozenset(phase.value for phase in TERMINAL)


@dataclass(slots=True)
class Release:
    """What the records say of one rollout, gathered from its newest record to its oldest."""

    rollout: str
    newest: Json
    oldest: Json = field(default_factory=dict)
    first_seq: int = 0
    ended_at: str = ""
    approved_by: str = ""
    version: int | None = None
    peak_bps: int = 0

    def add(self, facts: Json) -> None:
        """Take the next older record."""
        self.oldest, self.first_seq = facts, int(facts["seq"])
        self.approved_by = self.approved_by or str(facts.get("approved_by", ""))
        self.version = self.version or facts.get("version")
        if facts["kind"] != "decision":
            return
        self.peak_bps = max(self.peak_bps, int(facts["share_bps"]))
        if self.newest.get("kind") != "decision":
            self.newest = facts
        if facts["after"] in ENDED and self.newest["after"] in ENDED and not self.ended_at:
            self.ended_at = str(facts["at"])


def history(world: World, endpoint: EndpointName | None, limit: int | None, before: str) -> Json:
    """Records of an endpoint, newest first, as they were hashed, with their hash. `next` goes on with older ones.

    Raises:
        BadEvent: no endpoint is named, or `next` is of another question.
        Transient: the table does not answer.

    """
    if endpoint is None:
        raise BadEvent("history needs an endpoint")
    wanted = min(limit or RECORDS, MAX_RECORDS)
    found = world.archive.read_backward(stream_of(endpoint), number(before), wanted)
    told = list(within([facts_of(record) for record in found]))
    more = str(told[-1]["seq"]) if told and told[-1]["seq"] > 1 else None
    return {"endpoint": endpoint, "records": told, "next": more}


def releases(world: World, endpoint: EndpointName | None, limit: int | None, after: str) -> Json:
    """Releases of one endpoint, newest first; without one, the last few of every endpoint, an endpoint at a time.

    Raises:
        BadEvent: `next` is of another question.
        Transient: the table does not answer.

    """
    if endpoint is not None:
        rows, more = _releases_of(world, endpoint, min(limit or RELEASES, MAX_RELEASES), after)
        return {"releases": rows, "next": more}
    known = sorted({*world.policies.endpoints(), *world.store.find_open()})
    left = [each for each in known if each > after]
    chosen = left[:MAX_ENDPOINTS]
    each_of = min(limit or EACH_OF_ALL, RELEASES)
    rows = [row for name in chosen for row in _releases_of(world, name, each_of, "")[0]]
    return {"releases": rows, "next": chosen[-1] if len(left) > len(chosen) else None}


def facts_of(record: Record) -> Json:
    """What was hashed, and the hash."""
    return record.facts() | {"hash": record.hash}


def within(items: Iterable[Json], left: int = MAX_BYTES) -> Iterable[Json]:
    """The first items that fit into so many bytes of JSON; one at least."""
    for position, item in enumerate(items):
        left -= len(json.dumps(item))
        if left < 0 and position:
            return
        yield item


def number(text: str) -> int | None:
    """A record's number from `next`; None for an empty one."""
    if not text:
        return None
    if not text.isascii() or not text.isdigit():
        raise BadEvent("next is not what an earlier answer to this question gave")
    return int(text)


def find_releases(world: World, endpoint: EndpointName, limit: int, before: int | None) -> list[Release]:
    """The newest releases below a record's number, newest first: at most `limit`, found in a bounded number of records."""
    found: dict[str, Release] = {}
    read = 0
    while read < MAX_READ:
        page = world.archive.read_backward(stream_of(endpoint), before, PAGE)
        for record in page:
            facts = record.facts()
            name = str(facts.get("rollout", ""))
            if not name:
                continue
            if name not in found and len(found) > limit:
                return list(found.values())[:limit]
            found.setdefault(name, Release(name, facts)).add(facts)
        read += len(page)
        if len(page) < PAGE:
            break
        before = page[-1].seq
    return list(found.values())[:limit]


def _releases_of(
    world: World, endpoint: EndpointName, limit: int, before: str
) -> tuple[list[Json], str | None]:
    found = find_releases(world, endpoint, limit, number(before))
    rows = [_row(endpoint, each) for each in found]
    first = min((each.first_seq for each in found), default=1)
    return rows, str(first) if len(found) == limit and first > 1 else None


def _row(endpoint: EndpointName, release: Release) -> Json:
    newest, opened = release.newest, datetime.fromisoformat(str(release.oldest["at"]))
    ended = datetime.fromisoformat(release.ended_at) if release.ended_at else None
    return {
        "endpoint": endpoint,
        "rollout": release.rollout,
        "version": release.version,
        "opened_at": opened.isoformat(),
        "ended_at": ended.isoformat() if ended else None,
        "took_s": round((ended - opened).total_seconds()) if ended else None,
        "phase": newest.get("after"),
        "cause": newest.get("cause"),
        "reason": str(newest.get("reason", "")),
        "approved_by": release.approved_by,
        "peak_share_percent": release.peak_bps / 100,
    }
