"""The judge of a canary: e-values to verdict, minute by minute. Pure; what it remembers is `canary_state.py`."""

from __future__ import annotations

from dataclasses import dataclass

from pointsman.core.canary_evidence import Minute, Plan
from pointsman.core.canary_processes import PROCESSES
from pointsman.core.canary_state import WARM_UP_MINUTES, State, after
from pointsman.core.canary_state import begin as begin_state
from pointsman.core.judge import Opinion

DEAD_AFTER = 10
NOTHING_YET = 3
"""So many candidate requests decide nothing, whatever became of them."""
SUSPICIOUS = 2.0
PROOF = 10.0
"""What lets a candidate pass: while it is bad, it gets there in at most one rollout of ten."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One process: its e-value, the counts of this stage that it rests on, and the proof that its metric is not bad."""

    name: str
    e_value: float
    requests: int = 0
    bad: int = 0
    baseline_requests: int = 0
    baseline_bad: int = 0
    proof: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An opinion, a sentence that a person understands, and the evidence; at `needed` it is a FAIL."""

    opinion: Opinion
    sentence: str
    evidence: float
    needed: float
    readings: tuple[Reading, ...]

    @property
    def decision(self) -> str:
        """What follows from the opinion: rollback, promote (the stage, the last one's rollout), or continue."""
        return {Opinion.FAIL: "rollback", Opinion.PASS: "promote"}.get(self.opinion, "continue")


def begin(plan: Plan) -> State:
    """Return the state before the first minute of a rollout."""
    return begin_state(plan)


def take(state: State, minute: Minute) -> tuple[State, Answer]:
    """Add one complete minute, and say what all of them prove."""
    state = after(state, minute)
    return state, answer_of(state)


def answer_of(state: State) -> Answer:
    """Say what a state proves."""
    readings = tuple(
        [
            Reading(
                process.name,
                track.wealth.total,
                track.sums.requests,
                track.sums.bad,
                track.sums.baseline_requests,
                track.sums.baseline_bad,
                track.proof.total if track.proof else None,
            )
            for process, track in zip(PROCESSES, state.tracks, strict=True)
        ]
        + [Reading("quality", state.quality.total, state.scores.scored)]
    )
    opinion, sentence = _opinion(state, readings)
    return Answer(opinion, sentence, state.evidence, 1 / state.plan.alpha, readings)


def _opinion(state: State, readings: tuple[Reading, ...]) -> tuple[Opinion, str]:
    if state.dark >= DEAD_AFTER:
        return (
            Opinion.FAIL,
            f"candidate reported nothing for {state.dark} minutes in which requests reached it: it is dead",
        )
    evidence, needed = state.evidence, 1 / state.plan.alpha
    if evidence >= needed and state.requests > NOTHING_YET:
        return Opinion.FAIL, f"evidence {evidence:,.0f}:1, needed {needed:,.0f}:1"
    if state.is_dark:
        return Opinion.BLIND, "this minute has no data of one side or of both"
    stage = state.plan.stages[state.stage]
    is_last = state.stage == len(state.plan.stages) - 1
    least = max(stage.bake_min, WARM_UP_MINUTES) + (0 if state.stage else WARM_UP_MINUTES)
    if evidence >= SUSPICIOUS or state.usable_in_stage < least:
        return Opinion.NOT_ENOUGH, f"evidence {evidence:.1f}:1 against it, {state.usable_in_stage} minutes"
    missing = [reading.name for reading in readings if _is_unproved(reading)]
    if not missing:
        return Opinion.PASS, "proved"
    if not is_last and state.stage_minutes >= stage.bake_max:
        return Opinion.PASS, f"nothing against it within {state.stage_minutes} minutes"
    return Opinion.NOT_ENOUGH, f"no proof yet of {', '.join(missing)}"


def _is_unproved(reading: Reading) -> bool:
    if reading.proof is None or (reading.name != "errors" and not reading.baseline_requests):
        return False
    return reading.proof < PROOF
