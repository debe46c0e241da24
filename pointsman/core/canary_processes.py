"""What a canary judge bets on: the table of processes, and one minute of one of them. The verdict is made elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, log, sqrt

from pointsman.core.canary_evidence import Minute, Side
from pointsman.core.canary_odds import Pair, Tolerance, Wealth, log_odds, put
from pointsman.core.canary_proof import BOLD, CAREFUL

PRIOR = 3.0
"""What the assumed spread weighs, in the unit of `Variation.seen`."""
DISCOUNT = 3.0
"""What varies between minutes also lasts for some: the variance of a sum of minutes is about that many times larger."""
USUAL_SPREAD, MOST_SPREAD = 0.2, 2.0
BASELINE_PART = 1.5
"""A candidate varies by itself as well, and mostly has fewer instances: with so many times the baseline's variance is reckoned."""
WIDER_BEYOND = 0.1
"""What of a variance is more than this widens the tolerance once more: who varies that much from minute to minute also drifts."""
FULLY_WIDE_AT = 1.5
"""With as many bad requests a minute, the tolerance has half of its widening."""


@dataclass(frozen=True, slots=True)
class Process:
    """One metric and what is bet on it.

    `keys` name the counts of the baseline and of the candidate ("errors", or a key of `Side.slow`); `grid` has the
    alternatives, as multiples of the tolerated rate, and which part of a bet goes on each; `weight` is the process's part of
    the whole stake. `spread` is the variance of the log rate ratio between minutes that is assumed before any was seen, `least`
    the part of it that stays assumed whatever is seen, and `widening` says how far a standard deviation widens the tolerance.
    """

    name: str
    keys: tuple[str, str]
    tolerance: Tolerance
    grid: tuple[tuple[float, ...], tuple[float, ...]]
    weight: float
    widening: float
    spread: float = 0.10
    least: float = 1.0
    waits_for_warmth: bool = True
    counts_errors: bool = False
    """Whether it is about errors, and not about latency."""
    stakes: tuple[float, ...] = BOLD
    """Of the proof that the metric is not bad."""
    coarsest: float = 0.0
    """What its proof may add to the baseline's rate where there is little traffic, if that is more than for others."""


PROCESSES = (
    Process(
        "gross",
        ("errors", "errors"),
        Tolerance(1.3, 0.05),
        ((2.0, 8.0, 80.0), (0.33, 0.33, 0.34)),
        weight=0.04,
        widening=0.8,
        least=0.5,
        waits_for_warmth=False,
        counts_errors=True,
    ),
    Process(
        "errors",
        ("errors", "errors"),
        Tolerance(1.0, 0.0),
        ((1.6, 2.5, 5.0, 20.0), (0.12, 0.2, 0.53, 0.15)),
        weight=0.52,
        widening=0.85,
        least=0.5,
        counts_errors=True,
    ),
    Process(
        "p75",
        ("p75", "p75x1.1"),
        Tolerance(1.0, 0.0),
        ((1.3, 1.8), (0.6, 0.4)),
        weight=0.20,
        widening=0.1,
        spread=0.02,
        least=0.25,
        stakes=CAREFUL,
        coarsest=0.2,
    ),
    Process(
        "p99",
        ("p99", "p99"),
        Tolerance(1.1, 0.0),
        ((1.5, 2.5, 5.0, 20.0), (0.3, 0.4, 0.2, 0.1)),
        weight=0.13,
        widening=0.7,
        least=0.5,
    ),
)


