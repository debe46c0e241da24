"""What a baking step has still to prove, and about when it will have, if its minutes go on as they are. Pure; it decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pointsman.core import canary_judge
from pointsman.core.canary_words import odds
from pointsman.core.evidence_time import Mood, Outlook, Reading, next_minute
from pointsman.core.expected_minutes import CANDIDATE_STRIDE, Crowd, Rates, usual_rates
from pointsman.core.judge import Evidence
from pointsman.core.minutes import ONE_MINUTE
from pointsman.core.past_traffic import ONE_HOUR, PastTraffic, floor_hour
from pointsman.core.rehearsal import Rehearsal
from pointsman.core.rollout import ALL_BPS, Rollout
from pointsman.core.verdict import Opinion, Verdict

EXPECTED = Mood(0)
LOOKS_AHEAD = timedelta(hours=24)
WORDS = {"errors": "failures", "p75": "usual latency", "p99": "slowest requests"}


@dataclass(frozen=True, slots=True)
class Ahead:
    """In words what is waited for (empty: nothing), and when it is there at the earliest (None: nobody can tell)."""

    condition: str
    at: datetime | None = None


def proof_ahead(rollout: Rollout, verdict: Verdict | None, evidence: Evidence | None, now: datetime) -> Ahead:
    """Say what a baking step waits for."""
    opinion = verdict.opinion if verdict is not None else None
    if opinion is Opinion.PASS or rollout.plan.health.is_reported_only:
        return Ahead("")
    if opinion is Opinion.BLIND:
        return Ahead("when metrics can be read again")
    if rollout.share_bps >= ALL_BPS:
        return _requests_ahead(rollout, verdict, evidence, now)
    missing = _unproved(verdict)
    condition = f"when it is proved to be no worse{missing}"
    if evidence is None or evidence.compared is None or not evidence.minutes:
        return Ahead(condition)
    at = _rehearsed(rollout, evidence, now)
    if at is None:
        return Ahead(f"{condition}, which minutes like these do not bring before its patience is over")
    return Ahead(condition, next_minute(max(at, now)))


def _requests_ahead(
    rollout: Rollout, verdict: Verdict | None, evidence: Evidence | None, now: datetime
) -> Ahead:
    """A version that serves alone needs its requests; its limits are looked at then."""
    enough = rollout.plan.health.min_requests
    answered = verdict.candidate.requests if verdict is not None else 0
    if answered >= enough:
        return Ahead("when the evidence can tell")
    so_far = f" ({answered:,} so far)" if answered else ""
    condition = f"when {enough:,} requests are answered{so_far}"
    if evidence is None or not evidence.requests_per_minute:
        return Ahead(condition)
    missing = ONE_MINUTE * ((enough - answered) / evidence.requests_per_minute)
    at = evidence.until + rollout.plan.health.metric_delay + missing
    return Ahead(condition, next_minute(max(at, now)))


def _unproved(verdict: Verdict | None) -> str:
    """Each proof that is asked for and not there yet, with its odds."""
    if verdict is None:
        return ""
    named = [
        f"{WORDS[each.name]} {odds(each.proof)}"
        for each in verdict.weighed
        if each.proof is not None and each.name in WORDS and each.proof < canary_judge.PROOF
    ]
    return f" ({', '.join(named)}; needed {odds(canary_judge.PROOF)})" if named else ""


def _rehearsed(rollout: Rollout, evidence: Evidence, now: datetime) -> datetime | None:
    """Let the judge go on from what it remembers, with minutes like those of this step."""
    per_minute = (evidence.candidate.requests + evidence.baseline.requests) / evidence.minutes
    hour = floor_hour(evidence.until)
    traffic = PastTraffic({hour - ONE_HOUR: 60 * per_minute}, hour)
    delay = rollout.plan.health.metric_delay
    baseline, candidate = _rates(evidence)
    ahead = Rehearsal(
        rollout.plan,
        evidence.usual,
        Outlook(traffic, EXPECTED),
        Reading(delay, delay),
        (Crowd(baseline), Crowd(candidate, stride=CANDIDATE_STRIDE)),
        evidence,
    )
    patience_over = now - rollout.lasted(now) + rollout.plan.patience
    return ahead.go_on(rollout.step, min(patience_over, now + LOOKS_AHEAD)).at


def _rates(evidence: Evidence) -> tuple[Rates, Rates]:
    """Of each side as counted in this step; as usual where nothing was counted yet."""
    baseline, candidate = (each.each for each in usual_rates(evidence.usual, EXPECTED))
    known = [list(baseline), list(candidate)]
    readings = canary_judge.answer(evidence.compared).readings if evidence.compared is not None else ()
    for reading in readings:
        sums = reading.step
        if reading.name not in WORDS or not sums.requests or not sums.baseline_requests:
            continue
        index = list(WORDS).index(reading.name)
        known[0][index] = sums.baseline_bad / sums.baseline_requests
        known[1][index] = sums.bad / sums.requests
    has_p75 = evidence.usual.p99_us > 0
    mine, theirs = (Rates(rates[0], rates[1] if has_p75 else None, rates[2]) for rates in known)
    return mine, theirs
