"""Reads the world for one decision: only what the rollout's phase needs, so that a pass costs few calls. It decides nothing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from pointsman.alarm_look import with_details, with_mutes
from pointsman.core.decide import STILL_JUDGED
from pointsman.core.gates import failed_there, waits_for
from pointsman.core.judge import (
    ONE_MINUTE,
    Evidence,
    Minute,
    Opinion,
    Verdict,
    blind,
    judge,
    open_window,
    silent_and_failing,
    take,
)
from pointsman.core.observed import AlarmReading, Answer, Endpoint, Observed, Sides, Status
from pointsman.core.phases import Cause, Hold, Phase
from pointsman.core.rollout import ALL_BPS, Rollout, Stop
from pointsman.errors import Misconfigured, NeedsPerson, NotFound, Transient
from pointsman.windows import closed_because
from pointsman.world import World

LATE_FILL = timedelta(minutes=5)
"""How long a minute without data points may still get some: until then it is neither taken nor called empty."""
MAX_LOOK_BACK = timedelta(hours=3)

JUDGED = frozenset({Phase.BAKING, Phase.AWAITING_APPROVAL, Phase.FINALIZING, Phase.WATCHING})
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
    seen = replace(seen, answer=answer, answer_detail=detail, verdict=_verdict(world, rollout, now))
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


def _verdict(world: World, rollout: Rollout, now: datetime) -> Verdict | None:
    waits_for_person = rollout.phase is Phase.NEEDS_HUMAN and rollout.hold in STILL_JUDGED
    if not rollout.traffic_has_moved or not (rollout.phase in JUDGED or waits_for_person):
        return None
    share = ALL_BPS if rollout.phase is Phase.WATCHING else rollout.share_bps
    try:
        stored = world.store.find_evidence(rollout.endpoint)
    except (Transient, NeedsPerson) as err:
        return blind(str(err))
    try:
        evidence = _gather(world, rollout, stored, share, now)
    except (Transient, NeedsPerson) as err:
        # What is proved already stays proved, also while nothing new can be seen.
        proved = judge(_continued(stored, rollout), rollout.plan.health, share)
        return proved if proved.opinion is Opinion.FAIL else blind(str(err))
    verdict = judge(evidence, rollout.plan.health, share)
    if verdict.is_silent:
        answer, detail = world.prober.ask(rollout, _sides(rollout).candidate)
        return silent_and_failing(verdict, detail) if answer is Answer.FAILED else verdict
    return verdict


def _gather(world: World, rollout: Rollout, stored: Evidence | None, share: int, now: datetime) -> Evidence:
    """Add the minutes that became complete since the last look. Raises Conflict when another pass just did."""
    known = _continued(stored, rollout)
    until = _this_minute(now - rollout.plan.health.metric_delay)
    since = max(known.until, until - MAX_LOOK_BACK)
    if since >= until:
        return known
    read = world.metrics.read(_sides(rollout), rollout.plan.health, since, until)
    minutes = _complete(read, share, now)
    grown = known
    for minute in minutes:
        grown = take(grown, minute, share, rollout.plan.health.min_requests)
    # Evidence that cannot be kept still counts for this look: a way back does not need the table.
    with suppress(Transient):
        world.store.put_evidence(rollout.endpoint, stored, grown, minutes)
    return grown


def _complete(minutes: list[Minute], share: int, now: datetime) -> list[Minute]:
    """Minutes up to the first one that CloudWatch may still fill: late data must not be taken for no data."""
    taken = []
    for minute in minutes:
        is_missing = minute.candidate is None or (minute.baseline is None and share < ALL_BPS)
        if is_missing and now - minute.at < LATE_FILL + ONE_MINUTE:
            break
        taken.append(minute)
    return taken


def _continued(stored: Evidence | None, rollout: Rollout) -> Evidence:
    """The evidence of the current step or watch so far; a new window where there is none."""
    window = f"{rollout.id}/watch" if rollout.phase is Phase.WATCHING else f"{rollout.id}/step-{rollout.step}"
    if stored is not None and stored.window == window:
        return stored
    mine = stored if stored is not None and stored.window.startswith(f"{rollout.id}/") else None
    return open_window(mine, window, _next_minute(rollout.entered_at))


def _sides(rollout: Rollout) -> Sides:
    baseline = rollout.baseline.variant if rollout.baseline else None
    if rollout.phase is Phase.WATCHING:
        return Sides(rollout.endpoint, baseline or "", None)
    return Sides(rollout.endpoint, rollout.candidate_variant, baseline)


def _this_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _next_minute(moment: datetime) -> datetime:
    floor = _this_minute(moment)
    return floor if floor == moment else floor + ONE_MINUTE
