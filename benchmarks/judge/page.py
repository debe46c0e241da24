"""Puts tables and picture into `docs/benchmarks/judge.md`, between the marks that are there. It measures nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.judge.picture import picture
from benchmarks.judge.setting import MODERATE
from benchmarks.judge.table import Table
from benchmarks.judge.tally import Tallies

FOLDER = Path(__file__).parents[2] / "docs" / "benchmarks"
PAGE, PICTURE = FOLDER / "judge.md", FOLDER / "judge.svg"
BEGIN, END = "<!-- figures: make bench-judge writes them -->", "<!-- end of the figures -->"
SEEN = "![False rollbacks and harm of every rule](judge.svg)"


def write_page(tallies: Tallies, tables: Sequence[Table], took: str) -> None:
    """Renew the figures of the page, and the picture beside it."""
    PICTURE.write_text(picture(tallies, MODERATE.name) + "\n", encoding="utf-8")
    told = "\n\n".join([f"{took}.", SEEN, *(table.markdown() for table in tables)])
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), told), encoding="utf-8")


def renewed(page: str, told: str) -> str:
    """The page with these figures between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{told}\n\n{END}{after}"
