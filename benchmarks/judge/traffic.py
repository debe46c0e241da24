"""How many requests each side gets: the level, who is routed where, and retries. It knows nothing of latency."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from benchmarks.judge.latency import Floats, Ints
from benchmarks.judge.scenarios import Conditions
from benchmarks.judge.setting import HORIZON, SHARES, Noise
from local.trace import Trace

AGAIN_FAILS = 0.5
"""A request that failed fails again with at least this chance: what was wrong with it still is."""
MEMORY = 0.8


@dataclass(frozen=True, slots=True)
class Replay:
    """A trace by minute: requests as factors around 1, and the mean log of the tokens written, around 0."""

    level: Floats
    log_lengths: Floats


@dataclass(frozen=True, slots=True)
class Traffic:
    """Of all runs: requests expected a minute, log output lengths, and each side's users by run, share and minute."""

    rpm: int
    level: Floats
    log_lengths: Floats
    users: tuple[Ints, Ints]
    routed: Floats
    """The part that goes to the candidate, by run, share and minute."""


def replay_of(trace: Trace) -> Replay:
    """What a minute of a trace says: a minute without requests has the mean length."""
    minutes = trace.length // timedelta(minutes=1)
    counts, tokens = np.zeros(minutes), np.zeros(minutes)
    for offset, _context, generated in trace.rows:
        minute = offset // timedelta(minutes=1)
        counts[minute] += 1
        tokens[minute] += generated
    overall = tokens.sum() / counts.sum()
    means = np.divide(tokens, counts, out=np.full(minutes, overall), where=counts > 0)
    return Replay(counts / counts.mean(), np.log(np.maximum(means, 1.0) / max(overall, 1.0)))


def traffic_of(
    rng: np.random.Generator, conditions: Conditions, noise: Noise, scale: tuple[int, int, Replay]
) -> Traffic:
    """Traffic of `scale`: runs, requests a minute, and the trace that is replayed where the conditions say so."""
    runs, rpm, replay = scale
    if conditions.replayed:
        begin = rng.integers(0, len(replay.level), (runs, 1))
        minutes = (begin + np.arange(HORIZON)) % len(replay.level)
        level, lengths = rpm * replay.level[minutes], replay.log_lengths[minutes]
    else:
        level, lengths = rpm * np.exp(_waves(rng, runs, noise.traffic)), np.zeros((runs, HORIZON))
    if not noise.session_minutes:
        routed = np.broadcast_to(np.array(SHARES)[None, :, None], (runs, len(SHARES), HORIZON))
        nobody = np.zeros(routed.shape, dtype=np.int64)
        return Traffic(rpm, level, lengths, (nobody, nobody), routed)
    everybody = max(1, round(rpm / conditions.sessions))
    on_candidate = _sticky(rng, runs, everybody, 1 / noise.session_minutes)
    users = (everybody - on_candidate, on_candidate)
    return Traffic(rpm, level, lengths, users, on_candidate / everybody)


def retried(rng: np.random.Generator, requests: Ints, failing: Floats, chance: float) -> tuple[Ints, Ints]:
    """Requests and errors of a side when what failed is sent again with `chance`, twice at most."""
    errors: Ints = rng.binomial(requests, failing)
    total, failed, last = requests, errors, errors
    if not chance:
        return total, failed
    for _ in range(2):
        again = rng.binomial(last, chance)
        last = rng.binomial(again, np.maximum(failing, AGAIN_FAILS))
        total, failed = total + again, failed + last
    return total, failed


def _waves(rng: np.random.Generator, runs: int, deviation: float) -> Floats:
    """A slow wave with a phase of its own, and an AR(1) of `deviation` on top. The mean stays about 1."""
    phase = rng.random((runs, 1)) * 2 * math.pi
    wave = 0.2 * np.sin(2 * math.pi * np.arange(HORIZON) / 240 + phase)
    walk = np.zeros((runs, HORIZON))
    for minute in range(1, HORIZON):
        fresh = rng.normal(0.0, deviation, runs)
        walk[:, minute] = MEMORY * walk[:, minute - 1] + math.sqrt(1 - MEMORY**2) * fresh
    return np.asarray(wave * (deviation > 0) + walk)


def _sticky(rng: np.random.Generator, runs: int, everybody: int, leaving: float) -> Ints:
    """Users on the candidate by run, share and minute: a user stays where it is until its session ends."""
    shares = np.broadcast_to(np.array(SHARES)[None, :], (runs, len(SHARES)))
    users = np.empty((runs, len(SHARES), HORIZON), dtype=np.int64)
    users[:, :, 0] = rng.binomial(everybody, shares)
    for minute in range(1, HORIZON):
        before = users[:, :, minute - 1]
        staying = rng.binomial(before, 1 - leaving)
        elsewhere = rng.binomial(everybody - before, 1 - leaving)
        users[:, :, minute] = staying + rng.binomial(everybody - staying - elsewhere, shares)
    return users
