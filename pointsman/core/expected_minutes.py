"""Minutes that are expected of both sides of a canary, as whole counts. What they prove is `rehearsal.py`. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp

from pointsman.core.evidence_time import RARELY_EMPTY, Mood
from pointsman.core.minutes import Side
from pointsman.core.usual import Usual

BASELINE_OVER_P75 = 0.22
"""Assumed: the threshold is the edge of a bucket that is not below the 75th percentile."""
CANDIDATE_OVER_P75 = (0.08, 0.17, 0.2)
"""Assumed, in the earliest, the expected and the latest course: its threshold is a tenth higher."""
OVER_P99 = 0.01
BASELINE_STRIDE, CANDIDATE_STRIDE = 0.618033988749895, 0.41421356237309515
"""Irrational, so that minutes in which both sides have requests are as frequent as if they came independently."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Parts (0 to 1) of a side's requests: failed ones, and those over its thresholds. None: it has no such threshold."""

    errors: float = 0.0
    over_p75: float | None = None
    over_p99: float | None = None

    @property
    def each(self) -> tuple[float, float, float]:
        """In the order of the fields; 0 where there is no threshold."""
        return self.errors, self.over_p75 or 0.0, self.over_p99 or 0.0


def usual_rates(usual: Usual, mood: Mood) -> tuple[Rates, Rates]:
    """The baseline as it usually is, and a candidate that is as good."""
    if not usual.p99_us:
        same = Rates(usual.error_rate, None, 0.0)
        return same, same
    candidate = Rates(usual.error_rate, CANDIDATE_OVER_P75[mood.sign + 1], OVER_P99)
    return Rates(usual.error_rate, BASELINE_OVER_P75, OVER_P99), candidate


@dataclass(slots=True)
class Crowd:
    """One side's requests to come. What a minute has beyond whole ones, a later minute has.

    Of thin minutes as many are empty as chance would leave empty; `stride` says which, another for each side.

    `mood` is None where they come evenly; else as few, and as bad, as one time in twenty.
    """

    rates: Rates
    mood: Mood | None = None
    stride: float = BASELINE_STRIDE
    _expected: float = 0.0
    _turn: int = 0
    _came: int = 0
    _bad_expected: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    _bad_came: list[int] = field(default_factory=lambda: [0, 0, 0])

    def begin_step(self) -> None:
        """In each step as few may come; what was bad so far stays remembered, as the judge remembers it."""
        self._expected, self._came = 0.0, 0

    def arrivals(self, expected: float) -> int:
        """Requests of one more minute."""
        self._expected += expected
        self._turn += 1
        if expected < RARELY_EMPTY and (self._turn * self.stride) % 1 >= 1 - exp(-expected):
            return 0
        all_came = self.mood.by_chance(self._expected) if self.mood else self._expected
        requests = max(0, _whole(all_came) - self._came)
        self._came += requests
        return requests

    def answered(self, requests: int, *, is_compared: bool) -> Side | None:
        """How these were answered; None where there are none: CloudWatch has no data point then.

        The rates hold over the minutes that are compared, so that whole counts do not favour a side.
        """
        if not requests:
            return None
        bad = [self._bad(index, requests) if is_compared else 0 for index in range(len(self.rates.each))]
        over_p75 = None if self.rates.over_p75 is None else bad[1]
        over_p99 = None if self.rates.over_p99 is None else bad[2]
        return Side(requests, bad[0], 0, requests, over_p75, over_p99)

    def _bad(self, index: int, requests: int) -> int:
        self._bad_expected[index] += requests * self.rates.each[index]
        expected = self._bad_expected[index]
        all_came = self.mood.bad_by_chance(expected) if self.mood else expected
        bad = min(requests, max(0, _whole(all_came) - self._bad_came[index]))
        self._bad_came[index] += bad
        return bad


def _whole(count: float) -> int:
    return int(count + 1e-9)
