"""Where one rollout stands, put as JSON for people and programs: share, step, evidence, what comes next. It reads; it decides nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from pointsman.core.gates import waits_for
from pointsman.core.judge import Evidence, judge, window_of
from pointsman.core.lane import Lane
from pointsman.core.observed import Endpoint
from pointsman.core.outlook import Around, Outlook, outlook
from pointsman.core.phases import Phase
from pointsman.core.rollout import ALL_BPS, Baseline, Rollout
from pointsman.core.verdict import Counts, Verdict
from pointsman.errors import Misconfigured, NotFound
from pointsman.policy import Health, Policy
from pointsman.windows import closed_because, next_opening
from pointsman.world import World

Json = dict[str, Any]
FINAL = frozenset({Phase.FINALIZING, Phase.WATCHING, Phase.SUCCEEDED})


def standing(world: World, rollout: Rollout, now: datetime) -> Json:
    """An open rollout as an entry of a status.

    Raises:
        Misconfigured: its evidence is stored and cannot be read.
        Transient: the table does not answer.

    """
    around = _around(world, rollout, now)
    plan, baseline = rollout.plan, rollout.baseline
    return {
        "is_open": not rollout.is_terminal,
        "rollout": rollout.id,
        "from": {"version": version_of(baseline), "config": baseline.config if baseline else None},
        "to": {"version": rollout.version, "config": _config_of(rollout)},
        "phase": rollout.phase.value,
        "hold": rollout.hold.value if rollout.hold else None,
        "cause": rollout.cause.value if rollout.cause else None,
        "cause_reason": rollout.cause_reason,
        "share_percent": rollout.share_bps / 100,
        "step": {
            "number": rollout.step + 1 if rollout.traffic_has_moved else 0,
            "count": len(plan.steps),
            "percents": list(plan.steps),
        },
        "approved_by": rollout.approval.by,
        "approved_at": rollout.approval.at.isoformat(),
        "opened_at": rollout.opened_at.isoformat(),
        "entered_at": rollout.entered_at.isoformat(),
        "in_phase_s": round((now - rollout.entered_at).total_seconds()),
        "verdict": verdict_to(around.verdict, around.evidence),
        "health": health_to(plan.health),
        "next": _outlook_to(outlook(rollout, around, now)),
        "gates": _gates_to(rollout),
        "paused": rollout.paused or None,
        "paused_at": rollout.paused_at.isoformat() if rollout.paused_at else None,
        "waved": rollout.waved or None,
    }


def at_rest(lane: Lane, live: Endpoint | None) -> Json:
    """An endpoint without a rollout: what was promoted last, and whether that still serves (None: not seen)."""
    last = lane.last
    if last is None:
        return {"is_open": False, "serves": None}
    # A version that was found serving already was not put there by a config of ours.
    is_ours = last.baseline is not None
    return {
        "is_open": False,
        "serves": {
            "rollout": last.id,
            "version": last.version,
            "config": last.final_config if is_ours else None,
            "approved_by": last.approval.by,
            "succeeded_at": last.entered_at.isoformat(),
            "before": {
                "version": version_of(last.baseline),
                "config": last.baseline.config if last.baseline else None,
            },
            "is_live": live.config == last.final_config if live is not None and is_ours else None,
        },
    }


def lane_part(lane: Lane) -> Json:
    """What is remembered of an endpoint beside its rollout."""
    return {
        "queued": {"version": lane.queued.version, "by": lane.queued.by} if lane.queued else None,
        "quarantined": {str(version): why for version, why in sorted(lane.quarantined.items())},
        "records": lane.head.seq,
    }


def version_of(baseline: Baseline | None) -> int | None:
    """The version that served before a rollout; None where it came from no package of a group."""
    tail = baseline.package.rpartition("/")[2] if baseline else ""
    return int(tail) if tail.isdigit() else None


def verdict_to(verdict: Verdict | None, evidence: Evidence | None) -> Json | None:
    """A verdict with its numbers; None where nothing was gathered yet."""
    if verdict is None or evidence is None:
        return None
    return {
        "opinion": verdict.opinion.value,
        "sentence": verdict.sentence,
        "minutes": verdict.minutes,
        "until": evidence.until.isoformat(),
        "candidate": _counts_to(verdict.candidate),
        "baseline": _counts_to(verdict.baseline),
        "evidence": verdict.evidence,
        "needed": verdict.needed,
        "e_values": {each.name: each.e_value for each in verdict.weighed},
        "proofs": {each.name: each.proof for each in verdict.weighed if each.proof is not None},
    }


def health_to(health: Health) -> Json:
    """What is tolerated."""
    return {
        "errors": [kind.value for kind in health.errors],
        "max_error_percent": health.max_error_percent,
        "slow_over_s": health.slow_over.total_seconds(),
        "max_slow_percent": health.max_slow_percent,
        "min_requests": health.min_requests,
        "alarms": list(health.alarms),
        "metric_delay_s": health.metric_delay.total_seconds(),
        "judge": {
            "mode": health.comparison.mode.value,
            "alpha": health.comparison.alpha,
            "error_margin_percent": health.comparison.error_margin_percent,
            "slower_percent": health.comparison.slower_percent,
            "warm_up_s": health.comparison.warm_up.total_seconds(),
        },
    }


def _outlook_to(foretold: Outlook) -> Json:
    at = foretold.at.isoformat() if foretold.at else None
    return {"says": foretold.says, "at": at, "otherwise": foretold.otherwise}


def _gates_to(rollout: Rollout) -> Json:
    return {
        "percents": list(rollout.plan.gates),
        "passed": list(rollout.gates_passed),
        "waits_for": rollout.gate if rollout.phase is Phase.AWAITING_APPROVAL else None,
    }


def _counts_to(counts: Counts) -> Json:
    return {"requests": counts.requests, "errors": counts.errors, "slow": counts.slow}


def _config_of(rollout: Rollout) -> str:
    return rollout.final_config if rollout.phase in FINAL and rollout.final_count else rollout.canary_config


def _around(world: World, rollout: Rollout, now: datetime) -> Around:
    evidence = world.store.find_evidence(rollout.endpoint)
    is_mine = evidence is not None and evidence.window == window_of(rollout)
    share = ALL_BPS if rollout.phase is Phase.WATCHING else rollout.share_bps
    around = Around()
    if evidence is not None and is_mine:
        around = Around(judge(evidence, rollout.plan.health, share), evidence)
    try:
        policy = world.policies.get(rollout.endpoint)
    except NotFound:
        return replace(around, frozen="its policy was removed")
    except Misconfigured as err:
        return replace(around, frozen=str(err))
    return _with_policy(world, rollout, around, policy, now)


def _with_policy(world: World, rollout: Rollout, around: Around, policy: Policy, now: datetime) -> Around:
    closed = closed_because(policy.windows, now)
    opens_at = next_opening(policy.windows, now) if closed and policy.windows else None
    order = ""
    if rollout.phase is Phase.PENDING and policy.after is not None:
        other = world.store.get_lane(policy.after.endpoint)
        order = waits_for(policy.after, other, rollout.version)
    return replace(around, closed=closed, opens_at=opens_at, waits_for=order, frozen=policy.freeze)
