"""What moves rates although no version changed: drifts, shared shocks, instances, users, fleets that scale. It knows no fault."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from benchmarks.judge.latency import Floats, Ints
from benchmarks.judge.scenarios import Conditions
from benchmarks.judge.setting import FLEETS, HORIZON, SHARES, Noise, Spread
from benchmarks.judge.traffic import Traffic

BASELINE, CANDIDATE = 0, 1
USER_SPREAD = 0.4
"""Standard deviation of the log error rate from one user to another."""
COLD_MINUTES, COLD_ERRORS, COLD_LATENCY = 1.5, 0.02, 1.5
INCIDENT_ERRORS, INCIDENT_LATENCY = 15.0, 1.6
LIGHTEST = 0.75
"""Latency of an instance without load, as part of what it is under its usual load."""


@dataclass(frozen=True, slots=True)
class Weather:
    """Of one side, by run, share and minute: factors in the logarithm, errors that come on top, and shifts of the score."""

    log_errors: Floats
    log_latency: Floats
    extra_errors: Floats
    score: Floats


def weather_of(
    rng: np.random.Generator, conditions: Conditions, noise: Noise, traffic: Traffic
) -> tuple[Weather, Weather]:
    """The weather of the baseline and of the candidate: they share shocks and incidents."""
    runs = traffic.level.shape[0]
    shared = autoregression(rng, runs, noise.shared, 0.8)
    incident = _incident(rng, runs, noise.incident)
    fleet = (2, 1) if conditions.few else FLEETS[traffic.rpm]
    sides = []
    for side in (BASELINE, CANDIDATE):
        own = _own(rng, noise, 1.5 if conditions.few else 1.0, (runs, fleet[side]))
        errors = own + shared + incident * math.log(INCIDENT_ERRORS)
        latency = noise.latency_share * own + 0.1 * shared + incident * math.log(INCIDENT_LATENCY)
        latency = latency + autoregression(rng, runs, conditions.lengths, 0.9) + traffic.log_lengths
        if conditions.scaling:
            step = _scaling(rng, runs)
            errors, latency = errors + 2.0 * step, latency + step
        users = _users(rng, noise, traffic, side)
        sides.append(
            Weather(
                errors[:, None, :] + users,
                latency[:, None, :] + 0.1 * users + _load(conditions, side),
                _cold(conditions, side),
                rng.normal(0.0, 1.0, (runs, 1, HORIZON)) * noise.quality,
            )
        )
    if conditions.cold_start:
        warming = np.log1p(COLD_LATENCY * _fading())
        cold = sides[CANDIDATE]
        sides[CANDIDATE] = Weather(cold.log_errors, cold.log_latency + warming, cold.extra_errors, cold.score)
    return sides[BASELINE], sides[CANDIDATE]


def autoregression(rng: np.random.Generator, runs: int, deviation: float, memory: float) -> Floats:
    """An AR(1) by run and minute whose standard deviation is `deviation` from its first minute on."""
    fresh = rng.normal(0.0, 1.0, (runs, HORIZON))
    walk = np.empty_like(fresh)
    walk[:, 0] = fresh[:, 0]
    for minute in range(1, HORIZON):
        walk[:, minute] = memory * walk[:, minute - 1] + math.sqrt(1 - memory * memory) * fresh[:, minute]
    return deviation * walk


def _own(rng: np.random.Generator, noise: Noise, factor: float, size: tuple[int, int]) -> Floats:
    """White noise and drift of one side of `size` (runs, instances); the mean of the rate is left where it was."""
    runs, instances = size
    white = _deviation(noise.white.times(factor), instances)
    drift = _deviation(noise.drift.times(factor), instances)
    moved = rng.normal(0.0, 1.0, (runs, HORIZON)) * white
    moved += autoregression(rng, runs, drift, noise.drift_memory)
    return moved - (white * white + drift * drift) / 2


def _deviation(spread: Spread, instances: int) -> float:
    return math.sqrt(spread.side**2 + spread.instance**2 / instances)


def _incident(rng: np.random.Generator, runs: int, chance: float) -> Floats:
    """1 during 3 to 8 minutes of the runs that have one."""
    begin = rng.integers(0, HORIZON - 8, (runs, 1))
    length = rng.integers(3, 9, (runs, 1))
    minutes = np.arange(HORIZON)
    happens = rng.random((runs, 1)) < chance
    return (happens & (minutes >= begin) & (minutes < begin + length)).astype(np.float64)


def _scaling(rng: np.random.Generator, runs: int) -> Floats:
    """Log latency around two changes of a fleet: 15 % up in the three minutes before, 10 % with the cold ones after."""
    moved = np.zeros((runs, HORIZON))
    minutes = np.arange(HORIZON)
    for _ in range(2):
        at = rng.integers(3, HORIZON - 3, (runs, 1))
        moved += math.log(1.15) * ((minutes >= at - 3) & (minutes < at))
        moved += math.log(1.10) * ((minutes >= at) & (minutes < at + 3))
    return moved


def _users(rng: np.random.Generator, noise: Noise, traffic: Traffic, side: int) -> Floats:
    """What the few users of a side have in common; without sticky users nothing."""
    users: Ints = traffic.users[side]
    if not noise.session_minutes:
        return np.zeros(users.shape)
    walk = autoregression(rng, users.shape[0], USER_SPREAD, math.exp(-1 / noise.session_minutes))
    moved: Floats = walk[:, None, :] / np.sqrt(np.maximum(users, 1))
    return moved


def _load(conditions: Conditions, side: int) -> Floats:
    """By share: an instance that gets less than its usual load answers faster."""
    if not conditions.lightly_loaded:
        return np.zeros((1, len(SHARES), 1))
    share = np.array(SHARES)
    load = share if side == CANDIDATE else 1 - share
    return np.log(LIGHTEST + (1 - LIGHTEST) * load)[None, :, None]


def _cold(conditions: Conditions, side: int) -> Floats:
    if conditions.cold_start and side == CANDIDATE:
        return COLD_ERRORS * _fading()
    return np.zeros((1, 1, HORIZON))


def _fading() -> Floats:
    return np.exp(-np.arange(HORIZON) / COLD_MINUTES)[None, None, :]
