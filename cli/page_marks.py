"""Decisions on the time axis: a hairline through all charts, and a numbered pill at the top. What else is drawn is `page_chart.py`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import htpy as h

from cli.page_ink import label, place, rule, width_of
from cli.page_scale import TimeAxis

MARKS = 26
"""Pixels at the top that the pills take."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A decision on the time axis: its number in the table, its tone, and what a pointer on it is told."""

    number: int
    at: datetime
    tone: str
    says: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Where marks are set: along an axis, in a drawing so wide."""

    width: int
    axis: TimeAxis
    marks: Sequence[Mark]


def hairlines(strip: Strip, bottom: float) -> Iterable[h.Element]:
    """One line for each mark, down to `bottom`."""
    for mark in strip.marks:
        x = strip.axis.x(mark.at)
        yield rule(x, MARKS - 4, x, bottom, f"mark {mark.tone}")


def pills(strip: Strip) -> Iterable[h.Element]:
    """Numbers at the top. Those that stand too close are put together, in the tone of the gravest."""
    for pill in _joined(strip):
        tone = max((each.tone for each in pill.marks), key=GRAVITY.index)
        yield h.Element("g")[
            h.Element("title")["\n".join(each.says for each in pill.marks)],
            h.Element("rect")(
                x=place(pill.left), y="3", width=place(pill.width), height="18", rx="9", class_=f"pill {tone}"
            ),
            label(pill.left + pill.width / 2, 16, pill.said, "number", "middle"),
        ]


GRAVITY = ("plain", "good", "warn", "bad")


@dataclass(frozen=True, slots=True)
class _Pill:
    """One number at the top, or a range of them."""

    marks: tuple[Mark, ...]
    strip: Strip

    @property
    def said(self) -> str:
        first, last = self.marks[0].number, self.marks[-1].number
        return f"{first}" if first == last else f"{first}-{last}"

    @property
    def width(self) -> float:
        return width_of(self.said) + 8

    @property
    def left(self) -> float:
        """Over the middle of its marks, and within the drawing."""
        places = [self.strip.axis.x(each.at) for each in self.marks]
        left = (places[0] + places[-1] - self.width) / 2
        return min(max(left, 0.0), self.strip.width - self.width)


def _joined(strip: Strip) -> list[_Pill]:
    """A pill that would touch the one before it is joined with it, again and again."""
    found: list[_Pill] = []
    for mark in strip.marks:
        pill = _Pill((mark,), strip)
        while found and pill.left < found[-1].left + found[-1].width + 2:
            pill = _Pill((*found.pop().marks, *pill.marks), strip)
        found.append(pill)
    return found
