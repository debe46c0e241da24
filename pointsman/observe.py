"""Reads the world for one decision: only what the rollout's phase needs, so that a pass costs few calls. It decides nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from pointsman.core.judge import ONE_MINUTE, Evidence, Verdict, blind, judge, open_window, take
from pointsman.core.observed import AlarmReading, Answer, Endpoint, Observed, Status
from pointsman.core.phases import Hold, Phase
from pointsman.core.rollout import ALL_BPS, Rollout, Stop
from pointsman.errors import Conflict, Misconfigured, NeedsPerson, NotFound, Transient
from pointsman.ports import Sides
from pointsman.world import World

METRIC_DELAY = timedelta(minutes=2)
"""How long after its end a minute counts as complete: CloudWatch lags 1 to 3 minutes (facts/aws.md, 3.3)."""
MAX_LOOK_BACK = timedelta(hours=3)

JUDGED = frozenset({Phase.BAKING, Phase.FINALIZING, Phase.WATCHING})
SCALED = frozenset({Phase.PENDING, Phase.WATCHING, Phase.ROLLING_BACK})


def observe(world: World, rollout: Rollout, now: datetime, stop: Stop | None = None) -> Observed:
    """Read what the decision on this rollout rests on.

    Raises:
        Transient, Denied: when the endpoint itself cannot be read. What only forward moves need is reported as blind.

    """
    endpoint = world.serving.observe(rollout.endpoint, with_packages=rollout.phase is Phase.PENDING)
    alarms = _alarms(world, rollout)
    goes_back_now = stop is not None or bool(alarms.firing)
    answer, detail = _answer(world, rollout, endpoint, goes_back_now=goes_back_now)
    return Observed(
        endpoint=endpoint,
        alarms=alarms,
        scale_in_suspended=_scale_in_suspended(world, rollout, endpoint),
        is_approved=_is_approved(world, rollout),
        answer=answer,
        answer_detail=detail,
        verdict=None if goes_back_now else _verdict(world, rollout, now),
        leftovers=_leftovers(world, rollout, endpoint, now),
        frozen=_frozen(world, rollout),
        stop=stop,
    )


def _alarms(world: World, rollout: Rollout) -> AlarmReading:
    names = rollout.plan.health.alarms
    if not names or rollout.is_terminal or rollout.phase is Phase.ROLLING_BACK:
        return AlarmReading()
    try:
        return world.alarms.read(names)
    except (Transient, NeedsPerson) as err:
        return AlarmReading(blind=str(err))


def _answer(
    world: World, rollout: Rollout, endpoint: Endpoint, *, goes_back_now: bool
) -> tuple[Answer | None, str]:
    if rollout.phase is not Phase.VALIDATING or goes_back_now or endpoint.status is not Status.IN_SERVICE:
        return None, ""
    if endpoint.config != rollout.canary_config:
        return None, ""
    return world.prober.ask(rollout)


def _scale_in_suspended(world: World, rollout: Rollout, endpoint: Endpoint) -> bool | None:
    if rollout.phase not in SCALED or not endpoint.variants:
        return None
    variant = rollout.baseline.variant if rollout.baseline else endpoint.variants[0].name
    return world.scaling.find_scale_in_suspended(rollout.endpoint, variant)


def _is_approved(world: World, rollout: Rollout) -> bool | None:
    if rollout.phase is not Phase.PENDING:
        return None
    try:
        return world.registry.describe(rollout.approval.package).is_approved
    except NotFound:
        return False


def _leftovers(world: World, rollout: Rollout, endpoint: Endpoint, now: datetime) -> tuple[str, ...]:
    if endpoint.status is not Status.IN_SERVICE:
        return ()
    is_back = rollout.phase is Phase.ROLLING_BACK and endpoint.config not in {
        rollout.canary_config,
        rollout.final_config,
    }
    watch_is_over = rollout.phase is Phase.WATCHING and now - rollout.entered_at >= rollout.plan.watch
    return world.serving.find_leftovers(rollout, endpoint) if is_back or watch_is_over else ()


def _frozen(world: World, rollout: Rollout) -> str:
    try:
        return world.policies.get(rollout.endpoint).freeze
    except NotFound:
        return "its policy was removed"
    except Misconfigured as err:
        return str(err)


def _verdict(world: World, rollout: Rollout, now: datetime) -> Verdict | None:
    waits_for_evidence = rollout.phase is Phase.NEEDS_HUMAN and rollout.hold is Hold.PATIENCE_OVER
    if rollout.phase not in JUDGED and not (waits_for_evidence and rollout.traffic_has_moved):
        return None
    share = ALL_BPS if rollout.phase is Phase.WATCHING else rollout.share_bps
    try:
        evidence = _gather(world, rollout, share, now)
    except (Transient, NeedsPerson) as err:
        return blind(str(err))
    return judge(evidence, rollout.plan.health, share)


def _gather(world: World, rollout: Rollout, share: int, now: datetime) -> Evidence:
    """Read the minutes that became complete since the last look and add them to the stored evidence."""
    stored = world.store.find_evidence(rollout.endpoint)
    window = f"{rollout.id}/watch" if rollout.phase is Phase.WATCHING else f"{rollout.id}/step-{rollout.step}"
    evidence = _continued(stored, window, rollout)
    until = _this_minute(now - METRIC_DELAY)
    since = max(evidence.until, until - MAX_LOOK_BACK)
    if since >= until:
        return evidence
    minutes = world.metrics.read(_sides(rollout), rollout.plan.health, since, until)
    grown = evidence
    for minute in minutes:
        grown = take(grown, minute, share)
    try:
        world.store.put_evidence(rollout.endpoint, stored, grown, minutes)
    except Conflict as err:
        raise Transient("another pass gathers the same evidence") from err
    return grown


def _continued(stored: Evidence | None, window: str, rollout: Rollout) -> Evidence:
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
