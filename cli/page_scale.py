"""Scales of the charts: rounded ticks of numbers and of time. They know no colours and draw nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
STEPS = tuple(
    timedelta(minutes=each)
    for each in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 20160, 40320)
)
DAY = timedelta(days=1)
TICK_WIDTH = 46
"""Pixels that a label of the time axis needs, with its gap."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A vertical scale from 0 to `top`, with rounded ticks."""

    top: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """Where a value stands between 0 (bottom) and 1 (top)."""
        return min(1.0, max(0.0, value / self.top))


def numbers_up_to(highest: float, intervals: int = 4) -> Numbers:
    """A scale that holds `highest`, with about so many intervals of 1, 2, 2.5 or 5 times a power of ten."""
    raw = max(highest, 1e-9) / intervals
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(each * power for each in ROUND if each * power >= raw * 0.999999)
    count = max(1, math.ceil(highest / step - 1e-9))
    return Numbers(count * step, tuple(round(step * each, 12) for each in range(count + 1)))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the time axis: `begin` stands at `left`, `end` at `right`, evenly between."""

    begin: datetime
    end: datetime
    left: float
    right: float

    def x(self, at: datetime) -> float:
        """Where a moment stands."""
        part = (at - self.begin) / (self.end - self.begin)
        return self.left + min(1.0, max(0.0, part)) * (self.right - self.left)

    def ticks(self) -> list[tuple[float, str]]:
        """Rounded moments with their labels, far enough apart to be read."""
        room = max(1, int((self.right - self.left) // TICK_WIDTH))
        step = next((each for each in STEPS if (self.end - self.begin) / each <= room), STEPS[-1])
        at = _rounded_up(self.begin, step)
        found = []
        while at <= self.end:
            found.append((self.x(at), _label(at, step)))
            at += step
        return found


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Time from left to right. A long watch is drawn on a scale of its own, or it would press the steps together."""

    stretches: tuple[Stretch, ...]

    @property
    def parts_at(self) -> float | None:
        """Where the scale changes; None where it does not."""
        return self.stretches[1].left if len(self.stretches) > 1 else None

    def x(self, at: datetime) -> float:
        """Where a moment stands."""
        fitting = next((each for each in self.stretches if at < each.end), self.stretches[-1])
        return fitting.x(at)

    def ticks(self) -> list[tuple[float, str]]:
        """Ticks of all stretches; none too close to the one before it."""
        kept: list[tuple[float, str]] = []
        for x, label in (tick for stretch in self.stretches for tick in stretch.ticks()):
            if not kept or x - kept[-1][0] >= TICK_WIDTH * 0.9:
                kept.append((x, label))
        return kept


def time_axis(begin: datetime, end: datetime, watch: datetime | None, sides: tuple[float, float]) -> TimeAxis:
    """An axis between two sides. From `watch` on it is another scale, if the watch is longer than what came before."""
    left, right = sides
    end = max(end, begin + timedelta(minutes=1))
    is_long = watch is not None and begin < watch < end and end - watch > watch - begin
    if watch is None or not is_long:
        return TimeAxis((Stretch(begin, end, left, right),))
    parts = left + 0.68 * (right - left)
    return TimeAxis((Stretch(begin, watch, left, parts), Stretch(watch, end, parts, right)))


def number_label(value: float) -> str:
    """A tick's number in at most five characters or so: `2.5`, `1,000`, `25k`, `1.5M`."""
    for size, sign in ((1_000_000, "M"), (10_000, "k")):
        if value >= size:
            return f"{value / (1000 if sign == 'k' else size):g}{sign}"
    return f"{value:,g}"


def span(moments: Sequence[datetime]) -> str:
    """The days that an axis covers, for its title."""
    first, last = min(moments).astimezone(UTC), max(moments).astimezone(UTC)
    return f"{first:%Y-%m-%d}" if first.date() == last.date() else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"


def _rounded_up(at: datetime, step: timedelta) -> datetime:
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    steps = -((midnight - at) // step)
    return midnight + steps * step


def _label(at: datetime, step: timedelta) -> str:
    is_midnight = at.hour == 0 and at.minute == 0
    return f"{at:%d %b}" if is_midnight or step >= DAY else f"{at:%H:%M}"
