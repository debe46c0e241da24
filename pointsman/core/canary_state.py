"""What a canary judge remembers between two minutes, and how a minute changes it. The verdict is `canary_judge.py`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import log

from pointsman.core.canary_evidence import Minute, Plan
from pointsman.core.canary_odds import FIRST, NEW_STAGE, OTHERWISE, Pair, Tolerance, Wealth, put, unspent
from pointsman.core.canary_processes import (
    PROCESSES,
    QUALITY_WEIGHT,
    Process,
    Spread,
    bet,
    discount_of,
    learn,
    pair_of,
    widened,
)
from pointsman.core.canary_proof import Proof, prove
from pointsman.core.canary_quality import ALTERNATIVES, PRIOR, Scores, judge_scores

WARM_UP_MINUTES = 5
"""Usable minutes in which only the gross process bets, and tolerates `COLD_POINTS` on top: a cold start is no fault."""
COLD_POINTS = 0.25
CAP, GROSS_CAP = 0.6, 1.0
"""No minute may bring more than this part of the logarithm that a rollback needs: one minute alone decides nothing."""
BUSY = 5.0
"""Where at least that many requests are to be expected of the candidate in a minute, none at all means that data is missing."""
EFFORT = 15.0
"""How many bad requests a proof asks to be absent: its points are that many over the requests that the step may still see."""
LEAST_POINTS, LEAST_POINTS_BEFORE, MOST_POINTS = 0.0005, 0.05, 0.2
"""The finest difference that the last step asks a proof of, the one that every step before it asks, and the coarsest of all."""
USUAL_RATES = {"p75": 0.25, "p99": 0.01}
"""What part of the baseline's requests a threshold is exceeded by, from what the threshold is."""
PROVED = {"errors": 2.0, "p75": 1.3, "p99": 2.0}
"""Processes whose metric must be proved not to be bad before a PASS: bad is that many times the baseline's rate, or more."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Counts of one process over a stage."""

    requests: int = 0
    bad: int = 0
    baseline_requests: int = 0
    baseline_bad: int = 0


