"""The bets of a canary judge: e-values of one minute, and the mixture of restarts that adds them up. Nothing is decided here.

An e-value is what a bet of 1 against the candidate being tolerable is worth. While the candidate is tolerable, its mean is
at most 1, whatever the baseline does (docs/judge.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, log1p

MOST = 1e12
FIRST, NEW_STAGE, OTHERWISE = 0.8, 0.06, 0.005
"""What share of the stake is bet from the first usable minute on, from a new stage's, from any other's."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Both sides' counts of one minute for one metric. Neither side is without requests."""

    requests: int
    bad: int
    baseline_requests: int
    baseline_bad: int

    @property
    def ratio(self) -> float:
        """How many requests of the candidate there are for one of the baseline."""
        return self.requests / self.baseline_requests

    @property
    def bad_of_both(self) -> int:
        """How many requests were bad, whoever served them."""
        return self.bad + self.baseline_bad


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A candidate is tolerable while its rate is at most `times` that of the baseline, plus `points` (0 to 1)."""

    times: float
    points: float


@dataclass(frozen=True, slots=True)
class Wealth:
    """What a process has: the part of its stake that is not bet yet, and the worth of its bet on each alternative."""

    cash: float
    bets: tuple[float, ...]

    @property
    def is_begun(self) -> bool:
        """Whether anything was bet."""
        return self.cash < 1

    @property
    def total(self) -> float:
        """The process's e-value."""
        return self.cash + sum(self.bets)


def unspent(alternatives: int) -> Wealth:
    """Return the wealth of a process that has not begun."""
    return Wealth(1.0, (0.0,) * alternatives)


def log_odds(pair: Pair, tolerance: Tolerance, alternative: float) -> float:
    """Return the log e-value of one minute for a candidate that is `alternative` times as bad as tolerated (above 1).

    However the requests were routed, its exponential has a mean of at most 1 while the candidate is tolerable.
    """
    ratio = tolerance.times * pair.ratio
    stake = (alternative - 1) / (1 + ratio * alternative)
    if not pair.bad_of_both and not tolerance.points:
        return 0.0
    drift = 1 + tolerance.points * stake
    return (
        pair.bad * log1p(stake)
        - pair.requests * log(drift)
        + pair.baseline_bad * log1p(-ratio * stake / drift)
    )


def put(wealth: Wealth, odds: list[float], prior: tuple[float, ...], terms: tuple[float, float]) -> Wealth:
    """Bet a share of the whole stake anew, as far as there is cash, and let every bet play this minute's log e-values.

    `terms` are that share and a cap: no minute multiplies a bet by more than exp(cap). `prior` says which part of what is
    bet goes on which alternative.
    """
    share, cap = terms
    fresh = min(share, wealth.cash)
    bets = tuple(
        [
            min(MOST, (bet + fresh * part) * exp(min(cap, odd)))
            for bet, part, odd in zip(wealth.bets, prior, odds, strict=True)
        ]
    )
    return Wealth(wealth.cash - fresh, bets)
