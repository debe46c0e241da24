"""What a canary judge remembers as a small JSON value, and back. Keys are stored and never renamed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pointsman.core.canary_evidence import Plan, Stage
from pointsman.core.canary_means import Scores
from pointsman.core.canary_odds import Tolerance, Wealth
from pointsman.core.canary_processes import PROCESSES, Process, Spread, Variation
from pointsman.core.canary_proof import Proof
from pointsman.core.canary_state import NO_OUTPUT, State
from pointsman.core.canary_tracks import Lately, MeanTrack, Sums, Track

VERSION = 2


def state_to_json(state: State) -> dict[str, Any]:
    """Return a JSON object of less than 2 kB for the plans that policies may hold. Numbers keep nine digits."""
    return {
        "v": VERSION,
        "plan": _plan_to_json(state.plan),
        "tracks": {
            process.name: _track_to_json(track)
            for process, track in zip(PROCESSES, state.tracks, strict=True)
        },
        "quality": _means_to_json(state.quality),
        "tpot": _means_to_json(state.tpot) if state.by_token else None,
        "at": [state.minute, state.stage, state.stage_since, state.usable, state.usable_in_stage],
        "seen": [state.requests, _short(state.rpm), state.silent, _short(state.silent_requests)],
        "points": _short(state.points),
        "missing": state.missing,
    }


def state_from_json(document: Mapping[str, Any]) -> State:
    """Read back what `state_to_json` wrote. Raises KeyError, TypeError or ValueError on anything else."""
    if document["v"] != VERSION:
        raise ValueError(f"a judge's memory of version {document['v']}, not {VERSION}")
    minute, stage, stage_since, usable, usable_in_stage = document["at"]
    requests, rpm, silent, silent_requests = document["seen"]
    tpot = document["tpot"]
    return State(
        _plan_from_json(document["plan"]),
        tuple([_track_from_json(document["tracks"][process.name], process) for process in PROCESSES]),
        _means_from_json(document["quality"]),
        _means_from_json(tpot) if tpot else NO_OUTPUT,
        by_token=tpot is not None,
        minute=minute,
        stage=stage,
        stage_since=stage_since,
        usable=usable,
        usable_in_stage=usable_in_stage,
        requests=requests,
        rpm=rpm,
        silent=silent,
        silent_requests=silent_requests,
        points=document["points"],
        missing=document["missing"],
    )


def _plan_to_json(plan: Plan) -> list[Any]:
    stages = [[stage.share, stage.bake_min, stage.bake_max] for stage in plan.stages]
    return [
        stages,
        plan.alpha,
        plan.horizon_min,
        plan.usual_error_rate,
        plan.usual_rpm,
        plan.error_margin,
        plan.warm_up,
    ]


def _plan_from_json(document: list[Any]) -> Plan:
    stages, alpha, horizon, *known = document
    return Plan(tuple([Stage(*stage) for stage in stages]), alpha, horizon, *known)


def _track_to_json(track: Track) -> list[Any]:
    proof = track.proof
    return [
        _wealth_to_json(track.wealth),
        _spread_to_json(track.spread),
        _sums_to_json(track.sums),
        [proof.bad.times, _short(proof.bad.points), *map(_short, proof.bets)] if proof else None,
        _lately_to_json(track.lately),
    ]


def _track_from_json(document: list[Any], process: Process) -> Track:
    wealth, spread, sums, proof, lately = document
    return Track(
        _wealth_from_json(wealth),
        _spread_from_json(spread),
        Sums(*sums),
        Proof(Tolerance(proof[0], proof[1]), process.stakes, tuple(proof[2:])) if proof else None,
        _lately_from_json(lately),
    )


def _means_to_json(track: MeanTrack) -> list[Any]:
    scores = track.scores
    return [
        _wealth_to_json(track.wealth),
        [_short(scores.total), scores.seen, _maybe(scores.last)],
        _sums_to_json(track.sums),
        _lately_to_json(track.lately),
    ]


def _means_from_json(document: list[Any]) -> MeanTrack:
    wealth, scores, sums, lately = document
    return MeanTrack(_wealth_from_json(wealth), Scores(*scores), Sums(*sums), _lately_from_json(lately))


def _spread_to_json(spread: Spread) -> list[Any]:
    return [
        _short(spread.usual_bad),
        *_variation_to_json(spread.ratio),
        *_variation_to_json(spread.baseline),
    ]


def _spread_from_json(document: list[Any]) -> Spread:
    usual_bad, *numbers = document
    return Spread(Variation(*numbers[:4]), Variation(*numbers[4:]), usual_bad)


def _variation_to_json(variation: Variation) -> list[Any]:
    numbers = _short(variation.total), _short(variation.seen)
    return [*numbers, _maybe(variation.last), _short(variation.last_chance)]


def _sums_to_json(sums: Sums) -> list[float]:
    numbers = sums.requests, sums.bad, sums.baseline_requests, sums.baseline_bad
    return [each if isinstance(each, int) else _short(each) for each in numbers]


def _lately_to_json(lately: Lately) -> list[Any]:
    return [_short(lately.lowest), lately.minutes, *_sums_to_json(lately.sums)]


def _lately_from_json(document: list[Any]) -> Lately:
    lowest, minutes, *sums = document
    return Lately(lowest, minutes, Sums(*sums))


def _wealth_to_json(wealth: Wealth) -> list[float]:
    return [_short(wealth.cash), *map(_short, wealth.bets)]


def _wealth_from_json(document: list[float]) -> Wealth:
    return Wealth(document[0], tuple(document[1:]))


def _short(number: float) -> float:
    return float(f"{number:.9g}")


def _maybe(number: float | None) -> float | None:
    return None if number is None else _short(number)
