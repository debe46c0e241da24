"""Deals the requests of past minutes out to two sides as chance would. Pure: chance is an argument."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, lgamma, log

from pointsman.core.minutes import Side
from pointsman.core.past import PastMinute
from pointsman.core.usual import Thresholds

Chance = Callable[[], float]
"""Draws a number, evenly from 0 up to 1."""
NOTHING_LEFT = 1e-18


@dataclass(frozen=True, slots=True)
class Counted:
    """Over which thresholds one side is counted, in microseconds: the policy's own limit, and those of the hour before."""

    slow: int
    p75: int | None
    p99: int


def counted(over: Thresholds, slow: int) -> tuple[Counted, Counted]:
    """Thresholds of the baseline and of the candidate."""
    return (
        Counted(slow, over.baseline_p75, over.baseline_p99),
        Counted(slow, over.candidate_p75, over.candidate_p99),
    )


@dataclass(frozen=True, slots=True)
class Dealt:
    """How many of a minute's requests, errors and latencies fell to one side, and of those over each threshold."""

    requests: int
    errors: int
    timed: int
    over: dict[int, int]

    def side(self, by: Counted) -> Side | None:
        """The side as CloudWatch would tell it: nothing at all where it got no request."""
        if not self.requests:
            return None
        has_latency = self.timed > 0
        return Side(
            self.requests,
            self.errors,
            self.over.get(by.slow, 0),
            self.timed,
            self.over.get(by.p75) if has_latency and by.p75 is not None else None,
            self.over.get(by.p99) if has_latency else None,
        )


def deal(past: PastMinute, share: float, thresholds: tuple[int, ...], chance: Chance) -> tuple[Dealt, Dealt]:
    """Send each request of a minute to the candidate with the probability `share`; returns (baseline, candidate).

    Which requests failed, and which were slow, falls to the sides as it would when cards are dealt. Slow ones are slow at
    every lower threshold, too.
    """
    requests = binomial(past.requests, share, chance)
    timed = _of(past.requests, past.timed, requests, share, chance)
    errors = hypergeometric(past.requests, min(past.errors, past.requests), requests, chance)
    whole, mine = past.timed, timed
    over, rest = {}, {}
    for each in sorted({*thresholds}):
        slower = past.slower_than(each)
        if slower is None:
            continue
        slower = min(slower, whole)
        mine = hypergeometric(whole, slower, mine, chance)
        whole = slower
        over[each], rest[each] = mine, slower - mine
    return (
        Dealt(past.requests - requests, past.errors - errors, past.timed - timed, rest),
        Dealt(requests, errors, timed, over),
    )


def binomial(trials: int, probability: float, chance: Chance) -> int:
    """Successes among independent trials."""
    if trials <= 0 or probability <= 0:
        return 0
    if probability >= 1:
        return trials
    mode = min(trials, int((trials + 1) * probability))
    odds = probability / (1 - probability)
    weight = exp(_log_choose(trials, mode) + mode * log(probability) + (trials - mode) * log(1 - probability))
    return _drawn((0, mode, trials), weight, lambda k: (trials - k) / (k + 1) * odds, chance)


def hypergeometric(population: int, marked: int, drawn: int, chance: Chance) -> int:
    """Marked ones among `drawn` of a population."""
    low, high = max(0, drawn + marked - population), min(drawn, marked)
    if low >= high:
        return low
    mode = min(high, max(low, (drawn + 1) * (marked + 1) // (population + 2)))
    others = population - marked - drawn
    weight = exp(
        _log_choose(marked, mode)
        + _log_choose(population - marked, drawn - mode)
        - _log_choose(population, drawn)
    )
    return _drawn(
        (low, mode, high),
        weight,
        lambda k: (marked - k) * (drawn - k) / ((k + 1) * (others + k + 1)),
        chance,
    )


def _of(requests: int, timed: int, mine: int, share: float, chance: Chance) -> int:
    if timed == requests:
        return mine
    return (
        hypergeometric(requests, timed, mine, chance) if timed < requests else binomial(timed, share, chance)
    )


def _drawn(span: tuple[int, int, int], weight: float, up: Callable[[int], float], chance: Chance) -> int:
    """Invert a distribution outwards from its mode: exact, in steps of about its standard deviation.

    `span` is lowest, mode and highest; `weight` the mode's probability; `up(k)` the probability of k + 1 over that of k.
    """
    low, mode, high = span
    below, above = mode, mode
    down_weight = up_weight = weight
    left = chance() - weight
    while left >= 0 and (below > low or above < high):
        if above < high:
            up_weight *= up(above)
            above += 1
            left -= up_weight
            if left < 0:
                return above
        if below > low:
            below -= 1
            down_weight /= up(below)
            left -= down_weight
            if left < 0:
                return below
        if up_weight < NOTHING_LEFT and down_weight < NOTHING_LEFT:
            break
    return mode


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