@dataclass(frozen=True, slots=True)
class Track:
    """What is remembered of one process."""

    wealth: Wealth
    spread: Spread = field(default_factory=Spread)
    sums: Sums = field(default_factory=Sums)
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A rollout as the judge knows it. `tracks` are in the order of `PROCESSES`."""

    plan: Plan
    tracks: tuple[Track, ...]
    quality: Wealth
    scores: Scores = field(default_factory=Scores)
    minute: int = -1
    stage: int = -1
    stage_since: int = 0
    usable: int = 0
    usable_in_stage: int = 0
    requests: int = 0
    rpm: float = 0.0
    silent: int = 0
    """Minutes in a row without a request to the candidate while the baseline had some."""
    silent_requests: float = 0.0
    """How many requests its share of the traffic predicts for these minutes."""
    missing: str = ""
    """Whose data the newest minute lacks; empty where nothing is missing."""

    @property
    def stage_minutes(self) -> int:
        """Minutes that the stage has lasted, whether they had data or not."""
        return self.minute - self.stage_since + 1

    @property
    def evidence(self) -> float:
        """The e-value of all processes together."""
        parts = [
            process.weight * track.wealth.total for process, track in zip(PROCESSES, self.tracks, strict=True)
        ]
        return sum(parts) + QUALITY_WEIGHT * self.quality.total


def begin(plan: Plan) -> State:
    """Return the state before the first minute of a rollout."""
    rates = USUAL_RATES | dict.fromkeys(("gross", "errors"), plan.usual_error_rate)
    tracks = [
        Track(unspent(len(process.grid[0])), Spread(usual_bad=rates[process.name] * plan.usual_rpm))
        for process in PROCESSES
    ]
    return State(plan, tuple(tracks), unspent(len(ALTERNATIVES)), rpm=plan.usual_rpm)


def tolerated(process: Process, spread: Spread, usable: int) -> Tolerance:
    """Return what a process tolerates in a minute before which there were so many usable ones."""
    tolerance = widened(process, spread)
    is_cold = usable < WARM_UP_MINUTES and not process.waits_for_warmth
    return Tolerance(tolerance.times, COLD_POINTS) if is_cold else tolerance


def after(state: State, minute: Minute) -> State:
    """Return the state after one more complete minute; one already taken changes nothing."""
    if minute.number <= state.minute:
        return state
    if minute.stage != state.stage:
        state = _with_stage(state, minute)
    state = replace(state, minute=minute.number)
    baseline, candidate = minute.baseline, minute.candidate
    if baseline is None or not baseline.requests:
        return replace(state, missing="baseline" if candidate and candidate.requests else "both sides")
    if candidate is not None and candidate.requests:
        return _counted(replace(state, silent=0, silent_requests=0.0), minute)
    expected = baseline.requests * minute.share / (1 - minute.share)
    state = replace(
        state, silent=state.silent + 1, silent_requests=state.silent_requests + expected, missing="candidate"
    )
    return state if expected >= BUSY else _counted(state, minute)


def _with_stage(state: State, minute: Minute) -> State:
    stages = state.plan.stages
    rpm = state.rpm or sum(side.requests for side in (minute.baseline, minute.candidate) if side)
    stage = stages[minute.stage]
    is_last = minute.stage == len(stages) - 1
    left = max(stage.bake_max, state.plan.horizon_min - minute.number) if is_last else stage.bake_max
    expected = rpm * minute.share * left
    points = min(MOST_POINTS, max(LEAST_POINTS, EFFORT / expected)) if expected else MOST_POINTS
    if not is_last:
        points = LEAST_POINTS_BEFORE if points <= LEAST_POINTS_BEFORE else 0.0
    tracks = []
    for process, track in zip(PROCESSES, state.tracks, strict=True):
        times = PROVED.get(process.name)
        proof = None if times is None or not points else Proof(Tolerance(times, points))
        tracks.append(Track(track.wealth, track.spread, Sums(), proof))
    return replace(
        state, tracks=tuple(tracks), stage=minute.stage, stage_since=minute.number, usable_in_stage=0
    )


def _counted(state: State, minute: Minute) -> State:
    requests = minute.candidate.requests if minute.candidate else 0
    total = requests + (minute.baseline.requests if minute.baseline else 0)
    turn = _Turn(state.usable, not state.usable_in_stage, -log(state.plan.alpha))
    played = [
        _played(process, track, minute, turn) for process, track in zip(PROCESSES, state.tracks, strict=True)
    ]
    quality, scores = _scored(state, minute, turn)
    return replace(
        state,
        tracks=tuple(played),
        quality=quality,
        scores=scores,
        usable=state.usable + 1,
        usable_in_stage=state.usable_in_stage + 1,
        missing="",
        requests=state.requests + requests,
        rpm=0.9 * state.rpm + 0.1 * total if state.rpm else float(total),
    )


@dataclass(frozen=True, slots=True)
class _Turn:
    """What a bet of this minute depends on, beside its process."""

    usable: int
    is_new_stage: bool
    needed: float

    @property
    def is_warm(self) -> bool:
        return self.usable >= WARM_UP_MINUTES

    def terms(self, wealth: Wealth, cap: float) -> tuple[float, float]:
        share = NEW_STAGE if self.is_new_stage else OTHERWISE
        return (share if wealth.is_begun else FIRST), cap


def _played(process: Process, track: Track, minute: Minute, turn: _Turn) -> Track:
    pair = pair_of(process, minute)
    if pair is None:
        return track
    spread, sums = learn(track.spread, pair), _summed(track.sums, pair)
    if process.waits_for_warmth and not turn.is_warm:
        return Track(track.wealth, spread, sums, track.proof)
    tolerance = tolerated(process, track.spread, turn.usable)
    terms = turn.terms(track.wealth, (CAP if process.waits_for_warmth else GROSS_CAP) * turn.needed)
    wealth = bet(process, (track.wealth, track.spread, tolerance), pair, terms)
    proof = track.proof
    if proof is not None:
        # Of this minute's own count, the discount would spare the minutes that speak against the candidate.
        proof = prove(proof, pair, discount_of(process, track.spread, pair.ratio, track.spread.usual_bad))
    return Track(wealth, spread, sums, proof)


def _scored(state: State, minute: Minute, turn: _Turn) -> tuple[Wealth, Scores]:
    seen = judge_scores(state.scores, minute)
    if seen is None:
        return state.quality, state.scores
    scores, odds = seen
    if not turn.is_warm:
        return state.quality, scores
    return put(state.quality, odds, PRIOR, turn.terms(state.quality, CAP * turn.needed)), scores


def _summed(sums: Sums, pair: Pair) -> Sums:
    return Sums(
        sums.requests + pair.requests,
        sums.bad + pair.bad,
        sums.baseline_requests + pair.baseline_requests,
        sums.baseline_bad + pair.baseline_bad,
    )
