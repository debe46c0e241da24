"""What a canary judge bets on: the table of processes, and one minute of one of them. The verdict is made elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

from pointsman.core.canary_evidence import Minute, Side
from pointsman.core.canary_odds import Pair, Tolerance, Wealth, log_odds, put

PRIOR = 1.5
"""What the assumed spread weighs, in the unit of `Spread.seen`."""
DISCOUNT = 3.0
"""What varies between minutes also lasts for some: the variance of a sum of minutes is about that many times larger."""
USUAL_SPREAD, MOST_SPREAD = 0.2, 2.0
FULLY_WIDE_AT = 1.5
"""With as many bad requests a minute, the tolerance has half of its widening."""


@dataclass(frozen=True, slots=True)
class Process:
    """One metric and what is bet on it.

    `keys` name the counts of the baseline and of the candidate ("errors", or a key of `Side.slow`); `grid` has the
    alternatives, as multiples of the tolerated rate, and which part of a bet goes on each; `weight` is the process's part of
    the whole stake. `spread` is the variance of the log rate ratio between minutes that is assumed before any was seen, and
    `widening` says how far a standard deviation of it widens the tolerance.
    """

    name: str
    keys: tuple[str, str]
    tolerance: Tolerance
    grid: tuple[tuple[float, ...], tuple[float, ...]]
    weight: float
    widening: float
    spread: float = 0.10
    waits_for_warmth: bool = True

    @property
    def counts_errors(self) -> bool:
        """Whether it is about errors, and not about latency."""
        return self.keys == ("errors", "errors")


PROCESSES = (
    Process(
        "gross",
        ("errors", "errors"),
        Tolerance(1.3, 0.05),
        ((2.0, 8.0, 80.0), (0.33, 0.33, 0.34)),
        weight=0.10,
        widening=0.8,
        waits_for_warmth=False,
    ),
    Process(
        "errors",
        ("errors", "errors"),
        Tolerance(1.0, 0.0),
        ((1.6, 2.5, 5.0, 20.0), (0.15, 0.2, 0.45, 0.2)),
        weight=0.45,
        widening=0.85,
    ),
    Process(
        "p75",
        ("p75", "p75x1.1"),
        Tolerance(1.0, 0.0),
        ((1.3, 1.8), (0.6, 0.4)),
        weight=0.15,
        widening=0.1,
        spread=0.03,
    ),
    Process(
        "p99",
        ("p99", "p99"),
        Tolerance(1.1, 0.0),
        ((1.5, 2.5, 5.0, 20.0), (0.3, 0.4, 0.2, 0.1)),
        weight=0.20,
        widening=0.5,
    ),
)


@dataclass(frozen=True, slots=True)
class Spread:
    """How much the log rate ratio was seen to vary between minutes beyond chance: a weighted mean, as sum and weight.

    `usual_bad` is how many bad requests both sides usually have in a minute; `last` the log rate ratio of the newest minute
    that had any, and `last_chance` its variance by chance.
    """

    total: float = 0.0
    seen: float = 0.0
    usual_bad: float = 0.0
    last: float | None = None
    last_chance: float = 0.0

    def between_minutes(self, prior: float) -> float:
        """Return the variance, from what was seen before this minute and the prior, which it does not go below."""
        return max(prior, (PRIOR * prior + self.total) / (PRIOR + self.seen))


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


def widened(process: Process, spread: Spread) -> Tolerance:
    """Return the tolerance, widened by how much rates vary between minutes where that is more than chance: at many bad requests."""
    usual = spread.usual_bad
    widening = (
        process.widening * sqrt(spread.between_minutes(process.spread)) * usual / (usual + FULLY_WIDE_AT)
    )
    return Tolerance(process.tolerance.times * exp(widening), process.tolerance.points)


def discount_of(process: Process, spread: Spread, ratio: float, bad_of_both: float) -> float:
    """Return by what the log e-values of a minute are divided, because rates vary more between minutes than chance does."""
    odds = process.tolerance.times * ratio
    expected = odds / (1 + odds)
    kappa = DISCOUNT * spread.between_minutes(process.spread)
    return 1 + kappa * expected * (1 - expected) * max(0.0, bad_of_both - 1)


def bet(
    process: Process, track: tuple[Wealth, Spread, Tolerance], pair: Pair, terms: tuple[float, float]
) -> Wealth:
    """Let the process play one minute. `terms` are the share of the stake that is bet anew, and the cap of a log e-value."""
    wealth, spread, tolerance = track
    discount = discount_of(process, spread, pair.ratio, pair.bad_of_both)
    odds = [log_odds(pair, tolerance, alternative) / discount for alternative in process.grid[0]]
    return put(wealth, odds, process.grid[1], terms)


def learn(spread: Spread, pair: Pair) -> Spread:
    """Add what a minute tells of how rates vary between minutes.

    Half of the squared difference to the minute before is the variance, chance included; a lasting change shows once alone.
    It is weighed by how little of it is chance.
    """
    both = pair.bad_of_both
    usual = 0.9 * spread.usual_bad + 0.1 * both if spread.usual_bad else float(both)
    if not both:
        return Spread(spread.total, spread.seen, usual, spread.last, spread.last_chance)
    mine, theirs = pair.bad + 0.5, pair.baseline_bad + 0.5
    now, chance = log(mine / theirs / pair.ratio), 1 / mine + 1 / theirs
    if spread.last is None:
        return Spread(spread.total, spread.seen, usual, now, chance)
    by_chance = (chance + spread.last_chance) / 2
    found = min(MOST_SPREAD, (now - spread.last) ** 2 / 2 - by_chance)
    weight = (USUAL_SPREAD / (USUAL_SPREAD + by_chance)) ** 2
    return Spread(spread.total + weight * found, spread.seen + weight, usual, now, chance)
