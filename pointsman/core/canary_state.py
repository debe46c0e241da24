"""What a canary judge remembers between two minutes, and how a minute changes it. The verdict is `canary_judge.py`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log

from pointsman.core.canary_evidence import Minute, Plan
from pointsman.core.canary_means import ALTERNATIVES, PRIOR, QUALITY, TPOT, paces_of, scores_of
from pointsman.core.canary_odds import FIRST, Tolerance, Wealth, unspent
from pointsman.core.canary_processes import PROCESSES, Spread
from pointsman.core.canary_proof import Proof
from pointsman.core.canary_tracks import Lately, MeanTrack, Sums, Track, Turn, compared, played

BUSY = 5.0
"""Where at least that many requests are to be expected of the candidate in a minute, none at all means that data is missing."""
EFFORT = 15.0
"""How many bad requests a proof asks to be absent: its points are that many over the requests that the step may still see."""
LEAST_POINTS, LEAST_POINTS_BEFORE, MOST_POINTS = 0.0005, 0.05, 0.05
"""The finest difference that the last step asks a proof of, the one that every step before it asks, and the last step's coarsest.

A proof of less than the coarsest would say nothing: five times the errors of a usual baseline would pass it.
"""
MOST_BAD = 0.99
"""No rate is worse than all of the requests, so a proof with a larger margin would prove nothing."""
USUAL_RATES = {"p75": 0.25, "p99": 0.01}
"""What part of the baseline's requests a threshold is exceeded by, from what the threshold is."""
PROVED = {"errors": 2.0, "p75": 1.3, "p99": 2.0}
"""Processes whose metric must be proved not to be bad before a PASS: bad is that many times the baseline's rate, or more."""
NO_OUTPUT = MeanTrack(Wealth(0.0, (0.0,) * len(ALTERNATIVES)))
"""The track of time per output token while nothing is bet on it."""


@dataclass(frozen=True, slots=True)
class State:
    """A rollout as the judge knows it. `tracks` are in the order of `PROCESSES`."""

    plan: Plan
    tracks: tuple[Track, ...]
    quality: MeanTrack
    tpot: MeanTrack = NO_OUTPUT
    by_token: bool = False
    """Whether time per output token is judged, in place of latency: since both sides told their output."""
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
    points: float = 0.0
    """What the proofs of this stage add to the baseline's rate, beside the plan's margin; 0 where nothing is proved in it."""
    missing: str = ""
    """Whose data the newest minute lacks; empty where nothing is missing."""

    @property
    def stage_minutes(self) -> int:
        """Minutes that the stage has lasted, whether they had data or not."""
        return self.minute - self.stage_since + 1

    @property
    def evidence(self) -> float:
        """The e-value of all processes together."""
        counted = zip(PROCESSES, self.tracks, strict=True)
        total = sum(process.weight * track.wealth.total for process, track in counted)
        return total + QUALITY.weight * self.quality.wealth.total + TPOT.weight * self.tpot.wealth.total


def begin(plan: Plan) -> State:
    """Return the state before the first minute of a rollout."""
    rates = USUAL_RATES | dict.fromkeys(("gross", "errors"), plan.usual_error_rate)
    tracks = [
        Track(unspent(len(process.grid[0])), Spread(usual_bad=rates[process.name] * plan.usual_rpm))
        for process in PROCESSES
    ]
    return State(plan, tuple(tracks), MeanTrack(unspent(len(ALTERNATIVES))), rpm=plan.usual_rpm)


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
    provable = EFFORT / expected if expected else 1.0
    points = min(MOST_POINTS, max(LEAST_POINTS, provable))
    if not is_last:
        points = LEAST_POINTS_BEFORE if provable <= LEAST_POINTS_BEFORE else 0.0
    tracks = []
    for process, track in zip(PROCESSES, state.tracks, strict=True):
        times = PROVED.get(process.name)
        is_asked = times is not None and points > 0 and (process.counts_errors or not state.by_token)
        margin = state.plan.error_margin if process.counts_errors else 0.0
        own = min(max(points, process.coarsest), max(points, provable))
        bad = Tolerance(times or 0.0, min(MOST_BAD, own + margin))
        tracks.append(replace(track, sums=Sums(), proof=Proof(bad, process.stakes) if is_asked else None))
    return replace(
        state,
        tracks=tuple(tracks),
        quality=replace(state.quality, sums=Sums()),
        tpot=replace(state.tpot, sums=Sums()),
        points=points,
        stage=minute.stage,
        stage_since=minute.number,
        usable_in_stage=0,
    )


def _counted(state: State, minute: Minute) -> State:
    requests = minute.candidate.requests if minute.candidate else 0
    total = requests + (minute.baseline.requests if minute.baseline else 0)
    if not state.by_token and paces_of(minute) is not None:
        state = _by_token(state)
    turn = Turn(state.plan, state.usable, not state.usable_in_stage, -log(state.plan.alpha))
    tracks = [
        played(process, track, minute, turn) for process, track in zip(PROCESSES, state.tracks, strict=True)
    ]
    scores = scores_of(minute)
    lost = (
        Sums(scores.requests, scores.worse * scores.requests, scores.baseline_requests) if scores else Sums()
    )
    return replace(
        state,
        tracks=tuple(tracks),
        quality=compared(QUALITY, state.quality, scores, turn, lost),
        tpot=compared(TPOT, state.tpot, paces_of(minute), turn, _output(minute)),
        usable=state.usable + 1,
        usable_in_stage=state.usable_in_stage + 1,
        missing="",
        requests=state.requests + requests,
        rpm=0.9 * state.rpm + 0.1 * total if state.rpm else float(total),
    )


def _by_token(state: State) -> State:
    """Move what the latency processes have to the one of time per output token: from now on it bets in their place."""
    tracks, moved = [], 0.0
    for process, track in zip(PROCESSES, state.tracks, strict=True):
        if process.counts_errors:
            tracks.append(track)
            continue
        moved += process.weight * track.wealth.total / TPOT.weight
        tracks.append(replace(track, wealth=Wealth(0.0, (0.0,) * len(track.wealth.bets)), proof=None))
    bets = tuple([FIRST * moved * part for part in PRIOR])
    return replace(
        state,
        tracks=tuple(tracks),
        tpot=MeanTrack(Wealth((1 - FIRST) * moved, bets), lately=Lately(moved)),
        by_token=True,
    )


def _output(minute: Minute) -> Sums:
    mine, theirs = (side.output if side else None for side in (minute.candidate, minute.baseline))
    if mine is None or theirs is None:
        return Sums()
    return Sums(mine.tokens, mine.milliseconds, theirs.tokens, theirs.milliseconds)
