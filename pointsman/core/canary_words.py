"""What a canary judge says to people: the numbers of a process, what is not proved yet, and how long that may take. It decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log

_WHAT = {
    "gross": "failed",
    "errors": "failed",
    "p75": "answered slower than 1.1 times the baseline's usual 75th percentile:",
    "p99": "answered slower than the baseline's usual 99th percentile:",
}


@dataclass(frozen=True, slots=True)
class Bad:
    """What must be proved not to be so: a rate of at least `times` the baseline's plus `points` (0 to 1), and how far that is."""

    times: float
    points: float
    e_value: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One process: its e-value, the counts of this stage that it rests on, and what is tolerated.

    `tolerated_times` is a multiple of the baseline's rate; `tolerated_points` (0 to 1) come on top. `bad` is None where
    nothing has to be proved in this stage. Of the quality only the scored requests and what each lost are counted.
    """

    name: str
    e_value: float
    requests: int = 0
    bad_requests: int = 0
    baseline_requests: int = 0
    baseline_bad: int = 0
    tolerated_times: float = 1.0
    tolerated_points: float = 0.0
    lost: float = 0.0
    bad: Bad | None = None


def compared(reading: Reading) -> str:
    """Say what both sides did in this stage, in one clause."""
    if reading.name == "quality":
        return f"candidate scored {reading.lost:.3f} less than the baseline over {reading.requests:,} answers"
    if not reading.requests or not reading.baseline_requests:
        return "nothing to compare in this step yet"
    rate = reading.baseline_bad / reading.baseline_requests
    tolerated = min(1.0, reading.tolerated_times * rate + reading.tolerated_points)
    return (
        f"candidate {_WHAT[reading.name]} {reading.bad_requests:,} of {reading.requests:,} requests "
        f"({percent(reading.bad_requests / reading.requests)}), baseline {percent(rate)}; tolerated {percent(tolerated)}"
    )


def unproved(reading: Reading, minutes: int, needed: float) -> str:
    """Say what a stage of `minutes` has not proved, and how much longer that takes if it goes on like this."""
    bad = reading.bad
    if bad is None:
        return ""
    sentence = (
        f"{compared(reading)}; not proved to be below {bad.times:g} times the baseline's plus {percent(bad.points)}: "
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
    """Return an e-value as odds, such as `412:1`."""
    return f"{e_value:,.0f}:1" if e_value >= 10 else f"{e_value:.1f}:1"  # noqa: PLR2004 - where digits end
