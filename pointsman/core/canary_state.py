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
COLD_POINTS = 0.25
CAP = 0.75
"""No minute may bring more than this part of the way to a rollback, but for the gross process."""
BUSY = 5.0
"""Where at least that many requests are to be expected of a side, none at all means missing data or a dead candidate."""
EFFORT = 5.0
LEAST_POINTS, MOST_POINTS = 0.0005, 0.2
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
    sums: Sums = Sums()
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
    dark: int = 0
    is_dark: bool = False
    requests: int = 0
    rpm: float = 0.0

    @property
    def stage_minutes(self) -> int:
        """Minutes that the stage has lasted, whether they had data or not."""
        return self.minute - self.stage_since + 1

    @property
    def evidence(self) -> float:
        """The e-value of all processes together."""
        parts = (
            process.weight * track.wealth.total for process, track in zip(PROCESSES, self.tracks, strict=True)
        )
        return sum(parts) + QUALITY_WEIGHT * self.quality.total


def begin(plan: Plan) -> State:
    """Return the state before the first minute of a rollout."""
    tracks = tuple([Track(unspent(len(process.alternatives))) for process in PROCESSES])
    return State(plan, tracks, unspent(len(ALTERNATIVES)), rpm=plan.usual_rpm)


def after(state: State, minute: Minute) -> State:
    """Return the state after one more complete minute; one already taken changes nothing."""
    if minute.number <= state.minute:
        return state
    is_new = minute.stage != state.stage
    if is_new:
        state = _with_stage(state, minute)
    state = replace(state, minute=minute.number)
    baseline, candidate = minute.baseline, minute.candidate
    if baseline is None or not baseline.requests:
        return replace(state, is_dark=True)
    if candidate is None or not candidate.requests:
        is_missed = baseline.requests * minute.share / (1 - minute.share) >= BUSY
        return (
            replace(state, dark=state.dark + is_missed, is_dark=True)
            if is_missed
            else _counted(state, minute, is_new)
        )
    return _counted(replace(state, dark=0), minute, is_new)


def _with_stage(state: State, minute: Minute) -> State:
    stages = state.plan.stages
    rpm = state.rpm or sum(side.requests for side in (minute.baseline, minute.candidate) if side)
    stage = stages[minute.stage]
    is_last = minute.stage == len(stages) - 1
    left = max(stage.bake_max, state.plan.horizon_min - minute.number) if is_last else stage.bake_max
    expected = rpm * minute.share * left
    points = min(MOST_POINTS, max(LEAST_POINTS, EFFORT / expected)) if expected else MOST_POINTS
    tracks = []
    for process, track in zip(PROCESSES, state.tracks, strict=True):
        times = PROVED.get(process.name)
        proof = None if times is None else Proof(Tolerance(times, points))
        tracks.append(Track(track.wealth, track.spread, Sums(), proof))
    return replace(
        state, tracks=tuple(tracks), stage=minute.stage, stage_since=minute.number, usable_in_stage=0
    )


def _counted(state: State, minute: Minute, is_new: bool) -> State:  # noqa: FBT001 - whether the minute opens its stage
    baseline, candidate = minute.baseline, minute.candidate
    requests = candidate.requests if candidate else 0
    total = requests + (baseline.requests if baseline else 0)
    is_warm = state.usable >= WARM_UP_MINUTES
    cap = CAP * -log(state.plan.alpha)
    tracks = tuple(
        [
            _played(process, track, minute, _terms(process, state.usable, cap, is_new=is_new))
            for process, track in zip(PROCESSES, state.tracks, strict=True)
        ]
    )
    quality, scores = state.quality, state.scores
    seen = judge_scores(scores, minute)
    if seen is not None and is_warm:
        terms = _share(state.usable - WARM_UP_MINUTES, is_new=is_new), cap
        quality = put(quality, seen[1], PRIOR, terms)
    return replace(
        state,
        tracks=tracks,
        quality=quality,
        scores=seen[0] if seen else scores,
        usable=state.usable + 1,
        usable_in_stage=state.usable_in_stage + 1,
        is_dark=False,
        requests=state.requests + requests,
        rpm=total if not state.rpm else 0.9 * state.rpm + 0.1 * total,
    )


def _terms(process: Process, usable: int, cap: float, *, is_new: bool) -> tuple[float, float, int] | None:
    since = usable - WARM_UP_MINUTES if process.waits_for_warmth else usable
    if since < 0:
        return None
    return _share(since, is_new=is_new), cap if process.is_capped else 500.0, usable


def _share(since: int, *, is_new: bool) -> float:
    if not since:
        return FIRST
    return NEW_STAGE if is_new else OTHERWISE


def _played(process: Process, track: Track, minute: Minute, terms: tuple[float, float, int] | None) -> Track:
    pair = pair_of(process, minute)
    if pair is None:
        return track
    discount = discount_of(process, track.spread, pair)
    tolerance = widened(process, track.spread)
    if process.name == "gross" and terms is not None and terms[2] < WARM_UP_MINUTES:
        tolerance = Tolerance(tolerance.times, COLD_POINTS)
    wealth = (
        track.wealth if terms is None else bet(process, (track.wealth, tolerance), pair, discount, terms[:2])
    )
    proof = track.proof
    if proof is not None and terms is not None and pair.requests:
        proof = prove(proof, pair, discount)
    return Track(wealth, learn(track.spread, pair), _summed(track.sums, pair), proof)


def _summed(sums: Sums, pair: Pair) -> Sums:
    return Sums(
        sums.requests + pair.requests,
        sums.bad + pair.bad,
        sums.baseline_requests + pair.baseline_requests,
        sums.baseline_bad + pair.baseline_bad,
    )
