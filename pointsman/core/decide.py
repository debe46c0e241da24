"""What happens next to a rollout, and why: ordered guards, then one function per phase. Pure: time is an argument."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from pointsman.core import backward, forward, gates, watch
from pointsman.core.decision import Decision, close, go_back, need_human, reported, stay
from pointsman.core.holds import alarms_are_not_quiet, carried_on, is_frozen, is_paused, released
from pointsman.core.observed import Observed, Status
from pointsman.core.phases import FORWARD, Act, Cause, Hold, Phase
from pointsman.core.rollout import Rollout, keep_time
from pointsman.core.share import share_of
from pointsman.core.verdict import Opinion

Guard = Callable[[Rollout, Observed, datetime], Decision | None]

WITH_TRAFFIC = frozenset(
    {Phase.SHIFTING, Phase.BAKING, Phase.AWAITING_APPROVAL, Phase.FINALIZING, Phase.WATCHING}
)
CHANGES_ENDPOINT = (FORWARD | {Phase.WATCHING}) - {Phase.PENDING}
STILL_JUDGED = frozenset({Hold.PATIENCE_OVER, Hold.APPROVAL_WAITED_FOR, Hold.SHARE_CHANGED})
"""What waits for a person with traffic on both sides: alarms and evidence still take it back."""
LOST = {
    Status.FAILED: (
        Hold.ENDPOINT_FAILED,
        "endpoint is Failed; SageMaker allows only DeleteEndpoint: recreate it",
    ),
    Status.UPDATE_ROLLBACK_FAILED: (
        Hold.UPDATE_ROLLBACK_FAILED,
        "endpoint is UpdateRollbackFailed and serves a mix of configs: run UpdateEndpoint with the config you want",
    ),
    Status.GONE: (Hold.ENDPOINT_GONE, "endpoint does not exist: create it, or remove its policy"),
}


def decide(rollout: Rollout, observed: Observed, now: datetime) -> Decision:
    """Choose the one next thing for a rollout.

    The order of the guards is the order of authority: what the endpoint is, what people want, what alarms and
    evidence say, what others did, what has arrived, and only then what holds us up. Neither a freeze nor a pause
    stands before a rollback.
    """
    decision = _with_first_act(rollout, _chosen(rollout, observed, now), observed, now)
    return replace(decision, rollout=keep_time(decision.rollout, now))


def _chosen(rollout: Rollout, observed: Observed, now: datetime) -> Decision:
    for guard in GUARDS:
        decision = guard(rollout, observed, now)
        if decision is not None:
            return decision
    return _by_phase(released(rollout, observed), observed, now)


def _with_first_act(before: Rollout, decision: Decision, observed: Observed, now: datetime) -> Decision:
    """Let the decision to go back carry its first act, so that one record and one call are enough to move traffic."""
    turns = decision.phase is Phase.ROLLING_BACK and before.phase is not Phase.ROLLING_BACK
    if not turns or observed.endpoint.status is not Status.IN_SERVICE:
        return decision
    first = backward.rolling_back(decision.rollout, observed, now)
    if first.act not in {Act.SHIFT, Act.REMOVE}:
        return decision
    return replace(first, reason=f"{decision.reason}: {first.reason}", numbers=decision.numbers, is_told=True)


def _by_phase(rollout: Rollout, observed: Observed, now: datetime) -> Decision:  # noqa: PLR0911 - one line a phase
    match rollout.phase:
        case Phase.PENDING:
            return forward.pending(rollout, observed, now)
        case Phase.PREPARING:
            return forward.preparing(rollout, observed, now)
        case Phase.VALIDATING:
            return forward.validating(rollout, observed, now)
        case Phase.SHIFTING:
            return forward.shifting(rollout, observed, now)
        case Phase.BAKING:
            return forward.baking(rollout, observed, now)
        case Phase.AWAITING_APPROVAL:
            return gates.awaiting_approval(rollout, observed, now)
        case Phase.FINALIZING:
            return forward.finalizing(rollout, observed, now)
        case Phase.WATCHING:
            return watch.watching(rollout, observed, now)
        case Phase.ROLLING_BACK:
            return backward.rolling_back(rollout, observed, now)
        case Phase.ROLLED_BACK | Phase.SUPERSEDED:
            return backward.rolled_back(rollout, observed, now)
        case Phase.SUCCEEDED | Phase.NEEDS_HUMAN:
            return stay(rollout, f"nothing automatic is left to do in {rollout.phase}")
    assert_never(rollout.phase)


def _endpoint_is_lost(rollout: Rollout, observed: Observed, now: datetime) -> Decision | None:
    lost = LOST.get(observed.endpoint.status)
    if lost is None or rollout.is_terminal:
        return None
    why, meaning = lost
    detail = f" ({observed.endpoint.failure_reason})" if observed.endpoint.failure_reason else ""
    if rollout.phase is Phase.NEEDS_HUMAN and observed.stop is not None:
        return close(rollout, observed.stop, f"{meaning}{detail}", now)
    if rollout.phase is Phase.NEEDS_HUMAN:
        return stay(rollout, meaning + detail)
    return need_human(rollout, why, meaning + detail, now)


def _is_stopped(rollout: Rollout, observed: Observed, now: datetime) -> Decision | None:
    stop = observed.stop
    if stop is None or rollout.is_terminal or rollout.phase is Phase.ROLLING_BACK:
        return None
    if stop.cause is Cause.SUPERSEDED and rollout.traffic_has_moved:
        return None
    return go_back(rollout, stop.cause, f"{stop.cause.value} by {stop.by or 'unknown'}: {stop.reason}", now)


def _alarm_fires(rollout: Rollout, observed: Observed, now: datetime) -> Decision | None:
    """A firing alarm takes the traffic back, unless a person muted it: then `holds.py` and `watch.py` only hold."""
    if not observed.alarms.vetoes or not _has_traffic(rollout):
        return None
    names = ", ".join(observed.alarms.vetoes)
    return go_back(rollout, Cause.ALARM, f"alarm {names} is in ALARM", now, observed.verdict)


def _is_judged_bad(rollout: Rollout, observed: Observed, now: datetime) -> Decision | None:
    verdict = observed.verdict
    if verdict is None or verdict.opinion is not Opinion.FAIL or not _has_traffic(rollout):
        return None
    if rollout.plan.health.is_reported_only:
        return reported(rollout, verdict)
    return go_back(rollout, Cause.JUDGED_BAD, verdict.sentence, now, verdict)


def _is_changed_outside(rollout: Rollout, observed: Observed, now: datetime) -> Decision | None:
    """Somebody put another config live. A config that is not ours is a person's decision: hands off."""
    if rollout.phase not in CHANGES_ENDPOINT or rollout.baseline is None:
        return None
    live = observed.endpoint.config
    if live not in {rollout.baseline.config, rollout.canary_config, rollout.final_config}:
        reason = f"the endpoint serves config {live}, which this rollout did not set: somebody changed it"
        return need_human(rollout, Hold.CHANGED_OUTSIDE, reason, now)
    if live == rollout.baseline.config and rollout.phase is not Phase.PREPARING:
        reason = f"the endpoint is back on {live} although this rollout did not ask for it"
        return go_back(rollout, Cause.TAKEN_BACK_OUTSIDE, reason, now)
    return None


