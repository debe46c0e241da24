"""What a canary judge remembers as a small JSON value, and back. Keys are stored and never renamed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pointsman.core.canary_evidence import Mode, Plan, Stage
from pointsman.core.canary_odds import Tolerance, Wealth
from pointsman.core.canary_processes import PROCESSES, Spread
from pointsman.core.canary_proof import Proof
from pointsman.core.canary_quality import Scores
from pointsman.core.canary_state import State, Sums, Track

VERSION = 1


def state_to_json(state: State) -> dict[str, Any]:
    """Return a JSON object of less than 2 kB for the plans that policies may hold. Numbers keep nine digits."""
    return {
        "v": VERSION,
        "plan": _plan_to_json(state.plan),
        "tracks": {
            process.name: _track_to_json(track)
            for process, track in zip(PROCESSES, state.tracks, strict=True)
        },
        "quality": _wealth_to_json(state.quality),
        "scores": _scores_to_json(state.scores),
        "at": [state.minute, state.stage, state.stage_since, state.usable, state.usable_in_stage],
        "seen": [state.requests, _short(state.rpm), state.silent, _short(state.silent_requests)],
        "missing": state.missing,
    }


def state_from_json(document: Mapping[str, Any]) -> State:
    """Read back what `state_to_json` wrote. Raises KeyError, TypeError or ValueError on anything else."""
    if document["v"] != VERSION:
        raise ValueError(f"a judge's memory of version {document['v']}, not {VERSION}")
    total, differences, last, lost, scored = document["scores"]
    minute, stage, stage_since, usable, usable_in_stage = document["at"]
    requests, rpm, silent, silent_requests = document["seen"]
    return State(
        _plan_from_json(document["plan"]),
        tuple([_track_from_json(document["tracks"][process.name]) for process in PROCESSES]),
        _wealth_from_json(document["quality"]),
        Scores(total, differences, last, lost, scored),
        minute=minute,
        stage=stage,
        stage_since=stage_since,
        usable=usable,
        usable_in_stage=usable_in_stage,
        requests=requests,
        rpm=rpm,
        silent=silent,
        silent_requests=silent_requests,
        missing=document["missing"],
    )


def _plan_to_json(plan: Plan) -> list[Any]:
    stages = [[stage.share, stage.bake_min, stage.bake_max] for stage in plan.stages]
    known = [plan.usual_error_rate, plan.usual_rpm]
    return [stages, plan.alpha, plan.horizon_min, plan.mode.value, *known]


def _plan_from_json(document: list[Any]) -> Plan:
    stages, alpha, horizon, mode, error_rate, rpm = document
    return Plan(tuple([Stage(*stage) for stage in stages]), alpha, horizon, Mode(mode), error_rate, rpm)


def _track_to_json(track: Track) -> list[Any]:
    sums, proof = track.sums, track.proof
    return [
        _wealth_to_json(track.wealth),
        _spread_to_json(track.spread),
        [sums.requests, sums.bad, sums.baseline_requests, sums.baseline_bad],
        [proof.bad.times, _short(proof.bad.points), *map(_short, proof.bets)] if proof else None,
    ]


def _track_from_json(document: list[Any]) -> Track:
    wealth, spread, sums, proof = document
    return Track(
        _wealth_from_json(wealth),
        Spread(*spread),
        Sums(*sums),
        Proof(Tolerance(proof[0], proof[1]), tuple(proof[2:])) if proof else None,
    )


def _spread_to_json(spread: Spread) -> list[Any]:
    numbers = _short(spread.total), _short(spread.seen), _short(spread.usual_bad)
    return [*numbers, _maybe(spread.last), _short(spread.last_chance)]


def _scores_to_json(scores: Scores) -> list[Any]:
    return [_short(scores.total), scores.seen, _maybe(scores.last), _short(scores.lost), scores.scored]


def _wealth_to_json(wealth: Wealth) -> list[float]:
    return [_short(wealth.cash), *map(_short, wealth.bets)]


def _wealth_from_json(document: list[float]) -> Wealth:
    return Wealth(document[0], tuple(document[1:]))


def _short(number: float) -> float:
    return float(f"{number:.9g}")


def _maybe(number: float | None) -> float | None:
    return None if number is None else _short(number)
