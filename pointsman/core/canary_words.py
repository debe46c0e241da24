"""What a canary judge says to people: the numbers of a process, what is not proved yet, and how long that may take. It decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log

from pointsman.core.canary_tracks import Lately, Sums

WHAT = {
    "gross": "failed",
    "errors": "failed",
    "p75": "answered slower than 1.1 times the baseline's usual 75th percentile:",
    "p99": "answered slower than the baseline's usual 99th percentile:",
}
"""What a process counts, as a candidate does it. Who knows the thresholds may say them."""
MOST_ODDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Bad:
    """What must be proved not to be so: a rate of at least `times` the baseline's plus `points` (0 to 1), and how far that is."""

    times: float
    points: float
    e_value: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One process: its e-value, the sums of this step, the minutes that its evidence rests on, and what is tolerated.

    `tolerated_times` is a multiple of the baseline's rate; `tolerated_points` (0 to 1) come on top. `bad` is None where
    nothing has to be proved in this step; `what` says what is counted.
    """

    name: str
    e_value: float
    step: Sums
    lately: Lately
    tolerated_times: float = 1.0
    tolerated_points: float = 0.0
    bad: Bad | None = None
    what: str = ""


def in_step(reading: Reading) -> str:
    """Say what both sides did in this step, in one clause."""
    return _compared(reading, reading.step, "in this step")


def against(reading: Reading) -> str:
    """Say what stands against the candidate, in one clause: over the minutes in which the evidence grew."""
    minutes = reading.lately.minutes
    return _compared(
        reading, reading.lately.sums, f"in the last {f'{minutes} minutes' if minutes > 1 else 'minute'}"
    )


def _compared(reading: Reading, sums: Sums, when: str) -> str:
    if not sums.requests or not sums.baseline_requests:
        return f"nothing to compare {when} yet"
    mine, theirs = sums.bad / sums.requests, sums.baseline_bad / sums.baseline_requests
    if reading.name == "quality":
        return f"candidate scored {mine:.3f} less than the baseline over {sums.requests:,.0f} answers {when}"
    if reading.name == "tpot":
        more = 100 * (reading.tolerated_times - 1)
        return (
            f"candidate took {mine:,.3g} ms for an output token {when}, baseline {theirs:,.3g} ms; "
            f"tolerated {more:.0f} % more"
        )
    tolerated = min(1.0, reading.tolerated_times * theirs + reading.tolerated_points)
    return (
        f"candidate {reading.what} {sums.bad:,.0f} of {sums.requests:,.0f} requests ({percent(mine)}) {when}, "
        f"baseline {percent(theirs)}; tolerated {percent(tolerated)}"
    )


def proved(reading: Reading) -> str:
    """Say what both sides did in this step, and what that proves, in one clause without its subject."""
    sums, bad = reading.step, reading.bad
    if bad is None or not sums.requests or not sums.baseline_requests:
        return ""
    theirs = percent(sums.baseline_bad / sums.baseline_requests)
    return (
        f"{reading.what} {sums.bad:,.0f} of {sums.requests:,.0f} ({percent(sums.bad / sums.requests)}), baseline {theirs}, "
        f"proved below {bad.times:g} times that plus {percent(bad.points)} ({odds(bad.e_value)})"
    )


def unproved(reading: Reading, minutes: int, needed: float) -> str:
    """Say what a stage of `minutes` has not proved, and how much longer that takes if it goes on like this."""
    bad = reading.bad
    if bad is None:
        return ""
    sentence = (
        f"{in_step(reading)}; not proved to be below {bad.times:g} times the baseline's plus {percent(bad.points)}: "
        f"{odds(bad.e_value)}, needed {odds(needed)}"
    )
    grown = log(bad.e_value) / minutes if bad.e_value > 1 and minutes else 0.0
    if not grown:
        return sentence
    return f"{sentence}, about {ceil(log(needed / bad.e_value) / grown)} more minutes like these"


def percent(rate: float) -> str:
    """Return a rate with two significant digits, such as `3.1 %`."""
    value = 100 * rate
    digits = 0 if value >= 10 else 1 if value >= 1 else 2  # noqa: PLR2004 - where digits end
    return f"{value:.{digits}f} %"


def odds(e_value: float) -> str:
    """Return an e-value as odds, such as `412:1`; nobody needs to know those beyond a million exactly."""
    if e_value > MOST_ODDS:
        return f"over {MOST_ODDS:,}:1"
    return f"{e_value:,.0f}:1" if e_value >= 10 else f"{e_value:.1f}:1"  # noqa: PLR2004 - where digits end
