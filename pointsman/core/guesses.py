"""Numbers of a first policy, guessed from the traffic of the past days, each with what it rests on. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Generic, TypeVar

from pointsman.policy import OnPatience
from pointsman.survey import Past

Value = TypeVar("Value")

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LOOK_BACK = 7 * DAY
LEAST_ERROR_PERCENT = 1.0
FEWEST, MOST_REQUESTS, FEWEST_AT_ALL = 50, 1000, 20
LONGEST_REQUEST = timedelta(seconds=60)
FROM_FIRST_STEP = {
    1: (1, 5, 25, 50, 100),
    5: (5, 25, 50, 100),
    10: (10, 25, 50, 100),
    25: (25, 50, 100),
    50: (50, 100),
}
BAKES = tuple(MINUTE * count for count in (5, 10, 15, 30, 60, 120))
LIMITS = tuple(MINUTE * count for count in (30, 60, 120, 240, 480))
NOTEWORTHY_PERCENT = 1.0
ONE_SECOND = timedelta(seconds=1)
WHOLE_FROM = 10
"""From here on numbers are told without a fraction."""


@dataclass(frozen=True, slots=True)
class Guess(Generic[Value]):
    """A value, and in a sentence what it rests on."""

    value: Value
    rests_on: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """Everything of a policy that is a number."""

    steps: Guess[tuple[int, ...]]
    bake_min: Guess[timedelta]
    bake_max: Guess[timedelta]
    patience: Guess[timedelta]
    on_patience: OnPatience
    max_error_percent: Guess[float]
    slow_over: Guess[timedelta]
    max_slow_percent: Guess[float]
    min_requests: Guess[int]


def numbers(past: Past, slowest_alarm: timedelta) -> Numbers:
    """Guess from the past; `slowest_alarm` is how long the slowest of the policy's alarms takes to fire."""
    errors = _max_error_percent(past)
    enough = _min_requests(past, errors.value)
    steps = _steps(past, enough.value)
    bake = _bake_min(past, enough.value, steps.value[0], slowest_alarm)
    limit = next((each for each in LIMITS if each >= 3 * bake.value), LIMITS[-1])
    quiet = _longest_quiet(past)
    return Numbers(
        steps=steps,
        bake_min=bake,
        bake_max=Guess(limit, "guess: some three times as long, since traffic comes and goes"),
        patience=_patience(past, quiet, limit),
        on_patience=OnPatience.HOLD if quiet >= 6 * HOUR else OnPatience.ROLLBACK,
        max_error_percent=errors,
        slow_over=_slow_over(past),
        max_slow_percent=_max_slow_percent(past),
        min_requests=enough,
    )


def window(made: datetime, now: datetime) -> tuple[datetime, datetime]:
    """The whole hours of the past days in which the endpoint was there, as [since, until)."""
    until = now.replace(minute=0, second=0, microsecond=0)
    since = (made + HOUR - timedelta(microseconds=1)).replace(minute=0, second=0, microsecond=0)
    return min(until, max(since, until - LOOK_BACK)), until


def traffic_of(past: Past) -> str:
    """The traffic in a sentence."""
    if past.unread:
        return f"traffic was not read: {', '.join(past.unread)}"
    if not past.hours:
        return "it has not served for an hour yet"
    if not past.requests:
        return f"no requests in the last {days_of(past)}"
    quiet = sum(1 for hour in past.hours if not hour)
    silence = f", none in {quiet} of {len(past.hours)} hours" if quiet else ""
    busiest = _count(max(past.hours) / 60)
    return f"{_rate(past)} a minute on average in the last {days_of(past)}, {busiest} in the busiest hour{silence}"


def days_of(past: Past) -> str:
    """How far back it was looked: `7 days`, `5 hours`."""
    length = past.until - past.since
    return f"{length / DAY:.0f} days" if length >= 2 * DAY else f"{length / HOUR:.0f} hours"


def seconds(duration: timedelta) -> str:
    """`1.9 s` or `84 ms`."""
    if duration < ONE_SECOND:
        return f"{duration / timedelta(milliseconds=1):.0f} ms"
    return f"{duration / ONE_SECOND:.3g} s"


def _per_minute(past: Past) -> float:
    return past.requests / (60 * len(past.hours)) if past.hours else 0.0


def _rate(past: Past) -> str:
    return f"{_count(_per_minute(past))} requests"


def _count(number: float) -> str:
    return f"{number:,.0f}" if number >= WHOLE_FROM else f"{number:.2g}"


def _max_error_percent(past: Past) -> Guess[float]:
    if not past.requests:
        return Guess(LEAST_ERROR_PERCENT, f"guess: {traffic_of(past)}, so it rests on nothing")
    failed = max(past.server_errors, past.model_errors)
    percent, callers = 100 * failed / past.requests, 100 * past.client_errors / past.requests
    said = f"guess: {percent:.2g} % of {past.requests:,.0f} requests failed in the last {days_of(past)}; three times that, and no less than {LEAST_ERROR_PERCENT:g} %"
    if callers >= NOTEWORTHY_PERCENT:
        said += f". {callers:.2g} % were callers' mistakes (4xx), which are not counted"
    wanted = max(LEAST_ERROR_PERCENT, 3 * percent)
    return Guess(min(100.0, math.ceil(10 * wanted) / 10), said)


