"""The figures as tables, for the terminal and for the page `docs/benchmarks/tick.md`. It measures nothing."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.page import measured_on, table
from benchmarks.tick.measure import Measured
from benchmarks.tick.process import Taken

BEGIN = "<!-- figures: make bench-tick writes them -->"
TICKS = ("open rollouts", "calls", "wall ms", "CPU ms", "first CPU ms", "KiB queried", "peak MiB")
EACH = ("between", "calls", "wall ms", "wall of first", "CPU ms", "CPU of first", "bytes queried")
SENDING = ("open rollouts", "calls each", "CPU ms each", "KiB queried", "peak MiB")
PASSES = (
    "open rollouts",
    "calls",
    "metric reads",
    "metrics in each",
    "wall ms",
    "wall of first",
    "CPU ms",
    "CPU of first",
    "peak MiB",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A table and what it is called."""

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Growth:
    """From few open rollouts to many."""

    few: Measured
    many: Measured

    def each(self, figure: Callable[[Sequence[Taken]], float]) -> float:
        """By how much a figure of the ticks grows with each further rollout."""
        return (figure(self.many.ticks) - figure(self.few.ticks)) / (self.many.open - self.few.open)


def shown(measured: Sequence[Measured]) -> list[Shown]:
    """All tables, of what was measured with few open rollouts and with many, in this order."""
    first, steps = measured[0], [Growth(*pair) for pair in pairwise(measured)]
    ticks, passes = f"{len(first.ticks)} ticks each", f"{len(first.passes)} passes each"
    opens = [f"{each.open:,}" for each in measured]
    named = [f"{what} with {count}" for what in ("tick", "pass") for count in opens]
    return [
        Shown(f"The tick, {ticks}", TICKS, [_tick_row(each) for each in measured]),
        Shown("Each further open rollout", EACH, [_each_row(each, steps[0]) for each in steps]),
        Shown(
            "A tick that has a message and an event to send for each",
            SENDING,
            [_sending_row(each) for each in measured],
        ),
        Shown(f"The passes that it starts, {passes}", PASSES, [_pass_row(each, first) for each in measured]),
        Shown("Calls by operation", ("operation", *named), _call_rows(measured)),
    ]


def figures(measured: Sequence[Measured], standing: int) -> str:
    """All tables for the page. `standing`: so many endpoints stand in the simulated account, and are passed over in turn."""
    where = f"{measured_on()} The passes went over {standing} endpoints in turn, or over as many as had a rollout."
    return "\n\n".join(
        [where, *(f"**{each.title}**\n\n{table(each.headings, each.rows)}" for each in shown(measured))]
    )


def _tick_row(measured: Measured) -> tuple[str, ...]:
    ticks = measured.ticks
    return (
        f"{measured.open:,}",
        f"{_calls(ticks):g}",
        f"{_wall_ms(ticks):.1f}",
        f"{_cpu_ms(ticks):.1f}",
        f"{measured.first.cpu_ms:.1f}",
        f"{_bytes(ticks) / 1024:.1f}",
        f"{ticks[-1].peak_mib:.1f}",
    )


def _each_row(growth: Growth, first: Growth) -> tuple[str, ...]:
    return (
        f"{growth.few.open:,} and {growth.many.open:,}",
        f"{growth.each(_calls):.2f}",
        *_beside(growth.each(_wall_ms), first.each(_wall_ms), ".2f"),
        *_beside(growth.each(_cpu_ms), first.each(_cpu_ms), ".2f"),
        f"{growth.each(_bytes):.0f}",
    )


def _sending_row(measured: Measured) -> tuple[str, ...]:
    """What it adds to a tick."""
    sending, ticks, count = measured.sending, measured.ticks, measured.open
    return (
        f"{count:,}",
        f"{(sending.calls.total() - _calls(ticks)) / count:.2f}",
        f"{(sending.cpu_ms - _cpu_ms(ticks)) / count:.2f}",
        f"{sending.queried_bytes / 1024:.1f}",
        f"{sending.peak_mib:.1f}",
    )


def _pass_row(measured: Measured, first: Measured) -> tuple[str, ...]:
    passes = measured.passes
    return (
        f"{measured.open:,}",
        f"{_calls(passes):g}",
        _span({len(each.metrics) for each in passes}),
        _span({count for each in passes for count in each.metrics}),
        *_beside(_wall_ms(passes), _wall_ms(first.passes), ".1f"),
        *_beside(_cpu_ms(passes), _cpu_ms(first.passes), ".1f"),
        f"{passes[-1].peak_mib:.1f}",
    )


def _beside(value: float, first: float, form: str) -> tuple[str, str]:
    """A figure, and its ratio to that of the first row."""
    return f"{value:{form}}", f"{value / first:.2f}"


def _call_rows(measured: Sequence[Measured]) -> list[tuple[str, ...]]:
    """How often each operation was called on average."""
    columns = [_average(each.ticks) for each in measured] + [_average(each.passes) for each in measured]
    names = sorted({name for column in columns for name in column})
    return [(name, *(f"{column.get(name, 0.0):g}" for column in columns)) for name in names]


def _average(taken: Sequence[Taken]) -> dict[str, float]:
    total = sum((each.calls for each in taken), Counter[str]())
    return {name: round(count / len(taken), 2) for name, count in total.items()}


def _span(values: set[int]) -> str:
    few, many = min(values), max(values)
    return f"{few}" if few == many else f"{few} to {many}"


def _calls(taken: Sequence[Taken]) -> float:
    return statistics.median(each.calls.total() for each in taken)


def _bytes(taken: Sequence[Taken]) -> float:
    return statistics.median(each.queried_bytes for each in taken)


def _wall_ms(taken: Sequence[Taken]) -> float:
    return statistics.median(each.wall_ms for each in taken)


def _cpu_ms(taken: Sequence[Taken]) -> float:
    return statistics.median(each.cpu_ms for each in taken)
