"""The figures as tables: for the terminal, and as the page `docs/benchmarks/cold-start.md` keeps them. It measures nothing."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from benchmarks.cold_start.contenders import Contender
from benchmarks.cold_start.process import Taken
from benchmarks.page import measured_on, table

Samples = Mapping[str, Sequence[Taken]]
BEGIN = "<!-- figures: make bench-cold writes them -->"
HEADINGS = ("function", "median ms", "least ms", "of typical", "of plain", "until ready ms", "peak MiB")


def rows_of(contenders: Sequence[Contender], samples: Samples) -> list[tuple[str, ...]]:
    """One row a contender: CPU time, its share of the two usual functions' (by medians), and memory."""
    return [_row(contender, samples) for contender in contenders]


def figures(runs: int, tables: Mapping[str, Sequence[Sequence[str]]]) -> str:
    """The tables of a page, with what they were measured on, but for its name."""
    parts = [f"**{way}**, {runs} processes each\n\n{table(HEADINGS, rows)}" for way, rows in tables.items()]
    return "\n\n".join([measured_on(), *parts])


def _row(contender: Contender, samples: Samples) -> tuple[str, ...]:
    taken = samples[contender.name]
    median = _median(taken)
    return (
        contender.name,
        f"{median:.0f}",
        f"{min(each.cpu_ms for each in taken):.0f}",
        f"{median / _median(samples['typical']):.2f}",
        f"{median / _median(samples['plain']):.2f}",
        f"{statistics.median(each.init_ms for each in taken):.0f}",
        f"{statistics.median(each.peak_mib for each in taken):.0f}",
    )


def _median(taken: Sequence[Taken]) -> float:
    return statistics.median(each.cpu_ms for each in taken)
