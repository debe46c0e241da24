"""One pass over one endpoint: observe, decide, record, act. Every trigger ends here; none of them knows what will be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from pointsman.core.backward import refused
from pointsman.core.decide import decide
from pointsman.core.decision import Decision, hold
from pointsman.core.lane import Lane, after, is_settled, settle
from pointsman.core.observed import Observed, Status
from pointsman.core.phases import Act, Cause, Hold, Phase
from pointsman.core.rollout import Rollout, Stop
from pointsman.errors import Busy, Conflict, Misconfigured, NeedsPerson, NotFound, Transient
from pointsman.observe import observe
from pointsman.outbox import announce
from pointsman.policy import EndpointName, Plan
from pointsman.ports import JournalEntry
from pointsman.record import PRODUCT, note, record
from pointsman.way_back import find_rollout
from pointsman.world import World

MAX_ROUNDS = 5
WAY_BACK = frozenset({Act.SHIFT, Act.REMOVE})
CALLED_FOR = frozenset({Cause.ALARM, Cause.ABORTED, Cause.REJECTED, Cause.JUDGED_BAD})
"""Reasons to go back without a table. What the live endpoint alone looks like is none: the rollout may stand elsewhere."""
QUICK = frozenset({Act.RESTORE_SCALING, Act.DISCARD})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a pass came to. `again`: another pass at once finds something to do."""

    endpoint: EndpointName
    phase: Phase | None
    reason: str
    act: Act | None = None
    rollout: str = ""
    again: bool = False


def reconcile(
    world: World, endpoint: EndpointName, stop: Stop | None = None, actor: str = PRODUCT
) -> Outcome:
    """Bring one endpoint one act further.

    Losing a write to another pass is no failure: this one looks again and decides again, at once, so that a
    rollback is never lost to a routine write.

    Raises:
        Transient: the world does not answer; the trigger is delivered again.
        NeedsPerson: the endpoint cannot be read for a reason that repeating does not mend.

    """
    for _ in range(MAX_ROUNDS):
        try:
            return _pass(world, endpoint, stop, actor)
        except Conflict:
            continue
    raise Transient(f"endpoint {endpoint}: {MAX_ROUNDS} passes in a row lost to others")


def _pass(world: World, endpoint: EndpointName, stop: Stop | None, actor: str) -> Outcome:
    try:
        lane = world.store.get_lane(endpoint)
    except (Transient, Misconfigured) as unreadable:
        return _way_back_without_table(world, endpoint, stop, unreadable)
    now = world.clock.now()
    if lane.rollout is None:
        return Outcome(endpoint, None, "no rollout is open")
    try:
        observed = observe(world, lane.rollout, now, stop or _superseding(lane, lane.rollout))
    except NeedsPerson as unreadable:
        if stop is not None:
            raise
        return _cannot_read(world, lane, lane.rollout, unreadable)
    decision = decide(lane.rollout, observed, now)
    if decision.act is None and decision.rollout == lane.rollout:
        return _rest(world, lane, decision, observed)
    if decision.act is Act.PREPARE and lane.rollout.phase is Phase.PENDING:
        briefing = _briefing(world, decision.rollout)
        # Reading it took a while: the act gets a deadline that is not over already.
        now = world.clock.now()
        decision = replace(decide(lane.rollout, observed, now), briefing=briefing)
    try:
        recorded = record(world, lane, decision, now, actor)
    except Transient as unwritable:
        return _way_back_without_record(world, decision, now, unwritable)
    if decision.act is not None:
        _act(
            world, replace(after(lane, decision.rollout), fence=lane.fence + 1, head=recorded.head), decision
        )
    announce(world, recorded)
    return _outcome(lane.rollout, decision)


def _briefing(world: World, rollout: Rollout) -> str:
    try:
        return world.briefing(rollout, world.policies.get(rollout.endpoint))
    except (NotFound, Misconfigured):
        return ""


def _cannot_read(world: World, lane: Lane, rollout: Rollout, error: NeedsPerson) -> Outcome:
    """What the decision rests on is denied to us: people are told once, and every pass tries again."""
    if rollout.is_terminal or rollout.phase is Phase.NEEDS_HUMAN:
        raise error
    reason = f"cannot see the endpoint: {error}. Grant the permission; it is tried again by itself."
    decision = hold(rollout, Hold.CANNOT_READ, reason)
    if decision.rollout != rollout:
        announce(world, record(world, lane, decision, world.clock.now(), PRODUCT))
    return Outcome(lane.endpoint, rollout.phase, reason, rollout=rollout.id)


