"""Evidence to verdict: beside the baseline the canary judge compares, alone the policy's limits hold. Pure; reading metrics is an adapter's work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pointsman.core import alone as alone_judge
from pointsman.core import canary_judge
from pointsman.core.alone import REFERENCE_REQUESTS, Alone, limits_of
from pointsman.core.canary_evidence import Minute as CanaryMinute
from pointsman.core.canary_evidence import Output, Quality
from pointsman.core.canary_evidence import Side as CanarySide
from pointsman.core.canary_state import State
from pointsman.core.minutes import ONE_MINUTE, Minute, Side
from pointsman.core.phases import Phase
from pointsman.core.rollout import ALL_BPS, Rollout
from pointsman.core.usual import Usual, canary_plan, what_is_counted
from pointsman.core.verdict import Counts, Opinion, Verdict, Weighed
from pointsman.policy import Health, Plan

ASKED_AFTER, ASKED_REQUESTS = 3, 5.0
"""So many silent minutes, in which so many requests were to be expected, and the candidate is asked whether it lives."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The judge's memory of one rollout, and the counts of the window it is in: a step, or the watch.

    `reference` has the baseline's counts of the last step in which it served beside the candidate; a few stray requests that
    reach it later do not replace them. `since` is None in what a release before this judge had stored.
    """

    window: str
    until: datetime
    since: datetime | None
    usual: Usual = field(default_factory=Usual)
    compared: State | None = None
    alone: Alone = field(default_factory=Alone)
    stage: int = 0
    candidate: Counts = field(default_factory=Counts)
    baseline: Counts = field(default_factory=Counts)
    reference: Counts = field(default_factory=Counts)
    minutes: int = 0

    @property
    def requests_per_minute(self) -> float:
        """What the candidate answered a minute in this window; 0 where nothing was gathered."""
        return self.candidate.requests / self.minutes if self.minutes else 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """A minute, the candidate's share in it, and what was said when it was taken: what is kept of it."""

    minute: Minute
    share_bps: int
    verdict: Verdict


def window_of(rollout: Rollout) -> str:
    """What is judged now: the current step, or the watch. It begins with the rollout's id. Stored."""
    tail = "watch" if rollout.phase is Phase.WATCHING else f"step-{rollout.step}"
    return f"{rollout.id}/{tail}"


def begin(plan: Plan, usual: Usual, window: str, since: datetime) -> Evidence:
    """Evidence of a rollout whose first judged minute is `since`, under the plan it goes by."""
    stages = canary_plan(plan, usual)
    compared = canary_judge.begin(stages) if stages.stages else None
    return Evidence(window, since, since, usual, compared)


def open_window(evidence: Evidence, window: str, since: datetime, stage: int) -> Evidence:
    """A new step (its index) or the watch: counts begin anew, evidence goes on."""
    served_beside = evidence.baseline.requests >= REFERENCE_REQUESTS or not evidence.reference.requests
    return replace(
        evidence,
        window=window,
        until=max(since, evidence.until),
        stage=stage,
        alone=replace(evidence.alone, bets=Alone().bets, bad_minutes=(0, 0)),
        candidate=Counts(),
        baseline=Counts(),
        reference=evidence.baseline if served_beside else evidence.reference,
        minutes=0,
    )


def take(evidence: Evidence, minute: Minute, share_bps: int, plan: Plan) -> Evidence:
    """Add one complete minute in which the candidate's share was `share_bps`. A minute already taken changes nothing."""
    if minute.at < evidence.until:
        return evidence
    grown = replace(
        evidence,
        until=minute.at + ONE_MINUTE,
        minutes=evidence.minutes + 1,
        candidate=evidence.candidate.plus(_counts(minute.candidate)),
        baseline=evidence.baseline.plus(_counts(minute.baseline)),
    )
    if share_bps < ALL_BPS:
        return _with_both(grown, minute, share_bps)
    limits = limits_of(plan.health, evidence.reference)
    length = max(plan.bake_max, plan.watch, timedelta(hours=1))
    return replace(grown, alone=alone_judge.take(evidence.alone, minute.candidate, limits, length))


def judge(evidence: Evidence, health: Health, share_bps: int) -> Verdict:
    """Say what the gathered minutes prove about the candidate."""
    limits = limits_of(health, evidence.reference)
    if share_bps >= ALL_BPS or evidence.compared is None:
        said = alone_judge.judge(evidence.alone, evidence.candidate, health, limits)
        verdict = replace(
            _verdict(evidence, said.opinion, said.sentence),
            is_silent=said.is_silent,
            evidence=said.evidence,
            needed=alone_judge.needed_of(health),
            weighed=said.weighed,
        )
        return replace(verdict, is_fix_forward=said.opinion is Opinion.PASS and any(limits.is_excused))
    named = what_is_counted(evidence.usual, health)
    return _within_limits(_compared(evidence, evidence.compared, named), health)


