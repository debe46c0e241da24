"""Which charts an explanation shows, and on what scales: share, failed, slow, evidence, requests. How one is drawn is `page_chart.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from cli.explain_words import is_marked, move_of, share_of, tone_of
from cli.explained import Explained, Row, gathered, time_of
from cli.page_chart import LEFT, RIGHT, Line, Panel, Point, Sheet, draw
from cli.page_marks import Mark
from cli.page_odds import odds_panels, processes
from cli.page_rates import Side, rates
from cli.page_scale import TimeAxis, numbers_up_to, span, time_axis
from cli.tell import printable

if TYPE_CHECKING:
    import htpy as h

WIDTHS = (360, 600, 960)
"""One drawing for phones, one for half a screen, one for a whole one: text keeps its size."""
PIXELS_A_ROW = 4
HEADROOM = 1.25
SIDES: tuple[tuple[str, Side], ...] = (
    ("baseline", lambda row: row.baseline),
    ("candidate", lambda row: row.candidate),
)
"""The candidate is drawn last, so that it lies on top."""


def drawings(told: Explained) -> list[h.Element]:
    """The charts in every width; the style sheet shows the one that fits."""
    return [_drawing(told, width) for width in WIDTHS]


def span_of(told: Explained) -> str:
    """The days that are drawn."""
    return span((told.begin, told.end))


def has_own_scale(told: Explained) -> bool:
    """Whether the watch is drawn on another time scale than what came before it."""
    return time_axis(told.begin, told.end, told.watched_since, (0, 1)).parts_at is not None


def marks_of(told: Explained) -> list[Mark]:
    """The decisions that are marked in the charts, under their number in the table."""
    found: list[Mark] = []
    before = None
    for number, facts in enumerate(told.facts, 1):
        if is_marked(facts, before):
            what = f"{move_of(facts)} {share_of(facts)}".strip()
            says = f"{number}. {time_of(facts):%H:%M:%S} {what}: {printable(facts.get('reason', ''))}"
            found.append(Mark(number, time_of(facts), tone_of(facts), says))
        before = facts if facts.get("kind") == "decision" else before
    return found


def _drawing(told: Explained, width: int) -> h.Element:
    axis = time_axis(told.begin, told.end, told.watched_since, (LEFT, width - RIGHT))
    rows = _rows(told, axis)
    panels = [_share(told), *(_evidence(told, rows) if rows else [])]
    says = f"Share of the traffic and evidence minute by minute for rollout {printable(told.rollout)}"
    return draw(Sheet(width, axis, panels, marks_of(told), told.end, says))


def _rows(told: Explained, axis: TimeAxis) -> list[Row]:
    """As many rows as can be told apart, on each scale of the axis."""
    found: list[Row] = []
    for stretch in axis.stretches:
        mine = [row for row in told.minutes if stretch.begin <= row.at < stretch.end]
        found += gathered(mine, max(1, round((stretch.right - stretch.left) / PIXELS_A_ROW)))
    return found


def _share(told: Explained) -> Panel:
    steps = tuple((time_of(each), each["share_bps"] / 100) for each in told.decisions)
    title = f"Share of the traffic for version {printable(told.version)}"
    return Panel(title, numbers_up_to(100), " %", 80, steps=steps)


def _evidence(told: Explained, rows: Sequence[Row]) -> list[Panel]:
    health = told.health or {}
    slow = f"Slower than {health['slow_over_s']:g} s" if health else "Slow"
    return [
        _percents("Failed requests", rows, 1, health.get("max_error_percent")),
        _percents(f"{slow}", rows, 2, health.get("max_slow_percent")),
        *odds_panels(rows, processes(told.minutes)),
        _requests(rows),
    ]


def _percents(what: str, rows: Sequence[Row], index: int, limit: float | None) -> Panel:
    """As high as the rates and the limit need; a band that reaches higher is cut, or the first minutes would press all else down."""
    lines = tuple(Line(name, rates(rows, side, index), name) for name, side in SIDES)
    highest = min(100.0, max(_highest(lines) * HEADROOM, (limit or 0) * HEADROOM, 1))
    title = f"{what}, % of each side's requests"
    return Panel(title, numbers_up_to(highest), " %", 100, lines, limit)


def _requests(rows: Sequence[Row]) -> Panel:
    lines = tuple(Line(name, _per_minute(rows, side), name) for name, side in SIDES)
    return Panel("Requests a minute", numbers_up_to(max(_highest(lines), 1)), "", 80, lines)


def _per_minute(rows: Sequence[Row], side: Side) -> tuple[Point, ...]:
    told = ((row, side(row)) for row in rows)
    return tuple(
        Point(row, counts[0] / (row.length / timedelta(minutes=1))) for row, counts in told if counts
    )


def _highest(lines: Sequence[Line]) -> float:
    return max((point.value for line in lines for point in line.points), default=0.0)
