"""Draws whole rollouts: what CloudWatch shows of each minute at each share, and what a bad candidate costs there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from benchmarks.judge.expected import Expected, of_baseline, of_candidate
from benchmarks.judge.latency import FACTORS, MIXTURES, Bools, Floats, Ints
from benchmarks.judge.minutes import PERCENTILES
from benchmarks.judge.scenarios import Scenario
from benchmarks.judge.setting import HORIZON, PLAN, SHARES, Noise
from benchmarks.judge.traffic import Replay, retried, traffic_of
from benchmarks.judge.weather import weather_of

BLOCK = 50
"""Runs that are drawn together. A run's draws depend on its block, never on how many blocks there are."""
QUALITY, QUALITY_SPREAD, SAMPLED = 0.8, 0.25, 0.2
"""Mean score, its standard deviation from answer to answer, and the part of the answers that is scored."""
_STAGES = np.repeat(np.arange(len(SHARES)), HORIZON)
_MINUTES: Ints = np.tile(np.arange(HORIZON), len(SHARES))
_REACHABLE = _STAGES * PLAN[0].bake_min <= _MINUTES
"""No judge can be at a share before it held each earlier one for the least time."""
STAGES: Ints = _STAGES[_REACHABLE]
MINUTES: Ints = _MINUTES[_REACHABLE]
COLUMNS = {place: column for column, place in enumerate(zip(STAGES.tolist(), MINUTES.tolist(), strict=True))}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the bench: a scenario under a level of noise and of traffic."""

    scenario: Scenario
    noise: Noise
    rpm: int

    def generator(self, seed: int, block: int) -> np.random.Generator:
        """Apart for every cell and block."""
        name = f"{self.scenario.name}/{self.noise.name}/{self.rpm}/{block}"
        return np.random.default_rng([seed, *hashlib.sha256(name.encode()).digest()[:8]])


@dataclass(frozen=True, slots=True)
class Seen:
    """One side as it is reported, by run and column. Where `is_there` is False there is no data point."""

    is_there: Bools
    requests: Ints
    errors: Ints
    latency: Floats
    """Last axis: avg, p50, p90, p99."""
    slow: Ints
    """Last axis: as `SLOW_KEYS`."""
    scored: Ints
    score: Floats


@dataclass(frozen=True, slots=True)
class Drawn:
    """A block of runs. `harm` is how many requests the candidate is expected to spoil, by run and column."""

    sides: tuple[Seen, Seen]
    harm: Floats
    harm_at_all: Floats
    """The same if it had all the traffic, by run and minute."""
    limits: dict[str, Floats]
    history: dict[str, Floats]


def draw(cell: Cell, seed: int, block: int, replay: Replay) -> Drawn:
    """The runs of a block: the same seed gives the same draws."""
    rng, scenario = cell.generator(seed, block), cell.scenario
    noise, mixture = scenario.conditions.applied(cell.noise), MIXTURES[scenario.conditions.shape]
    traffic = traffic_of(rng, scenario.conditions, noise, (BLOCK, cell.rpm, replay))
    theirs, mine = weather_of(rng, scenario.conditions, noise, traffic)
    baseline, (candidate, healthy) = of_baseline(scenario, theirs), of_candidate(scenario, mine)
    limits, history = _last_hour(rng, cell)
    routed = (1 - traffic.routed, traffic.routed)
    sides = [
        _seen(rng, cell, noise, (expected, theirs_or_mine.score, traffic.level[:, None, :] * part, limits))
        for expected, theirs_or_mine, part in zip((baseline, candidate), (theirs, mine), routed, strict=True)
    ]
    spoilt = candidate.spoilt(mixture) - healthy.spoilt(mixture)
    harm = traffic.level[:, None, :] * np.array(SHARES)[None, :, None] * spoilt
    return Drawn((sides[0], sides[1]), _columns(harm), traffic.level * spoilt[:, -1, :], limits, history)


def _columns(values: Floats) -> Floats:
    """Of an array by run, share and minute: what can be reached, by run and column."""
    return np.broadcast_to(values, (BLOCK, len(SHARES), HORIZON))[:, STAGES, MINUTES]


def _seen(
    rng: np.random.Generator,
    cell: Cell,
    noise: Noise,
    side: tuple[Expected, Floats, Floats, dict[str, Floats]],
) -> Seen:
    """What is reported of a side: what it expects, how its score moves, its requests a minute, and the thresholds."""
    expected, moved, level, limits = side
    mixture, failing = MIXTURES[cell.scenario.conditions.shape], _columns(expected.failing)
    requests, errors = retried(rng, rng.poisson(_columns(level)), failing, noise.retries)
    is_partial = rng.random(requests.shape) < noise.partial
    arrived = np.where(is_partial, rng.uniform(0.3, 0.95, requests.shape), 1.0)
    good = rng.binomial(requests - errors, arrived)
    errors = rng.binomial(errors, arrived)
    requests = good + errors
    by_bucket = mixture.draw(rng, requests, _columns(expected.shift), _columns(expected.tail))
    parts = [by_bucket.percentile(part) for part in (0.5, 0.9, 0.99)]
    slow = [by_bucket.slower_than(limits[name] * factor) for name in PERCENTILES for factor in FACTORS]
    scored = rng.binomial(good, SAMPLED)
    spread = QUALITY_SPREAD / np.sqrt(np.maximum(scored, 1))
    score = QUALITY - _columns(expected.loss) + _columns(moved) + rng.normal(0.0, 1.0, scored.shape) * spread
    is_missing = _gaps(rng, noise.missing)[:, MINUTES] | (_columns(expected.is_dark) > 0) | (requests == 0)
    return Seen(
        ~is_missing,
        requests,
        errors,
        np.stack([by_bucket.average(), *parts], axis=-1),
        np.stack(slow, axis=-1),
        scored,
        np.clip(score, 0.0, 1.0),
    )


def _gaps(rng: np.random.Generator, chance: float) -> Bools:
    """By run and minute: gaps of one to four minutes."""
    missing = np.zeros((BLOCK, HORIZON), dtype=np.bool_)
    lasts = rng.integers(1, 5, (BLOCK, HORIZON))
    begins = rng.random((BLOCK, HORIZON)) < chance
    for back in range(4):
        missing[:, back:] |= (begins & (lasts > back))[:, : HORIZON - back]
    return missing


def _last_hour(rng: np.random.Generator, cell: Cell) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Thresholds and history from an hour of the baseline alone, in its usual weather."""
    mixture, requests = MIXTURES[cell.scenario.conditions.shape], np.full(BLOCK, 60 * cell.rpm)
    moved = rng.normal(0.0, 0.1 * cell.noise.white.side, BLOCK)
    by_bucket = mixture.draw(rng, requests, moved, np.zeros(BLOCK))
    errors = rng.binomial(requests, cell.scenario.conditions.error_rate)
    history = {
        "error_rate": errors / requests,
        "rpm": requests / 60,
        "avg": by_bucket.average(),
        **{f"p{round(100 * part)}": by_bucket.percentile(part) for part in (0.5, 0.75, 0.9, 0.99)},
    }
    return by_bucket.thresholds(), history
