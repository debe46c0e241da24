"""The proof that lets a candidate go on: bets against its being bad. What it is bad at is one metric; all must be proved."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, log1p

from pointsman.core.canary_odds import Pair, Tolerance

BOLD = (0.25, 0.5, 0.9)
"""How much of what would be lost by each bad request is staked: the boldest proves fastest while there is none."""
CAREFUL = (0.03, 0.1, 0.25, 0.5)
"""For what a quarter of all requests are, or more: a bold bet loses on them although the candidate is like the baseline."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The worth of the bets that the candidate's rate is not `bad`: at least `bad.times` the baseline's, plus `bad.points`."""

    bad: Tolerance
    stakes: tuple[float, ...] = BOLD
    bets: tuple[float, ...] = ()
    """What each bet is worth by now; none was played yet where there are none."""

    @property
    def total(self) -> float:
        """The e-value against the candidate's being bad."""
        return sum(self.bets) / len(self.bets) if self.bets else 1.0


def prove(proof: Proof, pair: Pair, discount: float) -> Proof:
    """Let the proof play one minute.

    Its mean is at most 1 while the candidate is bad, under the same conditions as those of `canary_odds.log_odds`.
    """
    bad = proof.bad
    bets = []
    for worth, stake in zip(proof.bets or (1.0,) * len(proof.stakes), proof.stakes, strict=True):
        drift = 1 - bad.points * stake
        odds = (
            pair.bad * log1p(-stake)
            - pair.requests * log(drift)
            + pair.baseline_bad * log1p(bad.times * pair.ratio * stake / drift)
        )
        bets.append(min(1e9, worth * exp(min(500.0, odds / discount))))
    return Proof(bad, proof.stakes, tuple(bets))