def _min_requests(past: Past, max_error_percent: float) -> Guess[int]:
    """The rule of three: with so many requests and no failure, the rate is below the bound with 95 % certainty."""
    wanted = min(MOST_REQUESTS, max(FEWEST, math.ceil(300 / max_error_percent)))
    proves = f"{wanted} requests without a failure show that fewer than {max_error_percent:g} % fail, with 95 % certainty"
    in_reach = int(_per_minute(past) * 60 / 2)
    if not past.requests or in_reach >= wanted:
        return Guess(wanted, f"guess: {proves}")
    fewer = max(FEWEST_AT_ALL, in_reach)
    if fewer >= wanted:
        return Guess(wanted, f"guess: {proves}")
    return Guess(
        fewer,
        f"guess: what half of the traffic brings in an hour, no fewer than {FEWEST_AT_ALL}. It is thin: {proves}",
    )


def _steps(past: Past, enough: int) -> Guess[tuple[int, ...]]:
    if not past.requests:
        return Guess((10, 50, 100), f"guess: {traffic_of(past)}, so it rests on nothing")
    rate = _per_minute(past)
    first = next((share for share in FROM_FIRST_STEP if rate * share / 100 * 30 >= enough), 50)
    why = (
        f"the smallest first step that brings {enough} requests in half an hour"
        if rate * first / 100 * 30 >= enough
        else "half of the traffic at once, since a smaller share brings no evidence"
    )
    return Guess(FROM_FIRST_STEP[first], f"guess: {why}. It had {traffic_of(past)}")


def _bake_min(past: Past, enough: int, first: int, slowest_alarm: timedelta) -> Guess[timedelta]:
    rate = _per_minute(past) * first / 100
    evidence = MINUTE * (enough / rate) if rate else 2 * BAKES[0]
    wanted = max(evidence, slowest_alarm)
    bake = next((each for each in BAKES if each >= wanted), BAKES[-1])
    if not rate:
        why = "rests on nothing"
    elif evidence > BAKES[-1]:
        why = f"the longest that is sensible; {enough} requests take {evidence / HOUR:.1f} h at {first} %, so each step waits for them"
    else:
        why = f"{enough} requests take some {max(1, round(evidence / MINUTE))} min at {first} %"
    alarm = (
        f"; the slowest alarm needs {slowest_alarm / MINUTE:.0f} min to fire"
        if slowest_alarm > evidence
        else ""
    )
    return Guess(bake, f"guess: {why}{alarm}")


def _longest_quiet(past: Past) -> timedelta:
    runs = [len(list(run)) for is_quiet, run in groupby(past.hours, key=lambda hour: hour == 0) if is_quiet]
    return HOUR * max(runs, default=0) if past.requests else timedelta()


def _patience(past: Past, quiet: timedelta, bake_max: timedelta) -> Guess[timedelta]:
    wanted = max(6 * HOUR, quiet + 2 * bake_max)
    hours = HOUR * math.ceil(wanted / HOUR)
    if quiet:
        return Guess(
            hours,
            f"guess: the longest time without a request was {quiet / HOUR:.0f} h in the last {days_of(past)}",
        )
    return Guess(hours, "guess: long enough for a thin hour, short enough that somebody is still at work")


def _slow_over(past: Past) -> Guess[timedelta]:
    if not past.p99:
        return Guess(
            timedelta(seconds=2),
            f"guess: {traffic_of(past)}, so it rests on nothing: what do your callers wait for?",
        )
    usual, worst = sorted(past.p99)[len(past.p99) // 2], max(past.p99)
    bound = _rounded_up(2 * usual)
    worse = f" (the worst day: {seconds(worst)})" if worst > usual else ""
    whose = f"a usual day of the last {days_of(past)}" if worse else f"the last {days_of(past)}"
    said = f"guess: p99 of {whose} was {seconds(usual)}{worse}; twice that"
    if bound > LONGEST_REQUEST:
        return Guess(LONGEST_REQUEST, f"{said} would be more than the 60 s that a request may take")
    return Guess(bound, said)


def _max_slow_percent(past: Past) -> Guess[float]:
    if not past.p99:
        return Guess(5.0, "guess: rests on nothing")
    return Guess(5.0, "guess: today one request in a hundred takes longer than half of that bound")


def _rounded_up(duration: timedelta) -> timedelta:
    """To two figures, at least 1 ms."""
    millis = max(1.0, duration / timedelta(milliseconds=1))
    unit = 10 ** max(0, math.floor(math.log10(millis)) - 1)
    return timedelta(milliseconds=math.ceil(millis / unit) * unit)
