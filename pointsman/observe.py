"""Reads the world for one decision: only what the rollout's phase needs, so that a pass costs few calls. It decides nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pointsman.alarm_look import with_details, with_mutes
from pointsman.core.gates import failed_there, waits_for
from pointsman.core.observed import AlarmReading, Answer, Endpoint, Observed, Status
from pointsman.core.phases import Cause, Hold, Phase
from pointsman.core.rollout import Rollout, Stop
from pointsman.errors import Misconfigured, NeedsPerson, NotFound, Transient
from pointsman.evidence import verdict_of
from pointsman.windows import closed_because
from pointsman.world import World

BEGINS_STEPS = frozenset({Phase.PENDING, Phase.VALIDATING, Phase.BAKING, Phase.AWAITING_APPROVAL})
SCALED = frozenset({Phase.PENDING, Phase.WATCHING, Phase.ROLLING_BACK})


def observe(world: World, rollout: Rollout, now: datetime, stop: Stop | None = None) -> Observed:
    """Read what the decision on this rollout rests on. Nothing that only forward moves need stands before a rollback.

    Raises:
        Conflict: another pass gathered the same evidence; look again.
        Transient, NeedsPerson: when the endpoint itself cannot be read, or a pre-flight check cannot be made.

    """
    endpoint = world.serving.observe(rollout.endpoint, with_packages=rollout.phase is Phase.PENDING)
    alarms = _alarms(world, rollout)
    if stop is None:
        alarms = with_mutes(world, rollout, alarms)
    is_settled = bool(alarms.vetoes if rollout.traffic_has_moved else alarms.firing)
    if stop is None and not is_settled:
        stop = _rejection(world, rollout)
    seen = Observed(endpoint=endpoint, alarms=alarms, frozen=_frozen(world, rollout), stop=stop)
    if stop is not None or is_settled:
        return seen
    seen = _with_order(world, rollout, seen, now)
    if seen.stop is not None:
        return seen
    seen = with_details(world, rollout, seen, now)
    answer, detail = _answer(world, rollout, seen)
    verdict = verdict_of(world, rollout, endpoint, now)
    seen = replace(seen, answer=answer, answer_detail=detail, verdict=verdict)
    return _with_restored(world, rollout, seen, now)


def _alarms(world: World, rollout: Rollout) -> AlarmReading:
    names = rollout.plan.health.alarms
    if not names or rollout.is_terminal or rollout.phase is Phase.ROLLING_BACK:
        return AlarmReading()
    try:
        return world.alarms.read(names)
    except (Transient, NeedsPerson) as err:
        return AlarmReading(blind=str(err))


def _answer(world: World, rollout: Rollout, seen: Observed) -> tuple[Answer | None, str]:
    """The candidate's first answer, asked for where it would let the rollout go on."""
    endpoint = seen.endpoint
    stands = endpoint.status is Status.IN_SERVICE and endpoint.config == rollout.canary_config
    waits_for_window = rollout.hold is Hold.OUTSIDE_WINDOW and seen.closed and not rollout.waved
    is_held = seen.frozen or rollout.paused or waits_for_window
    if rollout.phase is not Phase.VALIDATING or not stands or is_held:
        return None, ""
    return world.prober.ask(rollout, rollout.candidate_variant)


def _rejection(world: World, rollout: Rollout) -> Stop | None:
    """A version that is not approved any more goes back, also when nobody told us; what cannot be read stops nothing."""
    if rollout.is_terminal or rollout.phase in {Phase.ROLLING_BACK, Phase.NEEDS_HUMAN}:
        return None
    try:
        package = world.registry.describe(rollout.approval.package)
    except (Transient, NeedsPerson, NotFound):
        if rollout.phase is Phase.PENDING:
            raise
        return None
    if package.is_rejected or (rollout.phase is Phase.PENDING and not package.is_approved):
        return Stop(
            Cause.REJECTED, package.approval.by, f"version {rollout.version} is not approved any more"
        )
    return None


def _with_restored(world: World, rollout: Rollout, seen: Observed, now: datetime) -> Observed:
    """Add what tells whether autoscaling and leftovers are as they were, once the endpoint itself is."""
    try:
        suspended = _scale_in_suspended(world, rollout, seen.endpoint)
        leftovers = _leftovers(world, rollout, seen.endpoint, now)
    except (Transient, NeedsPerson) as err:
        if rollout.phase is Phase.PENDING:
            raise
        return replace(seen, unread=str(err))
    return replace(seen, scale_in_suspended=suspended, leftovers=leftovers)


def _scale_in_suspended(world: World, rollout: Rollout, endpoint: Endpoint) -> bool | None:
    if rollout.phase not in SCALED or not endpoint.variants:
        return None
    if rollout.phase is Phase.ROLLING_BACK and endpoint.config in _ours(rollout):
        return None
    variant = rollout.baseline.variant if rollout.baseline else endpoint.variants[0].name
    return world.scaling.find_scale_in_suspended(rollout.endpoint, variant)


def _leftovers(world: World, rollout: Rollout, endpoint: Endpoint, now: datetime) -> tuple[str, ...]:
    if endpoint.status is not Status.IN_SERVICE:
        return ()
    is_back = rollout.phase is Phase.ROLLING_BACK and endpoint.config not in _ours(rollout)
    watch_is_over = rollout.phase is Phase.WATCHING and (
        now - rollout.entered_at >= rollout.plan.watch or bool(rollout.waved)
    )
    return world.serving.find_leftovers(rollout, endpoint) if is_back or watch_is_over else ()


def _ours(rollout: Rollout) -> frozenset[str]:
    return frozenset({rollout.canary_config, rollout.final_config})


def _frozen(world: World, rollout: Rollout) -> str:
    try:
        return world.policies.get(rollout.endpoint).freeze
    except NotFound:
        return "its policy was removed"
    except Misconfigured as err:
        return str(err)


def _with_order(world: World, rollout: Rollout, seen: Observed, now: datetime) -> Observed:
    """Add what the policy says of when and after whom a step may begin. Without a policy nothing begins anyway."""
    if rollout.phase not in BEGINS_STEPS:
        return seen
    try:
        policy = world.policies.get(rollout.endpoint)
    except (NotFound, Misconfigured):
        return seen
    seen = replace(seen, closed=closed_because(policy.windows, now))
    if rollout.phase is not Phase.PENDING or policy.after is None:
        return seen
    other = world.store.get_lane(policy.after.endpoint)
    return replace(
        seen,
        waits_for=waits_for(policy.after, other, rollout.version),
        stop=failed_there(policy.after, other, rollout.approval),
    )
