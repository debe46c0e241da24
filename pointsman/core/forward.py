"""The way forward, one function per phase. Each is called only when no guard of `decide.py` had something to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from pointsman.core.decision import (
    RETRY_LATER,
    Decision,
    drive,
    go_back,
    hold,
    minutes,
    move,
    need_human,
    numbers_of,
    stay,
)
from pointsman.core.gates import begin_step
from pointsman.core.observed import Answer, Endpoint, Observed
from pointsman.core.phases import Act, Cause, Hold, Phase
from pointsman.core.preflight import already_serves, baseline_of, obstacles, passing_obstacles
from pointsman.core.rollout import ALL_BPS, Rollout, enter
from pointsman.core.share import percent, share_differs, share_of, taken_off
from pointsman.core.verdict import Opinion, Verdict, blind
from pointsman.policy import OnPatience

MAX_FAILED_ANSWERS = 3
ASKED_LONG_ENOUGH = timedelta(minutes=10)
"""So long a candidate that cannot be asked is a passing trouble; then people are told."""


def pending(rollout: Rollout, observed: Observed, now: datetime) -> Decision:
    """Pre-flight, then ask for the candidate's fleet."""
    if already_serves(rollout, observed):
        return move(rollout, Phase.SUCCEEDED, f"version {rollout.version} serves already", now)
    lasting = obstacles(rollout, observed)
    if lasting:
        return need_human(rollout, Hold.NOT_ELIGIBLE, "; ".join(lasting), now)
    if observed.waits_for:
        return hold(rollout, Hold.WAITS_FOR_ENDPOINT, observed.waits_for)
    if observed.closed and not rollout.waved:
        return hold(rollout, Hold.OUTSIDE_WINDOW, f"version {rollout.version} is approved; {observed.closed}")
    passing = passing_obstacles(rollout, observed)
    if passing:
        if rollout.lasted(now) >= rollout.plan.patience:
            return need_human(rollout, Hold.PATIENCE_OVER, "; ".join(passing), now)
        return hold(rollout, Hold.PREFLIGHT, "; ".join(passing))
    baseline = baseline_of(observed)
    started = replace(enter(rollout, Phase.PREPARING, now), baseline=baseline)
    reason = (
        f"version {rollout.version} is approved and everything it needs is there: "
        f"a candidate fleet of {started.candidate_count} x {rollout.plan.serve.instance_type} is started "
        f"beside {baseline.instance_count} of the baseline"
    )
    return drive(started, Act.PREPARE, reason, now, is_told=True)


def preparing(rollout: Rollout, observed: Observed, now: datetime) -> Decision:
    """Wait for the candidate's fleet; find out when SageMaker gave it up in silence."""
    endpoint = observed.endpoint
    if endpoint.config == rollout.canary_config:
        candidate = endpoint.find_variant(rollout.candidate_variant)
        if candidate and candidate.current_count >= rollout.candidate_count:
            return move(rollout, Phase.VALIDATING, "the candidate's fleet stands, at weight 0", now)
        if rollout.lasted(now) >= rollout.plan.patience:
            return go_back(rollout, Cause.NO_CAPACITY, "the candidate's fleet never became complete", now)
        return stay(rollout, "the candidate's fleet is not complete yet")
    if rollout.update_was_seen:
        return go_back(rollout, silent_cause(endpoint), silent_ending(endpoint), now)
    if rollout.lasted(now) >= rollout.plan.patience:
        reason = "SageMaker did not take the request for a candidate fleet within the policy's patience"
        return go_back(rollout, Cause.PATIENCE_OVER, reason, now)
    return drive(rollout, Act.PREPARE, "the candidate's fleet is not there yet: ask for it again", now)


def validating(rollout: Rollout, observed: Observed, now: datetime) -> Decision:
    """Let the candidate answer one request before anybody depends on it."""
    if rollout.hold is Hold.OUTSIDE_WINDOW:
        return stay(rollout, f"the candidate answered its first request; {observed.closed}")
    if observed.answer is Answer.ANSWERED:
        return begin_step(rollout, observed, now, "the candidate answered its first request", {})
    if observed.answer is Answer.FAILED:
        failed = rollout.failed_answers + 1
        reason = f"the candidate failed its first request {failed} times: {observed.answer_detail}"
        if failed >= MAX_FAILED_ANSWERS:
            return go_back(rollout, Cause.NO_ANSWER, reason, now)
        return Decision(replace(rollout, failed_answers=failed), reason)
    if rollout.lasted(now) >= rollout.plan.patience:
        reason = f"the candidate could not be reached within the policy's patience: {observed.answer_detail}"
        return go_back(rollout, Cause.NO_ANSWER, reason, now)
    reason = f"the candidate could not be asked: {observed.answer_detail}"
    if observed.answer is Answer.UNREACHABLE and rollout.lasted(now) >= ASKED_LONG_ENOUGH:
        return hold(rollout, Hold.THIN_EVIDENCE, reason)
    return stay(rollout, reason)


def shifting(rollout: Rollout, observed: Observed, now: datetime) -> Decision:
    """The bake begins when the share was observed, not when it was asked for."""
    if share_of(rollout, observed) == rollout.share_bps:
        return move(
            rollout,
            Phase.BAKING,
            f"{percent(rollout.share_bps)} observed on the candidate: the bake begins",
            now,
        )
    if rollout.step > 0 and share_of(rollout, observed) == 0:
        return taken_off(rollout, now, observed.verdict)
    if rollout.lasted(now) >= rollout.plan.patience:
        reason = f"{percent(rollout.share_bps)} never arrived on the candidate within the policy's patience"
        return go_back(rollout, Cause.PATIENCE_OVER, reason, now)
    return drive(rollout, Act.SHIFT, f"ask again for {percent(rollout.share_bps)} on the candidate", now)


