"""The tables, queues, topic and bus of an installation, in memory, with the conditions of the real ones. No clock, no faults."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

from pointsman.core.audit import Record
from pointsman.core.judge import Evidence, Judged
from pointsman.core.lane import Lane
from pointsman.core.outgoing import Message, Outgoing
from pointsman.errors import Conflict, NotFound
from pointsman.policy import EndpointName, ModelGroup, Policy
from pointsman.ports import JournalEntry, Write
from tests.permissions.recorder import note

ACCOUNT = "111122223333"
"""The endpoints' own."""


@dataclass(slots=True)
class MemoryStore:
    """Implements `ports.Store`. `records` keeps every audit record ever stored, so that a fork would show."""

    lanes: dict[EndpointName, Lane] = field(default_factory=dict)
    evidence: dict[EndpointName, Evidence] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    unsent: dict[str, Outgoing] = field(default_factory=dict)
    numbers: set[tuple[str, int]] = field(default_factory=set)
    judged: list[Judged] = field(default_factory=list)

    def get_lane(self, endpoint: EndpointName) -> Lane:
        return self.lanes.get(endpoint) or Lane(endpoint)

    def commit(self, write: Write) -> None:
        self.require_unchanged(write)
        self.lanes[write.after.endpoint] = write.after
        self.records.append(write.record)
        self.numbers.add((write.record.stream, write.record.seq))
        self.unsent[write.outgoing.id] = write.outgoing

    def require_unchanged(self, write: Write) -> None:
        """The conditions of the transaction: the lane is at the fence it was read at, the record's number is free."""
        stored = self.lanes.get(write.after.endpoint)
        is_as_read = stored is None if write.before.fence == 0 else _fence(stored) == write.before.fence
        if not is_as_read or (write.record.stream, write.record.seq) in self.numbers:
            raise Conflict(f"endpoint {write.after.endpoint}: somebody else wrote first")

    def find_open(self) -> list[EndpointName]:
        return [endpoint for endpoint, lane in self.lanes.items() if lane.rollout is not None]

    def find_evidence(self, endpoint: EndpointName) -> Evidence | None:
        return self.evidence.get(endpoint)

    def put_evidence(
        self, endpoint: EndpointName, before: Evidence | None, after: Evidence, minutes: list[Judged]
    ) -> None:
        if _mark(self.evidence.get(endpoint)) != _mark(before):
            raise Conflict(f"evidence of endpoint {endpoint}: somebody else wrote first")
        self.evidence[endpoint] = after
        self.judged += minutes

    def find_unsent(self) -> list[Outgoing]:
        return list(self.unsent.values())

    def keep_unsent(self, outgoing: Outgoing) -> None:
        if outgoing.id in self.unsent:
            self.unsent[outgoing.id] = outgoing

    def mark_sent(self, outgoing: Outgoing) -> None:
        self.unsent.pop(outgoing.id, None)


@dataclass(slots=True)
class MemoryQueues:
    """Implements `ports.Queues`. Who delivers takes from `due`; a journal entry stays until it is dropped."""

    due: list[EndpointName] = field(default_factory=list)
    journal: dict[str, JournalEntry] = field(default_factory=dict)
    taken: int = 0

    def put_due(self, endpoints: list[EndpointName]) -> None:
        self.due += endpoints

    def put_journal(self, entry: JournalEntry) -> None:
        self.taken += 1
        receipt = f"receipt-{self.taken}"
        self.journal[receipt] = replace(entry, receipt=receipt)

    def take_journal(self) -> list[JournalEntry]:
        return list(self.journal.values())

    def drop_journal(self, entry: JournalEntry) -> None:
        self.journal.pop(entry.receipt, None)


@dataclass(slots=True)
class MemoryTopic:
    """Implements `listeners.Topic`."""

    sent: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        self.sent.append(message)


@dataclass(slots=True)
class MemoryEvents:
    """A client of EventBridge, as far as the adapter uses it: it takes whatever it is given."""

    entries: list[dict[str, Any]] = field(default_factory=list)

    def put_events(self, **request: Any) -> dict[str, Any]:
        note("events", "PutEvents", request)
        assert 1 <= len(request["Entries"]) <= 10
        self.entries += request["Entries"]
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "made-up"} for _ in request["Entries"]]}

    def details(self) -> list[dict[str, Any]]:
        """What was published, oldest first."""
        return [json.loads(entry["Detail"]) for entry in self.entries]


class FixedPolicies:
    """Implements `ports.Policies` from policies that need no compiling."""

    def __init__(self, *policies: Policy) -> None:
        self._by_endpoint = {policy.endpoint: policy for policy in policies}

    def get(self, endpoint: EndpointName) -> Policy:
        policy = self._by_endpoint.get(endpoint)
        if policy is None:
            raise NotFound(f"no policy names endpoint {endpoint}")
        return policy

    def endpoints(self) -> list[EndpointName]:
        return list(self._by_endpoint)

    def groups(self) -> list[ModelGroup]:
        return list(dict.fromkeys(policy.group for policy in self._by_endpoint.values()))

    def for_group(self, group: ModelGroup) -> list[EndpointName]:
        wanted = ModelGroup(group.name, "" if group.account == ACCOUNT else group.account)
        return [name for name, policy in self._by_endpoint.items() if policy.group == wanted]

    def for_alarm(self, alarm: str) -> list[EndpointName]:
        return [name for name, policy in self._by_endpoint.items() if alarm in policy.plan.health.alarms]


def _fence(lane: Lane | None) -> int:
    return lane.fence if lane is not None else 0


def _mark(evidence: Evidence | None) -> tuple[str, str] | None:
    return (evidence.window, evidence.until.isoformat()) if evidence is not None else None
