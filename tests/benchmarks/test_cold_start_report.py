"""The page keeps what was measured, and says against what."""

from __future__ import annotations

from pathlib import Path

from benchmarks.cold_start.contenders import Contender
from benchmarks.cold_start.process import Function, Taken
from benchmarks.cold_start.report import BEGIN, HEADINGS, figures, rows_of
from benchmarks.page import END, renewed

NAMES = ("first call", "typical", "plain")
CONTENDERS = [Contender(name, "", Function(Path(), "", Path())) for name in NAMES]


def taken(*cpu_ms: float) -> list[Taken]:
    return [Taken(each, each / 2, 40.0) for each in cpu_ms]


def test_a_share_is_that_of_the_medians() -> None:
    samples = {
        "first call": taken(300, 100, 900),
        "typical": taken(500, 600, 550),
        "plain": taken(400, 400, 10),
    }
    first = dict(zip(HEADINGS, rows_of(CONTENDERS, samples)[0], strict=True))
    assert first == {
        "function": "first call",
        "median ms": "300",
        "least ms": "100",
        "of typical": "0.55",
        "of plain": "0.75",
        "until ready ms": "150",
        "peak MiB": "40",
    }


def test_new_figures_take_the_place_of_the_old_ones_and_of_nothing_else() -> None:
    page = f"# Cold start\n\n{BEGIN}\nof last year\n{END}\n\nWhat it means.\n"
    told = figures(20, {"From source": [("a", "1", "1", "1", "1", "1", "1")]})
    again = renewed(page, told, BEGIN)
    assert again.startswith(f"# Cold start\n\n{BEGIN}\n\nMeasured on ")
    assert again.endswith(f"{END}\n\nWhat it means.\n")
    assert "of last year" not in again
    assert renewed(again, told, BEGIN) == again


def test_the_page_has_a_place_for_them() -> None:
    page = Path(__file__).parents[2] / "docs" / "benchmarks" / "cold-start.md"
    assert page.read_text(encoding="utf-8").count(BEGIN) == 1
    assert page.read_text(encoding="utf-8").count(END) == 1
