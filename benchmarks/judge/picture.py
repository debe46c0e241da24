"""Draws the figures: false rollbacks by noise, and harm by fault and traffic, a dot for each rule. One SVG that loads nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import htpy as h

from benchmarks.judge.rules.every import OURS, RULES
from benchmarks.judge.setting import NOISES, RPMS
from benchmarks.judge.tables import FAULT_NAMES, PEER_LIMIT, false_rate, good_cells, rules_in
from benchmarks.judge.tally import Tallies
from pointsman.core.canary_evidence import Mode

WIDTH, LEFT, TOP, ROW, GAP = 1_000, 124, 70, 20, 34
LEAST = 0.01
"""Percent: the left end of the logarithmic axis, where none is drawn as well."""
COLOURS = {
    "template": "#17a2b8",
    "documented": "#8e5bb5",
    "tight": "#8c564b",
    "flagger": "#d957a8",
    "argo": "#2c9c3e",
    "argo_tight": "#a9a01c",
    "kayenta": "#f07f13",
    "plain": "#6b7280",
    "evidence": "#0b56c4",
}
STYLE = """
text{font:12px system-ui,sans-serif;fill:#222}
.title{font-weight:600;font-size:13px}
.small{font-size:11px;fill:#555}
.grid{stroke:#e3e6ea}
.axis{stroke:#9aa1aa}
.worst{stroke-width:2}
"""


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the drawing with a horizontal axis from 0 to 1."""

    left: float
    top: float
    width: float
    rows: int

    def x(self, part: float) -> float:
        """Where a part of the axis is."""
        return self.left + part * self.width

    def y(self, row: int) -> float:
        """The middle of a row."""
        return self.top + (row + 0.5) * ROW

    @property
    def bottom(self) -> float:
        """Below the last row."""
        return self.top + self.rows * ROW


def picture(tallies: Tallies, noise: str) -> str:
    """The drawing; harm is that under `noise`."""
    rules = rules_in(tallies)
    noises = [name for name in NOISES if any(key[0] == name for key in tallies)]
    width = (WIDTH - LEFT - GAP * len(noises)) / len(noises)
    above = [Area(LEFT + place * (width + GAP), TOP, width, len(rules)) for place in range(len(noises))]
    parts: list[h.Node] = [*_legend(rules)]
    for area, name in zip(above, noises, strict=True):
        parts += _false(tallies, area, name, rules)
    parts += [_text(0, above[0].y(row) + 4, rule) for row, rule in enumerate(rules)]
    faults = [name for name in FAULT_NAMES if any(key[:2] == (noise, name) for key in tallies)]
    top = above[0].bottom + 90
    width = (WIDTH - LEFT - GAP * len(RPMS)) / len(RPMS)
    below = [Area(LEFT + place * (width + GAP), top, width, len(faults)) for place in range(len(RPMS))]
    parts.append(
        _text(0, top - 40, f"Harm under {noise} noise: percent of what is spoilt when nobody judges", "title")
    )
    for area, rpm in zip(below, RPMS, strict=True):
        parts += _harm(tallies, area, (noise, rpm), faults)
    parts += [_text(0, below[0].y(row) + 4, name) for row, name in enumerate(faults)]
    height = below[0].bottom + 60
    parts.append(_text(0, height - 12, _explained(), "small"))
    return str(
        h.svg(xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {height:g}", role="img")[
            h.Element("title")["False rollbacks and harm of every rule"],
            h.Element("style")[STYLE],
            h.Element("rect")(width=str(WIDTH), height=f"{height:g}", fill="#fff"),
            parts,
        ]
    )


def _explained() -> str:
    limit = f"{100 * PEER_LIMIT:g} %"
    return f"Hollow: the rule takes back more than {limit} of the good candidates at this traffic. Further left is better everywhere."


def _legend(rules: Sequence[str]) -> Iterable[h.Element]:
    yield _text(
        0,
        16,
        "Good candidates taken back (percent, logarithmic): dot all cells, line the worst cell",
        "title",
    )
    left = 0.0
    for rule in rules:
        yield _dot(left + 6, 38, rule)
        yield _text(left + 16, 42, rule)
        left += 40 + 7 * len(rule)


def _false(tallies: Tallies, area: Area, noise: str, rules: Sequence[str]) -> Iterable[h.Element]:
    yield _text(area.left, area.top - 8, f"{noise} noise", "small")
    for percent in (LEAST, 0.1, 1, 10, 100):
        said = f"{percent:g}" if percent > LEAST else "0"
        yield from _tick(area, _logarithmic(percent), said)
    for row, rule in enumerate(rules):
        cells = [tally for _key, tally in good_cells(tallies, noise, rule)]
        rate = false_rate(tallies, noise, rule)
        if rate is None:
            continue
        worst = max(tally.rolled_back / tally.runs for tally in cells)
        x, y = area.x(_logarithmic(100 * rate)), area.y(row)
        end = area.x(_logarithmic(100 * worst))
        yield _line((x, y), (end, y), COLOURS[rule], "worst")
        yield _line((end, y - 5), (end, y + 5), COLOURS[rule], "worst")
        yield _dot(x, y, rule, about=f"{rule}: {100 * rate:.2f} %, worst cell {100 * worst:.1f} %")


def _harm(tallies: Tallies, area: Area, where: tuple[str, int], faults: Sequence[str]) -> Iterable[h.Element]:
    noise, rpm = where
    yield _text(area.left, area.top - 8, f"{rpm:,} requests a minute", "small")
    for percent in (0, 25, 50, 75, 100):
        yield from _tick(area, percent / 100, f"{percent}")
    for row, fault in enumerate(faults):
        for rule in sorted(rules_in(tallies), key=lambda name: name == OURS):
            tally = tallies.get((noise, fault, rpm, rule, Mode.FIXED))
            if tally is None:
                continue
            wrong = (false_rate(tallies, noise, rule, rpm) or 0.0) > PEER_LIMIT
            about = f"{rule}, {fault} at {rpm:,}: harm {tally.harm_percent:.1f} %, found {100 * tally.detected:.0f} %"
            place = area.x(min(tally.harm_percent, 100) / 100)
            yield _dot(place, area.y(row), rule, is_hollow=wrong, about=about)


def _logarithmic(percent: float) -> float:
    return max(0.0, math.log10(max(percent, LEAST) / LEAST) / math.log10(100 / LEAST))


def _tick(area: Area, part: float, said: str) -> Iterable[h.Element]:
    x = area.x(part)
    yield _line((x, area.top), (x, area.bottom), "#e3e6ea")
    yield _text(x, area.bottom + 14, said, "small", "middle")


def _dot(x: float, y: float, rule: str, *, is_hollow: bool = False, about: str = "") -> h.Element:
    radius = 4.5 if RULES[rule].is_ours else 3.5
    fill = "none" if is_hollow else COLOURS[rule]
    return h.Element("circle")(
        cx=f"{x:.1f}",
        cy=f"{y:.1f}",
        r=f"{radius}",
        fill=fill,
        stroke=COLOURS[rule],
        stroke_opacity="0.5" if is_hollow else None,
    )[h.Element("title")[about] if about else None]


def _line(begin: tuple[float, float], end: tuple[float, float], colour: str, style: str = "") -> h.Element:
    return h.Element("line")(
        x1=f"{begin[0]:.1f}",
        y1=f"{begin[1]:.1f}",
        x2=f"{end[0]:.1f}",
        y2=f"{end[1]:.1f}",
        stroke=colour,
        class_=style or None,
    )


def _text(x: float, y: float, said: str, style: str = "", anchor: str = "start") -> h.Element:
    return h.Element("text")(
        x=f"{x:.1f}", y=f"{y:.1f}", class_=style or None, text_anchor=None if anchor == "start" else anchor
    )[said]
