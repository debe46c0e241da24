"""The judge of a version that serves alone: with nobody to compare with, the policy's limits are all there is. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil, log1p

from pointsman.core.canary_odds import Wealth, put
from pointsman.core.canary_words import odds, percent
from pointsman.core.minutes import ONE_MINUTE, Side
from pointsman.core.verdict import Counts, Opinion, Weighed
from pointsman.policy import Health

ALTERNATIVES = (1.5, 3.0, 10.0, 50.0)
PRIOR = (0.3, 0.3, 0.2, 0.2)
FIRST = 0.5
"""What part of the stake is bet at once; the rest is spread over the minutes of the window, so that a late failure is found."""
CAP = 12.0
"""No minute brings more than this to a logarithm."""
BAD_MINUTES = 2
"""So many minutes in a row above a limit, at least: one minute alone decides nothing."""
SUSPICIOUS = 2.0
REFERENCE_REQUESTS = 100
REFERENCE_MARGIN = 1.2
"""Where the baseline itself was above a limit, so many times its rate is tolerated: the hour is another one by now."""
DEAD_AFTER = 10
BUSY_RPM = 3.0
WINDOWS = 2
"""A version serves alone in the last step, and in the watch."""
NAMES = ("errors", "slow")

UNSPENT = Wealth(1.0, (0.0,) * len(ALTERNATIVES))


@dataclass(frozen=True, slots=True)
class Alone:
    """What is remembered: the bets against each limit, and for how many minutes in a row it was broken."""

    bets: tuple[Wealth, Wealth] = (UNSPENT, UNSPENT)
    bad_minutes: tuple[int, int] = (0, 0)
    dark_minutes: int = 0
    usual_rpm: float = 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Rates (0 to 1) of failed and of slow requests that are tolerated, and which of them the baseline itself was above."""

    rates: tuple[float, float]
    is_excused: tuple[bool, bool]


@dataclass(frozen=True, slots=True)
class Said:
    """An opinion on a version that serves alone."""

    opinion: Opinion
    sentence: str
    evidence: float
    weighed: tuple[Weighed, ...]
    is_silent: bool = False


def limits_of(health: Health, reference: Counts) -> Limits:
    """The policy's limits; where the baseline was above one when it last served beside, a little more than what it had."""
    rates, excused = [], []
    for limit, bad in (
        (health.max_error_percent / 100, reference.errors),
        (health.max_slow_percent / 100, reference.slow),
    ):
        rate = bad / reference.requests if reference.requests >= REFERENCE_REQUESTS else 0.0
        excused.append(rate > limit)
        rates.append(min(1.0, REFERENCE_MARGIN * rate) if rate > limit else limit)
    return Limits((rates[0], rates[1]), (excused[0], excused[1]))


def needed_of(health: Health) -> float:
    """Odds that a rollback needs. The bets begin anew in the watch, so that each of the two windows has half of alpha."""
    return WINDOWS / health.comparison.alpha


def take(alone: Alone, side: Side | None, limits: Limits, window: timedelta) -> Alone:
    """Add one minute of a window that lasts so long at least."""
    if side is None or not side.requests:
        is_dark = alone.usual_rpm >= BUSY_RPM
        return replace(alone, dark_minutes=alone.dark_minutes + is_dark)
    late = (1 - FIRST) / max(1, ceil(window / ONE_MINUTE))
    bets, bad_minutes = [], []
    for index, bad in enumerate((side.errors, side.slow)):
        limit = limits.rates[index]
        log_odds = [_log_odds(side.requests, bad, limit, times) for times in ALTERNATIVES]
        wealth = alone.bets[index]
        bets.append(put(wealth, log_odds, PRIOR, (late if wealth.is_begun else FIRST, CAP)))
        bad_minutes.append(alone.bad_minutes[index] + 1 if bad > limit * side.requests else 0)
    usual = 0.9 * alone.usual_rpm + 0.1 * side.requests if alone.usual_rpm else float(side.requests)
    return Alone(
        (bets[0], bets[1]),
        (bad_minutes[0], bad_minutes[1]),
        dark_minutes=0,
        usual_rpm=usual,
    )


def judge(alone: Alone, counts: Counts, health: Health, limits: Limits) -> Said:
    """Say what the minutes so far prove about the limits. `counts` are those of the window."""
    values = [wealth.total for wealth in alone.bets]
    weighed = tuple(Weighed(name, value) for name, value in zip(NAMES, values, strict=True))
    evidence, needed = sum(values) / len(values), needed_of(health)

    def say(opinion: Opinion, sentence: str, *, is_silent: bool = False) -> Said:
        return Said(opinion, sentence, evidence, weighed, is_silent)

    if alone.dark_minutes >= DEAD_AFTER:
        silence = f"candidate serves alone and has reported nothing for {alone.dark_minutes} min"
        return say(Opinion.NOT_ENOUGH, silence, is_silent=True)
    worst = values.index(max(values))
    against = f"{_sentence(counts, health, limits, worst)}; evidence {odds(evidence)}, needed {odds(needed)}"
    if evidence >= needed and alone.bad_minutes[worst] >= BAD_MINUTES:
        return say(Opinion.FAIL, against)
    if evidence >= SUSPICIOUS:
        return say(Opinion.NOT_ENOUGH, f"{against}: too much to go on with")
    if counts.requests < health.min_requests:
        answered = (
            f"candidate answered {counts.requests} of the {health.min_requests} requests that a pass needs"
        )
        return say(Opinion.NOT_ENOUGH, answered)
    for index, bad in enumerate((counts.errors, counts.slow)):
        if bad > limits.rates[index] * counts.requests:
            said = _sentence(counts, health, limits, index)
            return say(Opinion.NOT_ENOUGH, f"{said}; too few requests to tell it from chance")
    if alone.dark_minutes:
        silence = f"candidate has reported nothing for {alone.dark_minutes} min"
        return say(Opinion.NOT_ENOUGH, f"{silence}: it passes only when it answers again")
    both = "; ".join(_sentence(counts, health, limits, index) for index in range(len(NAMES)))
    return say(Opinion.PASS, f"serves alone, so it is held to the policy's limits: {both}")


def _log_odds(requests: int, bad: int, limit: float, times: float) -> float:
    """Log e-value against a rate of at most `limit`: its exponential has a mean of at most 1 while that holds."""
    return bad * log1p(times - 1) - requests * log1p(limit * (times - 1))


def _sentence(counts: Counts, health: Health, limits: Limits, index: int) -> str:
    bad = (counts.errors, counts.slow)[index]
    what = ("failed", f"answered slower than {health.slow_over.total_seconds():g} s")[index]
    rate = bad / counts.requests if counts.requests else 0.0
    why = " since the baseline itself was above the policy's limit" if limits.is_excused[index] else ""
    return (
        f"candidate {what}: {bad:,} of {counts.requests:,} ({percent(rate)}), "
        f"tolerated {percent(limits.rates[index])}{why}"
    )