@dataclass(frozen=True, slots=True)
class Variation:
    """How much a logarithm was seen to vary between minutes beyond chance: a weighted mean, as sum and weight.

    `last` is the logarithm in the newest minute that had any, and `last_chance` its variance by chance.
    """

    total: float = 0.0
    seen: float = 0.0
    last: float | None = None
    last_chance: float = 0.0

    def variance(self, prior: float) -> float:
        """The variance as it was seen and as it is assumed before that, together."""
        return (PRIOR * prior + self.total) / (PRIOR + self.seen)

    def after(self, now: float, chance: float) -> Variation:
        """One more minute. Half of the squared difference to the one before is the variance, chance included.

        A lasting change shows once alone. It is weighed by how little of it is chance.
        """
        if self.last is None:
            return Variation(self.total, self.seen, now, chance)
        by_chance = (chance + self.last_chance) / 2
        found = min(MOST_SPREAD, (now - self.last) ** 2 / 2 - by_chance)
        weight = (USUAL_SPREAD / (USUAL_SPREAD + by_chance)) ** 2
        return Variation(self.total + weight * found, self.seen + weight, now, chance)


@dataclass(frozen=True, slots=True)
class Spread:
    """How much the log rate ratio varies between minutes, and for errors the log rate of the baseline alone.

    `usual_bad` is how many bad requests both sides usually have in a minute.
    """

    ratio: Variation = Variation()
    baseline: Variation = Variation()
    usual_bad: float = 0.0


def between_minutes(process: Process, spread: Spread) -> float:
    """Return the variance that a process reckons with, from what was seen before this minute."""
    found = max(process.least * process.spread, spread.ratio.variance(process.spread))
    return max(found, BASELINE_PART * spread.baseline.variance(0.0)) if process.counts_errors else found


def pair_of(process: Process, minute: Minute) -> Pair | None:
    """Read the counts of a process from a minute; None where a side has none to compare."""
    baseline, candidate = minute.baseline, minute.candidate
    if baseline is None or candidate is None:
        return None
    mine = _counted(candidate, process.keys[1])
    theirs = _counted(baseline, process.keys[0])
    if mine is None or theirs is None:
        return None
    return Pair(*mine, *theirs) if mine[0] and theirs[0] else None


def _counted(side: Side, key: str) -> tuple[int, int] | None:
    if key == "errors":
        return side.requests, side.errors
    bad = side.slow.get(key)
    return None if bad is None else (side.timed, bad)


def widened(process: Process, variance: float, usual_bad: float) -> float:
    """Return what multiple of the baseline's rate is tolerated: wider by how much rates vary between minutes where that is more than chance: at many bad requests."""
    deviation = sqrt(variance) + max(0.0, variance - WIDER_BEYOND)
    widening = process.widening * deviation * usual_bad / (usual_bad + FULLY_WIDE_AT)
    return process.tolerance.times * exp(widening)


def discount_of(process: Process, variance: float, ratio: float, bad_of_both: float) -> float:
    """Return by what the log e-values of a minute are divided, because rates vary more between minutes than chance does."""
    odds = process.tolerance.times * ratio
    expected = odds / (1 + odds)
    return 1 + DISCOUNT * variance * expected * (1 - expected) * max(0.0, bad_of_both - 1)


def bet(
    process: Process, track: tuple[Wealth, float, Tolerance], pair: Pair, terms: tuple[float, float]
) -> Wealth:
    """Let the process play one minute: its wealth, the variance between minutes, and what it tolerates.

    `terms` are the share of the stake that is bet anew, and the cap of a log e-value.
    """
    wealth, variance, tolerance = track
    discount = discount_of(process, variance, pair.ratio, pair.bad_of_both)
    odds = [log_odds(pair, tolerance, alternative) / discount for alternative in process.grid[0]]
    return put(wealth, odds, process.grid[1], terms)


def learn(process: Process, spread: Spread, pair: Pair) -> Spread:
    """Add what a minute tells of how rates vary between minutes."""
    both = pair.bad_of_both
    usual = 0.9 * spread.usual_bad + 0.1 * both if spread.usual_bad else float(both)
    if not both:
        return replace(spread, usual_bad=usual)
    mine, theirs = pair.bad + 0.5, pair.baseline_bad + 0.5
    ratio = spread.ratio.after(log(mine / theirs / pair.ratio), 1 / mine + 1 / theirs)
    baseline = spread.baseline
    if process.counts_errors:
        baseline = baseline.after(log(theirs / pair.baseline_requests), 1 / theirs)
    return Spread(ratio, baseline, usual)
