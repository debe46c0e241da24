"""Figures in the pages of `docs/benchmarks/`: tables, on what they were measured, and their place. It measures nothing."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.table import Table

END = "<!-- end of the figures -->"


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of a page: the first column to the left, the others to the right."""
    rule = ["---", *["---:"] * (len(headings) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (headings, rule, *rows))


def printed(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """The same for a terminal."""
    shown = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for place, heading in enumerate(headings):
        shown.add_column(heading, justify="right" if place else "left", no_wrap=not place)
    for row in rows:
        shown.add_row(*row)
    return shown


def measured_on() -> str:
    """The sentence that says when and on what, but for the machine's name."""
    where = f"{os.cpu_count()} CPUs ({_processor()}), {platform.system()}, Python {platform.python_version()}"
    return f"Measured on {datetime.now(UTC):%Y-%m-%d} with {where}."


def renewed(page: str, told: str, begin: str) -> str:
    """The page with these figures between the mark where they begin and END."""
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(END)
    return f"{before}{begin}\n\n{told}\n\n{END}{after}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        platform.machine(),
    )
