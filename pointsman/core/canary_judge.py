"""The judge of a canary: e-values to verdict, minute by minute. Pure; what it remembers is `canary_state.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

from pointsman.core import canary_state
from pointsman.core.canary_evidence import Minute, Plan
from pointsman.core.canary_means import QUALITY, TPOT
from pointsman.core.canary_processes import PROCESSES, between_minutes
from pointsman.core.canary_state import MOST_POINTS, State
from pointsman.core.canary_tracks import tolerated
from pointsman.core.canary_words import WHAT, Bad, Reading, against, odds, proved, unproved
from pointsman.core.verdict import Opinion

DEAD_AFTER, DEAD_REQUESTS = 10, 100.0
"""So many silent minutes, in which so many requests were to be expected, are a dead candidate."""
SILENT_REQUESTS = 5.0
"""With so many requests missing, nothing is promoted."""
NOTHING_YET = 3
"""So many candidate requests decide nothing, whatever became of them."""
SUSPICIOUS = 2.0
"""With that much evidence against a candidate it does not go on."""
PROOF = 10.0
"""What lets a candidate pass: while it is bad, it gets there in at most one step of ten."""
WEIGHTS = {each.name: each.weight for each in (*PROCESSES, QUALITY, TPOT)}


@dataclass(frozen=True, slots=True)
class Answer:
    """An opinion, a sentence that a person understands, and the evidence against the candidate; at `needed` it is a FAIL."""

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
    return canary_state.begin(plan)


def take(state: State, minute: Minute) -> tuple[State, Answer]:
    """Add one complete minute, and say what all of them prove. A minute already taken changes nothing."""
    state = canary_state.after(state, minute)
    return state, answer(state)


def answer(state: State, what: Mapping[str, str] = WHAT) -> Answer:
    """Say what the minutes taken so far prove. `what` puts into words what each process counts."""
    readings, evidence, needed = _readings(state, what), state.evidence, 1 / state.plan.alpha
    opinion, sentence = _opinion(state, readings, evidence, needed)
    return Answer(opinion, sentence, evidence, needed, readings)


def _readings(state: State, what: Mapping[str, str]) -> tuple[Reading, ...]:
    found = []
    for process, track in zip(PROCESSES, state.tracks, strict=True):
        proof = track.proof
        variance = between_minutes(process, track.spread)
        tolerance = tolerated(process, (variance, track.spread.usual_bad), state.usable - 1, state.plan)
        bad = Bad(proof.bad.times, proof.bad.points, proof.total) if proof else None
        told = tolerance.times, tolerance.points
        found.append(
            Reading(
                process.name, track.wealth.total, track.sums, track.lately, *told, bad, what[process.name]
            )
        )
    quality, tpot = state.quality, state.tpot
    found.append(Reading(QUALITY.name, quality.wealth.total, quality.sums, quality.lately))
    if state.by_token:
        found.append(Reading(TPOT.name, tpot.wealth.total, tpot.sums, tpot.lately, exp(TPOT.tolerated)))
    return tuple(found)


def _opinion(
    state: State, readings: tuple[Reading, ...], evidence: float, needed: float
) -> tuple[Opinion, str]:
    if state.silent >= DEAD_AFTER and state.silent_requests >= DEAD_REQUESTS:
        return Opinion.FAIL, (
            f"candidate reported nothing for {state.silent} minutes in which its share of the traffic predicts "
            f"{state.silent_requests:,.0f} requests: it is dead"
        )
    worst = max(readings, key=lambda reading: WEIGHTS[reading.name] * reading.e_value)
    stands = f"{against(worst)}; evidence {odds(evidence)}, needed {odds(needed)}"
    if evidence >= needed and state.requests > NOTHING_YET:
        return Opinion.FAIL, stands
    if state.missing:
        return Opinion.BLIND, f"no data of {_whose(state.missing)} in this minute: nothing is taken from it"
    if evidence >= SUSPICIOUS:
        return Opinion.NOT_ENOUGH, f"{stands}: too much to go on with"
    return _may_go_on(state, readings)


def _whose(side: str) -> str:
    return side if side == "both sides" else f"the {side}"


def _may_go_on(state: State, readings: tuple[Reading, ...]) -> tuple[Opinion, str]:
    stage = state.plan.stages[state.stage]
    is_last = state.stage == len(state.plan.stages) - 1
    least = stage.bake_min + (0 if state.stage else state.plan.warm_up)
    if state.usable_in_stage < least:
        return (
            Opinion.NOT_ENOUGH,
            f"{state.usable_in_stage} of the {least} minutes that this step takes have data",
        )
    if state.silent_requests >= SILENT_REQUESTS:
        return Opinion.NOT_ENOUGH, f"candidate has answered no request for {state.silent} minutes"
    missing = [reading for reading in readings if _is_unproved(reading)]
    asked = [reading for reading in readings if reading.bad and reading.step.requests]
    if missing and (is_last or state.stage_minutes < stage.bake_max):
        return Opinion.NOT_ENOUGH, _what_is_missing(missing, state, is_last=is_last)
    if missing or not asked:
        return (
            Opinion.PASS,
            f"nothing stands against it after {state.stage_minutes} minutes; this step proves no more",
        )
    return Opinion.PASS, f"candidate {'; '.join(proved(reading) for reading in asked)}"


def _is_unproved(reading: Reading) -> bool:
    """Whether a proof is wanting. Errors are always asked about; latency only where some of it was measured."""
    if reading.bad is None or (reading.name != "errors" and not reading.step.baseline_requests):
        return False
    return reading.bad.e_value < PROOF


def _what_is_missing(missing: list[Reading], state: State, *, is_last: bool) -> str:
    least = min(missing, key=lambda reading: reading.bad.e_value if reading.bad else 0.0)
    sentence = unproved(least, state.usable_in_stage, PROOF)
    if is_last and state.points >= MOST_POINTS:
        return f"{sentence}; with this little traffic it will hardly be proved in the time planned"
    return sentence