def _superseding(lane: Lane, rollout: Rollout) -> Stop | None:
    """What waits behind a rollout without traffic takes its place, also when the pass that let it in got no further."""
    waits = lane.queued
    if waits is None or rollout.is_terminal or rollout.traffic_has_moved:
        return None
    return Stop(Cause.SUPERSEDED, waits.by, f"version {waits.version} supersedes {rollout.id}")


def _rest(world: World, lane: Lane, decision: Decision, observed: Observed) -> Outcome:
    """Nothing to decide. An ended rollout that is old enough gives way to what waits behind it."""
    rollout, now = decision.rollout, world.clock.now()
    if not is_settled(lane, now) or observed.endpoint.status is Status.BUSY:
        return Outcome(lane.endpoint, rollout.phase, decision.reason, rollout=rollout.id)
    settled = settle(lane, _plan_of_today(world, lane.endpoint), now)
    opened = settled.rollout
    announce(world, note(world, lane, settled, f"{opened.id} opens" if opened else "the endpoint is at rest"))
    return Outcome(lane.endpoint, rollout.phase, "closed", rollout=rollout.id, again=opened is not None)


def _plan_of_today(world: World, endpoint: EndpointName) -> Plan | None:
    try:
        return world.policies.get(endpoint).plan
    except NotFound:
        return None


def _outcome(before: Rollout, decision: Decision) -> Outcome:
    moved = decision.phase is not before.phase and not decision.rollout.is_terminal
    again = decision.act in QUICK or (decision.act is None and moved)
    return Outcome(before.endpoint, decision.phase, decision.reason, decision.act, before.id, again)


def _act(world: World, lane: Lane, decision: Decision) -> None:
    """Do what was recorded, if it is not too late. A refusal is a fact of its own and is recorded as one."""
    rollout, intent = decision.rollout, decision.rollout.intent
    if intent is None or world.clock.now() >= intent.act_before:
        return
    try:
        carry_out(world, rollout, intent.act)
    except Busy:
        return
    except NeedsPerson as error:
        now = world.clock.now()
        answer = refused(rollout, intent.act, error, now)
        announce(world, record(world, lane, answer, now, PRODUCT))


def carry_out(world: World, rollout: Rollout, act: Act) -> None:
    """Ask the world for one act. Raises what the ports raise."""
    calls: dict[Act, Callable[[], None]] = {
        Act.PREPARE: lambda: _prepare(world, rollout),
        Act.SHIFT: lambda: world.serving.set_share(rollout, rollout.share_bps),
        Act.FINALIZE: lambda: world.serving.finalize(rollout),
        Act.REMOVE: lambda: world.serving.remove(rollout),
        Act.RESTORE_SCALING: lambda: _set_scale_in(world, rollout, suspended=False),
        Act.DISCARD: lambda: world.serving.discard(rollout, world.serving.observe(rollout.endpoint)),
    }
    calls[act]()


def _prepare(world: World, rollout: Rollout) -> None:
    """Nothing may shrink the baseline while it is the way back."""
    if rollout.baseline and rollout.baseline.scale_in_suspended is False:
        _set_scale_in(world, rollout, suspended=True)
    world.serving.prepare(rollout)


def _set_scale_in(world: World, rollout: Rollout, *, suspended: bool) -> None:
    if rollout.baseline:
        world.scaling.set_scale_in_suspended(rollout.endpoint, rollout.baseline.variant, suspended=suspended)


def _way_back_without_record(
    world: World, decision: Decision, now: datetime, unwritable: Transient
) -> Outcome:
    """Forward needs the record; back does not. The move is journalled and recorded when the table answers again."""
    rollout = decision.rollout
    if rollout.phase is not Phase.ROLLING_BACK or decision.act not in WAY_BACK:
        raise unwritable
    cause = rollout.cause.value if rollout.cause else ""
    entry = JournalEntry(rollout.endpoint, now, rollout.id, decision.act.value, decision.reason, cause=cause)
    try:
        carry_out(world, rollout, decision.act)
    except Busy:
        raise unwritable from None
    world.queues.put_journal(entry)
    return Outcome(rollout.endpoint, rollout.phase, decision.reason, decision.act, rollout.id)


def _way_back_without_table(
    world: World, endpoint: EndpointName, stop: Stop | None, unreadable: Transient | Misconfigured
) -> Outcome:
    """Not even the state can be read: the endpoint itself shows the way back, if there is a reason to take it."""
    now = world.clock.now()
    rollout = find_rollout(world, endpoint, now)
    if rollout is None:
        raise unreadable
    decision = decide(rollout, observe(world, rollout, now, stop), now)
    is_called_for = decision.phase is Phase.ROLLING_BACK and decision.rollout.cause in CALLED_FOR
    if not is_called_for or decision.act is None:
        raise unreadable
    return _way_back_without_record(world, decision, now, Transient(str(unreadable)))