def baking(rollout: Rollout, observed: Observed, now: datetime) -> Decision:
    """Hold the share until the evidence is there; go on, or wait with patience."""
    verdict = observed.verdict or blind("no metrics were asked for")
    baked = rollout.lasted(now)
    if share_of(rollout, observed) == 0:
        return taken_off(rollout, now, verdict)
    if share_of(rollout, observed) != rollout.share_bps:
        return share_differs(rollout, observed, now)
    if rollout.hold is Hold.OUTSIDE_WINDOW:
        # It was proved before. While nothing could begin anyway, thin nights and weekends do not undo that.
        return stay(rollout, f"the step was proved; {observed.closed}", verdict)
    if rollout.waved and verdict.opinion is not Opinion.BLIND:
        waved = replace(verdict, sentence=f"waved through by {rollout.waved}; so far: {verdict.sentence}")
        return _advance(rollout, observed, waved, now)
    if rollout.plan.health.is_reported_only and baked >= rollout.plan.bake_min:
        said = f"the judge only reports, and says {verdict.opinion.value}: {verdict.sentence}"
        return _advance(rollout, observed, replace(verdict, sentence=said), now)
    if verdict.opinion is Opinion.PASS and baked >= rollout.plan.bake_min:
        return _advance(rollout, observed, verdict, now)
    if verdict.opinion is Opinion.PASS:
        left = rollout.plan.bake_min - baked
        return stay(rollout, f"{verdict.sentence}; bakes for at least {minutes(left)} more", verdict)
    return _thin(rollout, verdict, now)


def finalizing(rollout: Rollout, observed: Observed, now: datetime) -> Decision:
    """Put the version under the name that the baseline always had."""
    endpoint = observed.endpoint
    if endpoint.config == rollout.final_config:
        return move(
            rollout, Phase.WATCHING, f"version {rollout.version} serves alone under the old variant name", now
        )
    if share_of(rollout, observed) == 0:
        return taken_off(rollout, now, observed.verdict)
    if share_of(rollout, observed) != ALL_BPS:
        return share_differs(rollout, observed, now)
    if rollout.update_was_seen:
        reason = (
            f"cannot finalize, the candidate keeps serving. {silent_ending(endpoint)}. Tried again later."
        )
        return hold(rollout, Hold.CANNOT_FINALIZE, reason, now + RETRY_LATER)
    if rollout.retry_at and now < rollout.retry_at:
        # A freeze, an alarm or a denied look in between must not leave the wait without its name.
        waits = replace(rollout, hold=Hold.CANNOT_FINALIZE)
        return stay(waits, "the candidate keeps serving until finalizing is tried again", observed.verdict)
    return drive(rollout, Act.FINALIZE, "put the version under the old variant name", now)


def silent_cause(endpoint: Endpoint) -> Cause:
    """What an update that ended in the old config most likely died of."""
    return Cause.NO_CAPACITY if "capacity" in endpoint.failure_reason.lower() else Cause.NEVER_HEALTHY


def silent_ending(endpoint: Endpoint) -> str:
    """SageMaker returned to the old config by itself, which it calls InService (facts/aws.md, 2.1)."""
    why = endpoint.failure_reason.rstrip(". ") or "no reason given; see the endpoint's CloudWatch logs"
    return f"SageMaker went back to config {endpoint.config}: {why}"


def _advance(rollout: Rollout, observed: Observed, verdict: Verdict, now: datetime) -> Decision:
    if not rollout.is_last_step:
        return begin_step(rollout, observed, now, verdict.sentence, numbers_of(verdict))
    if observed.closed and not rollout.waved:
        return hold(
            rollout, Hold.OUTSIDE_WINDOW, f"{verdict.sentence}: every step is proved; {observed.closed}"
        )
    variants = observed.endpoint.variants
    count = max((variant.current_count for variant in variants), default=rollout.candidate_count)
    last = replace(enter(rollout, Phase.FINALIZING, now), final_count=count)
    decision = drive(
        last, Act.FINALIZE, f"{verdict.sentence}: every step is proved, finalize", now, is_told=True
    )
    return replace(decision, numbers=decision.numbers | numbers_of(verdict) | {"final_instances": count})


def _thin(rollout: Rollout, verdict: Verdict, now: datetime) -> Decision:
    baked = rollout.lasted(now)
    if baked >= rollout.plan.patience:
        reason = (
            f"no proof within the policy's patience of {minutes(rollout.plan.patience)}: {verdict.sentence}"
        )
        if rollout.plan.on_patience is OnPatience.ROLLBACK:
            return go_back(rollout, Cause.PATIENCE_OVER, reason, now, verdict)
        asking = need_human(rollout, Hold.PATIENCE_OVER, reason, now)
        return replace(asking, numbers=numbers_of(verdict))
    if baked >= rollout.plan.bake_max:
        decision = hold(
            rollout, Hold.THIN_EVIDENCE, f"the bake is over its maximum without proof: {verdict.sentence}"
        )
        return replace(decision, numbers=numbers_of(verdict))
    return stay(rollout, verdict.sentence, verdict)