def _is_busy(rollout: Rollout, observed: Observed, _now: datetime) -> Decision | None:
    if observed.endpoint.status is not Status.BUSY:
        return None
    asked = _asked_config(rollout)
    if asked and asked == observed.endpoint.pending_config and not rollout.update_was_seen:
        seen = replace(rollout, update_was_seen=True)
        return stay(seen, f"SageMaker is building the fleet of config {asked}")
    return stay(rollout, "the endpoint is being updated: the next event or tick comes back to it")


def _has_arrived(rollout: Rollout, observed: Observed, now: datetime) -> Decision | None:
    """What was asked for is there. A freeze, a pause or blind alarms must not keep it from being judged."""
    endpoint = observed.endpoint
    if endpoint.status is not Status.IN_SERVICE:
        return None
    if rollout.phase is Phase.SHIFTING and share_of(rollout, observed) == rollout.share_bps:
        arrived = forward.shifting(rollout, observed, now)
    elif rollout.phase is Phase.FINALIZING and endpoint.config == rollout.final_config:
        arrived = forward.finalizing(rollout, observed, now)
    else:
        return None
    return replace(arrived, rollout=carried_on(rollout, arrived.rollout))


def _has_traffic(rollout: Rollout) -> bool:
    waits_for_person = rollout.phase is Phase.NEEDS_HUMAN and rollout.hold in STILL_JUDGED
    return rollout.traffic_has_moved and (rollout.phase in WITH_TRAFFIC or waits_for_person)


def _asked_config(rollout: Rollout) -> str:
    match rollout.phase:
        case Phase.PREPARING:
            return rollout.canary_config
        case Phase.FINALIZING:
            return rollout.final_config
        case Phase.ROLLING_BACK:
            return rollout.baseline.config if rollout.baseline else ""
        case _:
            return ""


GUARDS: tuple[Guard, ...] = (
    _endpoint_is_lost,
    _is_stopped,
    _alarm_fires,
    _is_judged_bad,
    _is_changed_outside,
    _has_arrived,
    is_frozen,
    is_paused,
    _is_busy,
    alarms_are_not_quiet,
)
