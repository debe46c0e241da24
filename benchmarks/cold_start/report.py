"""The figures as tables: for the terminal, and as the page `docs/benchmarks/cold-start.md` keeps them. It measures nothing."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.cold_start.contenders import Contender
from benchmarks.cold_start.process import Taken

Samples = Mapping[str, Sequence[Taken]]
BEGIN, END = "<!-- figures: make bench-cold writes them -->", "<!-- end of the figures -->"
HEADINGS = ("function", "median ms", "least ms", "of typical", "of plain", "until ready ms", "peak MiB")


def rows_of(contenders: Sequence[Contender], samples: Samples) -> list[tuple[str, ...]]:
    """One row a contender: CPU time, its share of the two usual functions' (by medians), and memory."""
    return [_row(contender, samples) for contender in contenders]


def figures(runs: int, tables: Mapping[str, Sequence[Sequence[str]]]) -> str:
    """The tables of a page, with what they were measured on, but for its name."""
    head = [_line(HEADINGS), _line(["---", *["---:"] * (len(HEADINGS) - 1)])]
    parts = [
        "\n".join([f"**{way}**, {runs} processes each", "", *head, *(_line(row) for row in rows)])
        for way, rows in tables.items()
    ]
    where = f"{os.cpu_count()} CPUs ({_processor()}), {platform.system()}, Python {platform.python_version()}"
    return "\n\n".join([f"Measured on {datetime.now(UTC):%Y-%m-%d} with {where}.", *parts])


def renewed(page: str, told: str) -> str:
    """The page with these figures between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{told}\n\n{END}{after}"


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


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        platform.machine(),
    )
