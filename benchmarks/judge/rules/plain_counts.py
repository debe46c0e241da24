"""Numbers to verdict: counts of both sides against the policy's tolerance. Pure; reading metrics is an adapter's work."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pointsman.core.rollout import ALL_BPS
from pointsman.policy import Health

ONE_MINUTE = timedelta(minutes=1)
WINDOW_MINUTES = 60
BUSY_RPM = 3.0
DEAD_AFTER = 5
DEAD_AFTER_ALONE = 10
SHOCK_RATIO = 1.5
Z = 1.645
"""One-sided 95 %: the candidate's rate is called above the tolerance when its Wilson lower bound is."""


Row = tuple[int, int, int, int, int, int]


class Opinion(StrEnum):
    """What the evidence says. Stored."""

    PASS = "PASS"
    FAIL = "FAIL"
    NOT_ENOUGH = "NOT_ENOUGH"
    BLIND = "BLIND"


@dataclass(frozen=True, slots=True)
class Side:
    """One side's complete minute."""

    requests: int
    errors: int
    slow: int


@dataclass(frozen=True, slots=True)
class Minute:
    """Both sides over the same minute; None where CloudWatch has no data point."""

    at: datetime
    baseline: Side | None
    candidate: Side | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Requests of one side over the judged minutes."""

    requests: int = 0
    errors: int = 0
    slow: int = 0

    def percent(self, count: int) -> float:
        """Percent of the requests; 0 where there were none."""
        return 100 * count / self.requests if self.requests else 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """An opinion with the numbers it rests on, and a sentence a person understands."""

    opinion: Opinion
    sentence: str
    candidate: Counts = Counts()
    baseline: Counts = Counts()
    minutes: int = 0
    is_silent: bool = False
    """It serves alone and reports nothing, although there used to be requests: only asking it can tell why."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The judge's memory of one window (a step or a watch): (candidate, baseline) counts, oldest first.

    A row is a minute; where traffic is thin the oldest rows are added up, so that patience pays.
    """

    window: str
    until: datetime
    rows: tuple[Row, ...] = ()
    dark_minutes: int = 0
    usual_rpm: float = 0.0
    merged_minutes: int = 0


def open_window(previous: Evidence | None, window: str, since: datetime) -> Evidence:
    """Evidence of a new window from `since`; what is known about the usual traffic is kept."""
    return Evidence(window, since, usual_rpm=previous.usual_rpm if previous else 0.0)


def take(evidence: Evidence, minute: Minute, share_bps: int, enough: int = 0) -> Evidence:
    """Add one complete minute in which the candidate's share was `share_bps`. A minute already taken changes nothing.

    The last hour is kept, and what is older for as long as the hour holds less than `enough` requests.
    """
    if minute.at < evidence.until:
        return evidence
    candidate, baseline = minute.candidate or Side(0, 0, 0), minute.baseline or Side(0, 0, 0)
    row = (
        candidate.requests,
        candidate.errors,
        candidate.slow,
        baseline.requests,
        baseline.errors,
        baseline.slow,
    )
    total = candidate.requests + baseline.requests
    rows, merged = _kept((*evidence.rows, row), evidence.merged_minutes, enough)
    return replace(
        evidence,
        until=minute.at + ONE_MINUTE,
        rows=rows,
        merged_minutes=merged,
        dark_minutes=_dark(evidence, candidate, baseline, share_bps),
        usual_rpm=_usual(evidence.usual_rpm, total),
    )


def judge(evidence: Evidence, health: Health, share_bps: int) -> Verdict:
    """Say what the gathered minutes prove about the candidate under the policy's tolerance."""
    candidate, baseline = _sum(evidence.rows, 0), _sum(evidence.rows, 3)
    minutes = len(evidence.rows) + evidence.merged_minutes

    def say(opinion: Opinion, sentence: str) -> Verdict:
        return Verdict(opinion, sentence, candidate, baseline, minutes)

    if share_bps >= ALL_BPS and evidence.dark_minutes >= DEAD_AFTER_ALONE:
        sentence = f"candidate serves alone and has reported nothing for {evidence.dark_minutes} min"
        return replace(say(Opinion.NOT_ENOUGH, sentence), is_silent=True)
    if share_bps < ALL_BPS and evidence.dark_minutes >= DEAD_AFTER:
        return say(
            Opinion.FAIL,
            f"candidate reported nothing for {evidence.dark_minutes} minutes while its share of the traffic "
            f"predicts requests every minute: it is dead",
        )
    if candidate.requests < health.min_requests:
        return say(
            Opinion.NOT_ENOUGH,
            f"candidate answered {candidate.requests} of the {health.min_requests} requests that a verdict needs",
        )
    enough, slower = health.min_requests, f"answered slower than {health.slow_over.total_seconds():g} s"
    failed = (candidate.errors, baseline.errors, health.max_error_percent, enough)
    slow = (candidate.slow, baseline.slow, health.max_slow_percent, enough)
    parts = _compare("failed", candidate, baseline, failed), _compare(slower, candidate, baseline, slow)
    for opinion in (Opinion.FAIL, Opinion.NOT_ENOUGH):
        for part in parts:
            if part[0] is opinion:
                return say(opinion, part[1])
    if evidence.dark_minutes:
        silence = f"candidate has reported nothing for {evidence.dark_minutes} min"
        return say(Opinion.NOT_ENOUGH, f"{silence}: it passes only when it answers again")
    return say(Opinion.PASS, "; ".join(sentence for _opinion, sentence in parts))


