"""The key of a chart, drawn under its title where several lines need names. What is drawn beside it is `page_chart.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import htpy as h

from cli.page_ink import label, place, width_of

SWATCH, GAP, ROW = 20, 16, 17


def key_height(names: Sequence[tuple[str, str]], width: float) -> int:
    """Pixels that the key needs in a drawing so wide."""
    return ROW * (1 + max((row for _, row, _ in _places(names, width)), default=-1))


def key(names: Sequence[tuple[str, str]], top: float, width: float) -> list[h.Element]:
    """A stroke and a name for each (class of the style sheet, name), row by row."""
    drawn = []
    for x, row, (style, said) in _places(names, width):
        y = top + row * ROW
        stroke = f"M{place(x)} {place(y - 4)}L{place(x + SWATCH)} {place(y - 4)}"
        drawn.append(
            h.Element("g")[h.Element("path")(d=stroke, class_=style), label(x + SWATCH + 5, y, said, "name")]
        )
    return drawn


def _places(names: Sequence[tuple[str, str]], width: float) -> Iterator[tuple[float, int, tuple[str, str]]]:
    x, row = 0.0, 0
    for each in names:
        wide = SWATCH + 5 + width_of(each[1])
        if x and x + wide > width:
            x, row = 0.0, row + 1
        yield x, row, each
        x += wide + GAP
