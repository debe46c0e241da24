"""Draws the charts of an explanation as one SVG: panels over one time axis, with the decisions marked in all of them.

Made by hand, because what fits is not there: pygal (looked at in 3.1.3) draws one chart at a time with its text sizes and
colours fixed, loads a script, and knows neither a tolerance line nor events that run through several panels; matplotlib
and vl-convert are tens of megabytes for four lines. What is escaped, is escaped by htpy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import htpy as h

from cli.explained import Row
from cli.page_ink import label, place, rule, width_of
from cli.page_key import key, key_height
from cli.page_marks import MARKS, Mark, Strip, hairlines, pills
from cli.page_scale import TimeAxis, number_label

LEFT, RIGHT, TITLE, BELOW = 46, 10, 28, 14
AXIS = 22
DOT = 2.5


class Scale(Protocol):
    """A vertical scale."""

    @property
    def ticks(self) -> tuple[float, ...]:
        """Values that are labelled."""
        ...

    def share(self, value: float) -> float:
        """Where a value stands between 0 (bottom) and 1 (top)."""
        ...


@dataclass(frozen=True, slots=True)
class Point:
    """A value at the end of a row, with its band where it has one."""

    row: Row
    value: float
    band: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a panel: a class of the style sheet, its points, and what a pointer on it is told."""

    style: str
    points: tuple[Point, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart among those above each other. `limit` is the tolerance line, if there is one."""

    title: str
    scale: Scale
    unit: str
    height: int
    lines: tuple[Line, ...] = ()
    limit: float | None = None
    steps: tuple[tuple[datetime, float], ...] = ()
    """Values that hold from a moment on, drawn as stairs."""
    limit_says: str = ""
    limit_style: str = "limit"
    has_key: bool = False

    @property
    def names(self) -> list[tuple[str, str]]:
        """Class and name of each line."""
        return [(line.style, line.says) for line in self.lines]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn, how wide."""

    width: int
    axis: TimeAxis
    panels: Sequence[Panel]
    marks: Sequence[Mark]
    until: datetime
    says: str


def draw(sheet: Sheet) -> h.Element:
    """The whole drawing."""
    top = float(MARKS)
    parts: list[h.Node] = []
    for panel in sheet.panels:
        top += TITLE + (key_height(panel.names, sheet.width) if panel.has_key else 0)
        parts.append(_panel(sheet, panel, top))
        top += panel.height + BELOW
    height = top + AXIS - BELOW + 4
    strip = Strip(sheet.width, sheet.axis, sheet.marks)
    drawn = [
        *hairlines(strip, top - BELOW),
        *_parting(sheet, top - BELOW),
        *parts,
        *_time(sheet, top - BELOW),
        *pills(strip),
    ]
    return h.svg(
        viewBox=f"0 0 {sheet.width} {height:g}", role="img", aria_label=sheet.says, class_=f"w{sheet.width}"
    )[drawn]


def _panel(sheet: Sheet, panel: Panel, top: float) -> h.Element:
    bottom = top + panel.height
    grid = [_gridline(sheet, panel, tick, bottom) for tick in panel.scale.ticks]
    above = top - 13 - (key_height(panel.names, sheet.width) if panel.has_key else 0)
    body: list[h.Node] = [label(0, above, panel.title, "title"), *grid]
    if panel.has_key:
        body += key(panel.names, above + 17, sheet.width)
    if panel.steps:
        body.append(_stairs(sheet, panel, bottom))
    if panel.limit is not None:
        y = _y(panel, panel.limit, bottom)
        body.append(rule(LEFT, y, sheet.width - RIGHT, y, panel.limit_style))
    body += [_band(sheet, panel, line, bottom) for line in panel.lines]
    body += [_curve(sheet, panel, line, bottom) for line in panel.lines]
    if panel.limit is not None and panel.limit_says:
        y = _y(panel, panel.limit, bottom) - 4
        body.append(label(sheet.width - RIGHT - 2, y, panel.limit_says, f"bar {panel.limit_style}", "end"))
    return h.Element("g")[body]


def _gridline(sheet: Sheet, panel: Panel, tick: float, bottom: float) -> h.Element:
    y = _y(panel, tick, bottom)
    said = f"{number_label(tick)}{panel.unit}"
    return h.Element("g")[
        rule(LEFT, y, sheet.width - RIGHT, y, "grid"), label(LEFT - 5, y + 4, said, "tick", "end")
    ]


def _band(sheet: Sheet, panel: Panel, line: Line, bottom: float) -> h.Element:
    """Between the lower and the upper side of each point; a point that stands alone has a stroke."""
    drawn = []
    for piece in _pieces(line.points):
        sides = [(sheet.axis.x(point.row.middle), point.band) for point in piece if point.band]
        upper = [f"{place(x)} {place(_y(panel, band[1], bottom))}" for x, band in sides]
        lower = [f"{place(x)} {place(_y(panel, band[0], bottom))}" for x, band in reversed(sides)]
        drawn += ["M" + "L".join([*upper, *lower]) + "Z"] if sides else []
    return h.Element("g")[
        h.Element("path")(d=" ".join(drawn), class_=f"band {line.style}") if drawn else None
    ]


def _curve(sheet: Sheet, panel: Panel, line: Line, bottom: float) -> h.Element:
    """A line through points that follow each other; where one is missing it breaks, and one that stands alone is a dot."""
    pieces = [
        [f"{place(sheet.axis.x(each.row.middle))} {place(_y(panel, each.value, bottom))}" for each in piece]
        for piece in _pieces(line.points)
    ]
    drawn = " ".join("M" + "L".join(piece) for piece in pieces if len(piece) > 1)
    dots = [_dot(piece[0], line.style) for piece in pieces if len(piece) == 1]
    return h.Element("g")[
        h.Element("title")[line.says], h.Element("path")(d=drawn, class_=line.style) if drawn else None, dots
    ]


def _pieces(points: Sequence[Point]) -> list[list[Point]]:
    pieces: list[list[Point]] = []
    for point in points:
        last = pieces[-1][-1].row if pieces else None
        if last is None or last.window != point.row.window or point.row.at > last.at + last.length:
            pieces.append([])
        pieces[-1].append(point)
    return pieces


def _dot(where: str, style: str) -> h.Element:
    x, y = where.split(" ")
    return h.Element("circle")(cx=x, cy=y, r=f"{DOT:g}", class_=style)


def _stairs(sheet: Sheet, panel: Panel, bottom: float) -> h.Element:
    first = sheet.axis.x(panel.steps[0][0])
    pieces = [f"M{place(first)} {place(bottom)}"]
    for at, value in panel.steps:
        pieces += [f"H{place(sheet.axis.x(at))}", f"V{place(_y(panel, value, bottom))}"]
    pieces += [f"H{place(sheet.axis.x(sheet.until))}", f"V{place(bottom)}", "Z"]
    return h.Element("path")(d=" ".join(pieces), class_="share")


def _time(sheet: Sheet, bottom: float) -> Iterable[h.Element]:
    for x, said in sheet.axis.ticks():
        yield rule(x, bottom, x, bottom + 4, "axis")
        half = width_of(said) / 2
        inside = min(max(x, half), sheet.width - half)
        yield label(inside, bottom + 17, said, "tick", "middle")


def _parting(sheet: Sheet, bottom: float) -> Iterable[h.Element]:
    """Where the watch begins, if it has a scale of its own."""
    x = sheet.axis.parts_at
    if x is not None:
        right = sheet.width - RIGHT - x
        yield h.Element("rect")(
            x=place(x), y=place(MARKS), width=place(right), height=place(bottom - MARKS), class_="watch"
        )


def _y(panel: Panel, value: float, bottom: float) -> float:
    return bottom - panel.scale.share(value) * panel.height