def _with_both(evidence: Evidence, minute: Minute, share_bps: int) -> Evidence:
    state = evidence.compared
    if state is None or evidence.since is None:
        return evidence
    number = int((minute.at - evidence.since) / ONE_MINUTE)
    stage = min(evidence.stage, len(state.plan.stages) - 1)
    taken, _answer = canary_judge.take(
        state,
        CanaryMinute(
            number,
            stage,
            evidence.minutes,
            share_bps / ALL_BPS,
            _side(minute.baseline, "p75"),
            _side(minute.candidate, "p75x1.1"),
        ),
    )
    usual = evidence.alone.usual_rpm
    total = sum(side.requests for side in (minute.baseline, minute.candidate) if side)
    rpm = 0.9 * usual + 0.1 * total if usual and total else usual or float(total)
    return replace(evidence, compared=taken, alone=replace(evidence.alone, usual_rpm=rpm))


def _compared(evidence: Evidence, state: State, named: Mapping[str, str]) -> Verdict:
    answer = canary_judge.answer(state, named)
    opinion, sentence = answer.opinion, answer.sentence
    is_silent = False
    if (
        opinion is not Opinion.FAIL
        and state.silent >= ASKED_AFTER
        and state.silent_requests >= ASKED_REQUESTS
    ):
        opinion, is_silent = Opinion.NOT_ENOUGH, True
        sentence = (
            f"candidate has reported nothing for {state.silent} minutes in which its share predicts "
            f"{state.silent_requests:,.0f} requests"
        )
    elif opinion is not Opinion.FAIL and not evidence.minutes:
        # What the state holds was proved in the step before.
        opinion, sentence = Opinion.NOT_ENOUGH, "no minute of this step is complete yet"
    elif opinion is Opinion.BLIND and state.missing == "both sides":
        opinion, sentence = Opinion.NOT_ENOUGH, "no request reached either side in the newest minute"
    weighed = tuple(
        Weighed(each.name, each.e_value, each.bad.e_value if each.bad else None) for each in answer.readings
    )
    return replace(
        _verdict(evidence, opinion, sentence),
        is_silent=is_silent,
        evidence=answer.evidence,
        needed=answer.needed,
        weighed=weighed,
    )


def _within_limits(verdict: Verdict, health: Health) -> Verdict:
    """Let nothing pass on fewer requests than the policy wants, or above its limits while the baseline is within them."""
    if verdict.opinion is not Opinion.PASS:
        return verdict
    mine, theirs = verdict.candidate, verdict.baseline
    if mine.requests < health.min_requests:
        answered = (
            f"candidate answered {mine.requests} of the {health.min_requests} requests that a pass needs"
        )
        return replace(verdict, opinion=Opinion.NOT_ENOUGH, sentence=answered)
    excuses = []
    for what, bad, other, limit in (
        ("failed", mine.errors, theirs.errors, health.max_error_percent),
        (
            f"answered slower than {health.slow_over.total_seconds():g} s",
            mine.slow,
            theirs.slow,
            health.max_slow_percent,
        ),
    ):
        if mine.percent(bad) <= limit:
            continue
        above = f"candidate {what}: {mine.percent(bad):.2f} %, and the policy tolerates {limit:g} %"
        if theirs.percent(other) <= limit:
            return replace(verdict, opinion=Opinion.NOT_ENOUGH, sentence=f"{above}; {verdict.sentence}")
        excuses.append(f"{above}, but the baseline itself has {theirs.percent(other):.2f} %")
    if not excuses:
        return verdict
    fixes = f"{'; '.join(excuses)}: it is no worse than what serves. {verdict.sentence}"
    return replace(verdict, sentence=fixes, is_fix_forward=True)


def _verdict(evidence: Evidence, opinion: Opinion, sentence: str) -> Verdict:
    return Verdict(opinion, sentence, evidence.candidate, evidence.baseline, evidence.minutes)


def _counts(side: Side | None) -> Counts:
    return Counts(side.requests, side.errors, side.slow) if side else Counts()


def _side(side: Side | None, p75: str) -> CanarySide | None:
    if side is None:
        return None
    slow = {key: count for key, count in ((p75, side.over_p75), ("p99", side.over_p99)) if count is not None}
    return CanarySide(
        side.requests,
        side.errors,
        side.timed,
        slow,
        Quality(*side.score) if side.score else None,
        Output(*side.output) if side.output else None,
    )