def silent_and_failing(verdict: Verdict, detail: str) -> Verdict:
    """It was asked because it is silent, and failed: it is dead."""
    return replace(
        verdict, opinion=Opinion.FAIL, sentence=f"{verdict.sentence}, and fails when it is asked: {detail}"
    )


def blind(why: str) -> Verdict:
    """The source cannot be read: neither pass nor fail."""
    return Verdict(Opinion.BLIND, f"metrics cannot be read: {why}")


def _compare(
    what: str, candidate: Counts, baseline: Counts, numbers: tuple[int, int, float, int]
) -> tuple[Opinion, str]:
    bad, baseline_bad, tolerated, enough = numbers
    mine, theirs = candidate.percent(bad), baseline.percent(baseline_bad)
    sentence = (
        f"candidate {what}: {bad:,} of {candidate.requests:,} ({mine:.2f} %), "
        f"baseline {baseline_bad:,} of {baseline.requests:,} ({theirs:.2f} %), tolerated {tolerated:g} %"
    )
    if mine <= tolerated:
        return Opinion.PASS, sentence
    # A handful of the baseline's requests excuses nobody: it takes as many to be believed as the candidate.
    is_witness = bool(baseline_bad) and baseline.requests >= enough
    baseline_suffers = is_witness and 100 * wilson_lower(baseline_bad, baseline.requests) > tolerated
    if baseline_suffers and mine <= SHOCK_RATIO * theirs:
        return (
            Opinion.NOT_ENOUGH,
            sentence + "; the baseline suffers as well, so this is not the candidate's fault alone",
        )
    if 100 * wilson_lower(bad, candidate.requests) > tolerated:
        return Opinion.FAIL, sentence
    return Opinion.NOT_ENOUGH, sentence + "; too few requests to tell it from chance"


def wilson_lower(bad: int, requests: int) -> float:
    """Lower end of the one-sided 95 % Wilson interval of a rate (Wilson 1927). `requests` must be positive."""
    rate = bad / requests
    centre = rate + Z * Z / (2 * requests)
    spread = Z * math.sqrt(rate * (1 - rate) / requests + Z * Z / (4 * requests * requests))
    return max(0.0, (centre - spread) / (1 + Z * Z / requests))


def _kept(rows: tuple[Row, ...], merged: int, enough: int) -> tuple[tuple[Row, ...], int]:
    if len(rows) <= WINDOW_MINUTES:
        return rows, merged
    if sum(row[0] for row in rows[1:]) >= enough:
        return rows[1:], 0
    first, second = rows[0], rows[1]
    sums = [one + other for one, other in zip(first, second, strict=True)]
    both: Row = (sums[0], sums[1], sums[2], sums[3], sums[4], sums[5])
    return (both, *rows[2:]), merged + 1


def _sum(rows: tuple[Row, ...], offset: int) -> Counts:
    return Counts(
        sum(row[offset] for row in rows),
        sum(row[offset + 1] for row in rows),
        sum(row[offset + 2] for row in rows),
    )


def _dark(evidence: Evidence, candidate: Side, baseline: Side, share_bps: int) -> int:
    """Count minutes in a row in which the candidate was silent although requests must have reached it."""
    if candidate.requests:
        return 0
    if share_bps >= ALL_BPS:
        return evidence.dark_minutes + 1 if evidence.usual_rpm >= BUSY_RPM else evidence.dark_minutes
    predicted = baseline.requests * share_bps / (ALL_BPS - share_bps)
    return evidence.dark_minutes + 1 if predicted >= BUSY_RPM else evidence.dark_minutes


def _usual(usual: float, total: int) -> float:
    if not total:
        return usual
    return total if not usual else 0.9 * usual + 0.1 * total
