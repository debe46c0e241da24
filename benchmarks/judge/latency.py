"""Latency as counts in buckets 10 % wide: what is drawn, and what CloudWatch can say of it. Milliseconds."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.judge.minutes import PERCENTILES
from benchmarks.judge.scenarios import Shape

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

WIDTH = math.log(1.1)
FACTORS = (1.0, 1.1, 1.25)
_GRID = np.linspace(-8.0, 8.0, 6_401)
_NORMAL = np.array([0.5 * math.erfc(-z / math.sqrt(2.0)) for z in _GRID])


@dataclass(frozen=True, slots=True)
class Mode:
    """One lognormal part of a mixture."""

    median_ms: float
    sigma: float

    def below(self, log_ms: Floats, shift: Floats) -> Floats:
        """Probability of less than exp(`log_ms`) where all latency is multiplied by exp(`shift`)."""
        z = (log_ms - shift - math.log(self.median_ms)) / self.sigma
        probability: Floats = np.interp(z, _GRID, _NORMAL)
        return probability


@dataclass(frozen=True, slots=True)
class Mixture:
    """A latency: a usual part, a slow part that `slow_part` of the requests are in, and its buckets."""

    usual: Mode
    slow: Mode
    slow_part: float
    edges: Floats
    """Logarithms of the bucket edges, ascending; what lies outside is in the first and the last bucket."""

    def below(self, log_ms: Floats, shift: Floats, tail: Floats) -> Floats:
        """Probability of less than exp(`log_ms`); `tail` is the part of requests that is slow in addition."""
        part = self.slow_part + tail
        mixed: Floats = (1 - part) * self.usual.below(log_ms, shift) + part * self.slow.below(log_ms, shift)
        return mixed

    def slower(self, ms: float, shift: Floats, tail: Floats) -> Floats:
        """Probability of more than `ms`."""
        return 1.0 - self.below(np.array(math.log(ms)), shift, tail)

    def draw(self, rng: np.random.Generator, counts: Ints, shift: Floats, tail: Floats) -> Buckets:
        """So many requests each, by bucket."""
        inner = self.below(self.edges[1:-1], shift[..., None], tail[..., None])
        bounds = np.concatenate([np.zeros((*shift.shape, 1)), inner, np.ones((*shift.shape, 1))], axis=-1)
        return Buckets(self, rng.multinomial(counts, np.diff(bounds, axis=-1)))

    def quantile(self, part: float) -> float:
        """The latency that `part` of all requests stay below, exactly."""
        low, high = float(self.edges[0]), float(self.edges[-1])
        for _ in range(60):
            middle = (low + high) / 2
            is_below = float(self.below(np.array(middle), np.array(0.0), np.array(0.0))) < part
            low, high = (middle, high) if is_below else (low, middle)
        return math.exp(low)


def _edges(least_ms: float, most_ms: float) -> Floats:
    first, last = round(math.log(least_ms) / WIDTH), round(math.log(most_ms) / WIDTH)
    edges: Floats = np.arange(first, last + 1, dtype=np.float64) * WIDTH
    return edges


MIXTURES = {
    Shape.WEB: Mixture(Mode(120.0, 0.5), Mode(700.0, 0.35), 0.02, _edges(20.0, 8_000.0)),
    Shape.LLM: Mixture(Mode(2_500.0, 0.9), Mode(15_000.0, 0.4), 0.0, _edges(150.0, 200_000.0)),
}


class Buckets:
    """Requests by bucket as they were drawn, and what CloudWatch can say of them; any shape, the buckets last."""

    def __init__(self, mixture: Mixture, drawn: Ints) -> None:
        self._mixture, self._drawn = mixture, drawn
        self._up_to: Ints = np.cumsum(drawn, axis=-1)
        self._total: Ints = self._up_to[..., -1]

    def percentile(self, part: float) -> Floats:
        """The middle of the bucket in which the percentile lies: nearer nobody is told."""
        reached = self._up_to >= np.ceil(part * self._total)[..., None]
        middles: Floats = np.exp(self._mixture.edges[np.argmax(reached, axis=-1)] + WIDTH / 2)
        return middles

    def average(self) -> Floats:
        """Mean latency; 0 where there is no request."""
        total: Floats = self._drawn.astype(np.float64) @ np.exp(self._mixture.edges[:-1] + WIDTH / 2)
        means: Floats = total / np.maximum(self._total, 1)
        return means

    def slower_than(self, ms: Floats) -> Ints:
        """Requests slower than `ms`, which has one value a run: within a bucket they are taken to lie evenly."""
        place = (np.log(ms) - self._mixture.edges[0]) / WIDTH
        whole: Ints = np.clip(np.floor(place + 1e-9).astype(np.int64), 0, self._drawn.shape[-1] - 1)
        inside = np.clip(place - whole, 0.0, 1.0)
        index = np.broadcast_to(whole[:, None, None], (*self._total.shape, 1))
        up_to = np.take_along_axis(self._up_to, index, axis=-1)[..., 0]
        bucket = np.take_along_axis(self._drawn, index, axis=-1)[..., 0]
        slower: Ints = np.rint(self._total - up_to + (1 - inside[:, None]) * bucket).astype(np.int64)
        return slower

    def thresholds(self) -> dict[str, Floats]:
        """By percentile: the upper edge of the bucket in which it lies."""
        parts = dict(zip(PERCENTILES, (0.75, 0.90, 0.99), strict=True))
        return {name: self.percentile(part) * math.exp(WIDTH / 2) for name, part in parts.items()}
