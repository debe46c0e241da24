"""When the judge will let each step go on: it is fed the minutes that are expected, before there are any. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from pointsman.core import canary_judge
from pointsman.core.evidence_time import RARELY_EMPTY, Mood, Outlook, Reading, next_minute
from pointsman.core.expected_minutes import CANDIDATE_STRIDE, Crowd, Rates
from pointsman.core.judge import Evidence, begin, judge, open_window, take
from pointsman.core.minutes import ONE_MINUTE, Minute
from pointsman.core.rollout import ALL_BPS
from pointsman.core.usual import Usual
from pointsman.core.verdict import Opinion, Verdict
from pointsman.policy import Plan

WINDOW = "rehearsed"


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One step: when it is seen that it may go on (None: not within the time given), and what the judge then said.

    `points` (0 to 1) says what it proves of failures: fewer than twice the baseline's and so many more. None: nothing.
    """

    at: datetime | None
    requests: int
    minutes: int
    points: float | None
    verdict: Verdict


@dataclass(slots=True)
class Rehearsal:
    """A release whose minutes are expected ones. Steps are asked in their order; evidence goes on from one to the next."""

    plan: Plan
    usual: Usual
    outlook: Outlook
    reading: Reading
    sides: tuple[Crowd, Crowd]
    """The baseline's requests and the candidate's."""
    evidence: Evidence | None = None

    def step(self, index: int, since: datetime, until: datetime) -> Rehearsed:
        """Let a step bake from a moment on, until it may go on or its time is over."""
        first = next_minute(since)
        if self.evidence is None:
            begun = begin(self.plan, self.usual, WINDOW, first)
            self.evidence = replace(begun, stage=index)
        else:
            self.evidence = open_window(self.evidence, WINDOW, first, index)
        for side in self.sides:
            side.begin_step()
        return self.go_on(index, until)

    def go_on(self, index: int, until: datetime) -> Rehearsed:
        """Continue a step from where its evidence ends. Raises ValueError where no step was begun."""
        if self.evidence is None:
            raise ValueError("no step was begun")
        share, health = self.plan.steps[index] / 100, self.plan.health
        share_bps = self.plan.steps[index] * ALL_BPS // 100
        evidence, reads = self.evidence, until - self.reading.delay
        said = judge(evidence, health, share_bps)
        while evidence.until < reads and said.opinion not in {Opinion.PASS, Opinion.FAIL}:
            evidence = take(evidence, self._minute(evidence.until, share), share_bps, self.plan)
            if evidence.candidate.requests >= health.min_requests:
                said = judge(evidence, health, share_bps)
        said = judge(evidence, health, share_bps)
        self.evidence = evidence
        seen = self._seen(evidence.until, share) if said.opinion is Opinion.PASS else None
        at = seen if seen is not None and seen <= until else None
        return Rehearsed(at, evidence.candidate.requests, evidence.minutes, _points(evidence, share), said)

    def _minute(self, at: datetime, share: float) -> Minute:
        rate, (baseline, candidate) = self.outlook.rate(at), self.sides
        mine = candidate.arrivals(rate * share)
        theirs = baseline.arrivals(rate * (1 - share)) if share < 1 else 0
        is_compared = mine > 0 and (theirs > 0 or share >= 1)
        return Minute(
            at,
            baseline.answered(theirs, is_compared=is_compared),
            candidate.answered(mine, is_compared=is_compared),
        )

    def _seen(self, gathered: datetime, share: float) -> datetime:
        """A minute without a data point is looked at again until it is `late_fill` old; it holds up those after it."""
        seen, sign = gathered + self.reading.delay, self.outlook.mood.sign
        if sign < 0 or self.outlook.rate(gathered - ONE_MINUTE) * share >= RARELY_EMPTY:
            return seen
        return seen + (self.reading.late_fill - self.reading.delay if sign > 0 else ONE_MINUTE)


def rehearsal(
    plan: Plan, usual: Usual, outlook: Outlook, reading: Reading, rates: tuple[Rates, Rates]
) -> Rehearsal:
    """A release that has not begun. `rates` are those of the baseline and of the candidate."""
    mood: Mood | None = outlook.mood if outlook.mood.sign else None
    return Rehearsal(
        plan, usual, outlook, reading, (Crowd(rates[0]), Crowd(rates[1], mood, CANDIDATE_STRIDE))
    )


def _points(evidence: Evidence, share: float) -> float | None:
    """What the errors' proof asks in this step."""
    if evidence.compared is None or share >= 1 or evidence.compared.stage < 0:
        return None
    readings = canary_judge.answer(evidence.compared).readings
    asked = [reading.bad for reading in readings if reading.name == "errors" and reading.bad is not None]
    return asked[0].points if asked else None
