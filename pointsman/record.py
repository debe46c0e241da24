"""Writes decisions down: lane, audit record and what is to be sent in one transaction, before anything is done about them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pointsman.core.audit import Head, Record, chain
from pointsman.core.bus_event import event_of
from pointsman.core.decision import Decision, go_back
from pointsman.core.lane import Lane, after
from pointsman.core.message import body_of, subject_of
from pointsman.core.outgoing import Message, Outgoing
from pointsman.core.phases import Cause, Phase
from pointsman.core.rollout import Rollout
from pointsman.errors import Conflict, PointsmanError
from pointsman.policy import EndpointName, Plan, Validation
from pointsman.policy_json import plan_to_json
from pointsman.ports import JournalEntry, Write
from pointsman.world import World

PRODUCT = "pointsman"
MAX_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a record left behind: the new head of the chain, and what is still to be sent."""

    head: Head
    outgoing: Outgoing


def stream_of(endpoint: EndpointName) -> str:
    """The audit stream of an endpoint's rollouts."""
    return f"rollouts#{endpoint}"


def record(world: World, lane: Lane, decision: Decision, now: datetime, actor: str) -> Recorded:
    """Store a decision, conditional on the lane being as it was read.

    Raises:
        Conflict: somebody else was first.
        Transient: the table does not answer.

    """
    before = lane.rollout
    if before is None:
        raise Conflict(f"endpoint {lane.endpoint} has no rollout to decide about")
    entry = chain(lane.head, stream_of(lane.endpoint), now, _facts(before, decision, actor))
    kept = replace(after(lane, decision.rollout), fence=lane.fence + 1, head=entry.head)
    message = _message(world, before, decision, f"{before.id}:{entry.seq}") if decision.is_told else None
    return _commit(world, lane, kept, entry, message)


def note(world: World, before: Lane, after_it: Lane, reason: str, actor: str = PRODUCT) -> Recorded:
    """Store a change of the lane that is no decision on a rollout: an approval let in, an ended rollout closed."""
    subject = after_it.rollout or before.rollout
    facts = {
        "kind": "lane",
        "endpoint": before.endpoint,
        "rollout": subject.id if subject else "",
        "version": subject.version if subject else None,
        "approved_by": subject.approval.by if subject else "",
        "queued": after_it.queued.version if after_it.queued else None,
        "queued_by": after_it.queued.by if after_it.queued else "",
        "reason": reason,
        "actor": actor,
    }
    entry = chain(before.head, stream_of(before.endpoint), world.clock.now(), facts)
    return _commit(world, before, replace(after_it, fence=before.fence + 1, head=entry.head), entry)


def note_journal(world: World, entry: JournalEntry) -> None:
    """Bring a move that was made while the table was down into the chain, and its rollout onto the way back.

    Without that the rollout would be where the table had it, and the next pass would undo the move. What is to be sent
    of it is left to the tick.
    """
    for _ in range(MAX_ROUNDS):
        lane = world.store.get_lane(entry.endpoint)
        try:
            lane = _turned_back(world, lane, entry)
        except Conflict:
            continue
        facts = {
            "kind": "journal",
            "endpoint": entry.endpoint,
            "rollout": entry.rollout,
            "act": entry.act,
            "acted_at": entry.at.isoformat(),
            "reason": f"made while the table could not be used: {entry.reason}",
            "actor": PRODUCT,
        }
        made = chain(lane.head, stream_of(entry.endpoint), world.clock.now(), facts)
        try:
            _commit(world, lane, replace(lane, fence=lane.fence + 1, head=made.head), made)
        except Conflict:
            continue
        return
    raise Conflict(f"endpoint {entry.endpoint}: its lane is written all the time")


def _turned_back(world: World, lane: Lane, entry: JournalEntry) -> Lane:
    rollout = lane.rollout
    if rollout is None or rollout.id != entry.rollout or entry.cause not in {cause.value for cause in Cause}:
        return lane
    if rollout.is_terminal or rollout.phase is Phase.ROLLING_BACK:
        return lane
    now = world.clock.now()
    decision = go_back(rollout, Cause(entry.cause), entry.reason, now)
    recorded = record(world, lane, decision, now, PRODUCT)
    return replace(after(lane, decision.rollout), fence=lane.fence + 1, head=recorded.head)


def _commit(
    world: World, before: Lane, kept: Lane, entry: Record, message: Message | None = None
) -> Recorded:
    event = event_of(entry, before, kept)
    outgoing = Outgoing(event.id, before.endpoint, event, message)
    world.store.commit(Write(before, kept, entry, outgoing))
    return Recorded(entry.head, outgoing)


def _facts(before: Rollout, decision: Decision, actor: str) -> dict[str, Any]:
    rollout = decision.rollout
    begins = before.phase is Phase.PENDING and rollout.phase is not Phase.PENDING
    return {
        "kind": "decision",
        "endpoint": rollout.endpoint,
        "rollout": rollout.id,
        "version": rollout.version,
        "before": before.phase.value,
        "after": rollout.phase.value,
        "step": rollout.step,
        "share_bps": rollout.share_bps,
        "act": decision.act.value if decision.act else None,
        "hold": rollout.hold.value if rollout.hold else None,
        "cause": rollout.cause.value if rollout.cause else None,
        "reason": decision.reason,
        "is_told": decision.is_told,
        "numbers": decision.numbers,
        "actor": actor,
    } | ({"plan": _plan_kept(rollout.plan)} if begins else {})


def _plan_kept(plan: Plan) -> dict[str, Any]:
    """The plan a rollout goes by, for whoever asks years later. Its first request may be long, and judges nothing."""
    return plan_to_json(replace(plan, validation=Validation()))


def _message(world: World, before: Rollout, decision: Decision, message_id: str) -> Message:
    topic, about = "", None
    try:
        policy = world.policies.get(before.endpoint)
        topic, about = policy.owner.notify, {"team": policy.owner.team} | policy.metadata
    except PointsmanError:
        # Without its policy an endpoint's owner is not known: the installation's topic hears of it.
        pass
    body = body_of(before, decision, about)
    return Message(message_id, before.endpoint, topic, subject_of(before, decision), body)
