"""The judge's odds against savvi, an independent implementation of e-processes, where the two say the same (`make judge-savvi`)."""

from __future__ import annotations

from math import exp

import pytest

from pointsman.core.canary_odds import Pair, Tolerance, log_odds

np = pytest.importorskip("numpy", reason="installed by make judge-savvi alone")
stats = pytest.importorskip("scipy.stats", reason="installed by make judge-savvi alone")
integrate = pytest.importorskip("scipy.integrate", reason="installed by make judge-savvi alone")
savvi = pytest.importorskip("savvi.multinomial", reason="installed by make judge-savvi alone")

NOTHING_TOLERATED = Tolerance(1.0, 0.0)
CONCENTRATION = 20.0


def mixed(pair: Pair) -> float:
    """Our odds, mixed over all alternatives by the Beta prior that savvi puts on the candidate's part of the errors."""
    part = pair.ratio / (1 + pair.ratio)
    prior = stats.beta(CONCENTRATION * part, CONCENTRATION * (1 - part))

    def weighed(believed: float) -> float:
        alternative = believed / (1 - believed) / pair.ratio
        return exp(log_odds(pair, NOTHING_TOLERATED, alternative)) * float(prior.pdf(believed))

    found, _error = integrate.quad(weighed, 0, 1, limit=200, epsabs=1e-12, epsrel=1e-12)
    return float(found)


@pytest.mark.parametrize(
    "pair",
    [
        Pair(10, 1, 990, 3),
        Pair(100, 7, 900, 4),
        Pair(500, 12, 500, 3),
        Pair(500, 3, 500, 12),
        Pair(700, 40, 300, 9),
        Pair(50, 0, 950, 5),
    ],
    ids=str,
)
def test_our_odds_mixed_by_its_prior_are_its_odds(pair: Pair) -> None:
    part = pair.ratio / (1 + pair.ratio)
    theirs = savvi.Multinomial(0.02, np.array([part, 1 - part]), k=CONCENTRATION)
    theirs.update(np.array([pair.bad, pair.baseline_bad]))

    assert mixed(pair) == pytest.approx(float(theirs.odds), rel=1e-8)
