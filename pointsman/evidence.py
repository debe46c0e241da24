"""Gathers the evidence of a rollout: reads the minutes that became complete, lets the judge take them, keeps both. It decides nothing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from pointsman.core.decide import STILL_JUDGED
from pointsman.core.judge import Evidence, Judged, begin, judge, open_window, take, window_of
from pointsman.core.minutes import ONE_MINUTE, Minute
from pointsman.core.observed import Answer, Endpoint, Sides
from pointsman.core.phases import Phase
from pointsman.core.rollout import ALL_BPS, Rollout
from pointsman.core.usual import Usual
from pointsman.core.verdict import Opinion, Verdict, blind, silent_and_failing, with_load
from pointsman.errors import NeedsPerson, Transient
from pointsman.world import World

LATE_FILL = timedelta(minutes=5)
"""How long a minute without data points may still get some: until then it is neither taken nor called empty."""
MAX_LOOK_BACK = timedelta(hours=3)
JUDGED = frozenset({Phase.BAKING, Phase.AWAITING_APPROVAL, Phase.FINALIZING, Phase.WATCHING})


def verdict_of(world: World, rollout: Rollout, endpoint: Endpoint, now: datetime) -> Verdict | None:
    """Judge what is known by now; None where nothing is judged in this phase. What cannot be read is BLIND.

    Raises Conflict when another pass gathered the same minutes.
    """
    return _with_load(_judged(world, rollout, now), rollout, endpoint)


def _judged(world: World, rollout: Rollout, now: datetime) -> Verdict | None:
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
        known = _mine(stored, rollout)
        proved = judge(known, rollout.plan.health, share) if known is not None else blind(str(err))
        return proved if proved.opinion is Opinion.FAIL else blind(str(err))
    verdict = judge(evidence, rollout.plan.health, share)
    if verdict.is_silent:
        answer, detail = world.prober.ask(rollout, _sides(rollout).candidate)
        return silent_and_failing(verdict, detail) if answer is Answer.FAILED else verdict
    return verdict


def _gather(world: World, rollout: Rollout, stored: Evidence | None, share: int, now: datetime) -> Evidence:
    """Add the minutes that became complete since the last look. Raises Conflict when another pass just did."""
    known = _continued(world, rollout, stored)
    until = _this_minute(now - rollout.plan.health.metric_delay)
    since = max(known.until, until - MAX_LOOK_BACK)
    if since >= until:
        return known
    sides = replace(_sides(rollout), usual=known.usual)
    read = world.metrics.read(sides, rollout.plan.health, since, until)
    minutes = _complete(read, share, now)
    grown, kept = known, []
    for minute in minutes:
        grown = take(grown, minute, share, rollout.plan)
        kept.append(Judged(minute, share, judge(grown, rollout.plan.health, share)))
    # Evidence that cannot be kept still counts for this look: a way back does not need the table.
    with suppress(Transient):
        world.store.put_evidence(rollout.endpoint, stored, grown, kept)
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


def _mine(stored: Evidence | None, rollout: Rollout) -> Evidence | None:
    """What was gathered for this rollout in its current step or watch; None where that only begins."""
    if stored is None or stored.since is None or not stored.window.startswith(f"{rollout.id}/"):
        return None
    window = window_of(rollout)
    if stored.window == window:
        return stored
    return open_window(stored, window, _next_minute(rollout.entered_at), rollout.step)


def _continued(world: World, rollout: Rollout, stored: Evidence | None) -> Evidence:
    """The evidence so far. When a rollout's first minute is judged, the past is looked up, and frozen for all of it."""
    mine = _mine(stored, rollout)
    if mine is not None:
        return mine
    since = _next_minute(rollout.entered_at)
    usual = Usual()
    if rollout.baseline is not None:
        past = Sides(rollout.endpoint, rollout.candidate_variant, rollout.baseline.variant)
        usual = world.metrics.read_usual(past, rollout.plan.health, since)
    begun = begin(rollout.plan, usual, window_of(rollout), since)
    return replace(begun, stage=rollout.step)


def _with_load(verdict: Verdict | None, rollout: Rollout, endpoint: Endpoint) -> Verdict | None:
    """Add how much an instance of the candidate carries, over one of the baseline: less load flatters a latency."""
    if verdict is None or rollout.baseline is None or not 0 < rollout.share_bps < ALL_BPS:
        return verdict
    mine, theirs = (
        endpoint.find_variant(rollout.candidate_variant),
        endpoint.find_variant(rollout.baseline.variant),
    )
    if mine is None or theirs is None or not mine.current_count or not theirs.current_count:
        return verdict
    shares = rollout.share_bps / (ALL_BPS - rollout.share_bps)
    return with_load(verdict, shares * theirs.current_count / mine.current_count)


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
