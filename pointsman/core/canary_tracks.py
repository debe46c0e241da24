"""What a canary judge remembers of one process, and how a minute changes it. All of them together are `canary_state.py`."""

from __future__ import annotations

from dataclasses import dataclass, field

from pointsman.core.canary_evidence import Minute, Plan
from pointsman.core.canary_means import PRIOR, Means, Measure, Scores, judged
from pointsman.core.canary_odds import FIRST, NEW_STAGE, OTHERWISE, Tolerance, Wealth, put
from pointsman.core.canary_processes import (
    Process,
    Spread,
    bet,
    between_minutes,
    discount_of,
    learn,
    pair_of,
    widened,
)
from pointsman.core.canary_proof import Proof, prove

COLD_POINTS = 0.25
"""While it warms up only the gross process bets, and tolerates that much on top: a cold start is no fault."""
CAP, GROSS_CAP = 0.6, 1.0
"""No minute may bring more than this part of the logarithm that a rollback needs: one minute alone decides nothing."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What some minutes had in all: requests of each side, and how many of them were bad.

    Of the quality: scored requests, and what the candidate's lost in all. Of output: tokens, and the milliseconds they took.
    """

    requests: float = 0
    bad: float = 0
    baseline_requests: float = 0
    baseline_bad: float = 0

    def plus(self, other: Sums) -> Sums:
        """Both together."""
        return Sums(
            self.requests + other.requests,
            self.bad + other.bad,
            self.baseline_requests + other.baseline_requests,
            self.baseline_bad + other.baseline_bad,
        )


@dataclass(frozen=True, slots=True)
class Lately:
    """What the evidence of a process rests on: the minutes since its e-value was lowest, and their sums."""

    lowest: float = 1.0
    minutes: int = 0
    sums: Sums = Sums()

    def after(self, e_value: float, sums: Sums) -> Lately:
        """One more minute in which the process bet: where nothing was ever less against the candidate, all begins anew."""
        if e_value <= self.lowest:
            return Lately(e_value)
        return Lately(self.lowest, self.minutes + 1, self.sums.plus(sums))


@dataclass(frozen=True, slots=True)
class Track:
    """What is remembered of one process that counts. `sums` are of the stage."""

    wealth: Wealth
    spread: Spread = field(default_factory=Spread)
    sums: Sums = Sums()
    proof: Proof | None = None
    lately: Lately = Lately()


@dataclass(frozen=True, slots=True)
class MeanTrack:
    """What is remembered of one that compares means."""

    wealth: Wealth
    scores: Scores = field(default_factory=Scores)
    sums: Sums = Sums()
    lately: Lately = Lately()


@dataclass(frozen=True, slots=True)
class Turn:
    """What a bet of this minute depends on, beside its process."""

    plan: Plan
    usable: int
    is_new_stage: bool
    needed: float
    """The logarithm that a rollback needs."""

    @property
    def is_warm(self) -> bool:
        """Whether every process bets."""
        return self.usable >= self.plan.warm_up

    def terms(self, wealth: Wealth, cap: float) -> tuple[float, float]:
        """What share of the stake is bet anew, and the cap of a log e-value."""
        share = NEW_STAGE if self.is_new_stage else OTHERWISE
        return (share if wealth.is_begun else FIRST), cap * self.needed


def tolerated(process: Process, varies: tuple[float, float], usable: int, plan: Plan) -> Tolerance:
    """Return what a process tolerates in a minute before which there were so many usable ones.

    `varies` is the variance between minutes and how many bad requests there usually are.
    """
    is_cold = usable < plan.warm_up and not process.waits_for_warmth
    points = COLD_POINTS if is_cold else process.tolerance.points
    return Tolerance(
        widened(process, *varies), points + (plan.error_margin if process.counts_errors else 0.0)
    )


def played(process: Process, track: Track, minute: Minute, turn: Turn) -> Track:
    """Let a process that counts play a minute; nothing changes where a side has no count."""
    pair = pair_of(process, minute)
    if pair is None:
        return track
    counted = Sums(pair.requests, pair.bad, pair.baseline_requests, pair.baseline_bad)
    before, spread, sums = track.spread, learn(process, track.spread, pair), track.sums.plus(counted)
    if process.waits_for_warmth and not turn.is_warm:
        return Track(track.wealth, spread, sums, track.proof, track.lately)
    variance = between_minutes(process, before)
    tolerance = tolerated(process, (variance, before.usual_bad), turn.usable, turn.plan)
    terms = turn.terms(track.wealth, CAP if process.waits_for_warmth else GROSS_CAP)
    wealth = bet(process, (track.wealth, variance, tolerance), pair, terms)
    proof = track.proof
    if proof is not None:
        # Of this minute's own count, the discount would spare the minutes that speak against the candidate.
        proof = prove(proof, pair, discount_of(process, variance, pair.ratio, before.usual_bad))
    return Track(wealth, spread, sums, proof, track.lately.after(wealth.total, counted))


def compared(measure: Measure, track: MeanTrack, means: Means | None, turn: Turn, counted: Sums) -> MeanTrack:
    """Let a process that compares means play a minute; nothing changes where a side has none."""
    if means is None:
        return track
    scores, odds = judged(measure, track.scores, means)
    sums = track.sums.plus(counted)
    if not turn.is_warm:
        return MeanTrack(track.wealth, scores, sums, track.lately)
    wealth = put(track.wealth, odds, PRIOR, turn.terms(track.wealth, CAP))
    return MeanTrack(wealth, scores, sums, track.lately.after(wealth.total, counted))
