"""Which charts an explanation shows, and on what scales: share, failed, slow, requests. How one is drawn is `page_chart.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from cli.explain_words import is_marked, move_of, share_of, tone_of
from cli.explained import Counts, Explained, Row, gathered, time_of
from cli.page_chart import LEFT, RIGHT, Line, Mark, Panel, Sheet, draw
from cli.page_scale import TimeAxis, numbers_up_to, span, time_axis
from cli.tell import printable

if TYPE_CHECKING:
    import htpy as h

WIDTHS = (360, 600, 960)
"""One drawing for phones, one for half a screen, one for a whole one: text keeps its size."""
PIXELS_A_ROW = 4
HEADROOM = 1.25
Side = Callable[[Row], Counts | None]


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
    return draw(Sheet(width, axis, rows, panels, marks_of(told), told.end, says))


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
        _requests(rows),
    ]


def _percents(what: str, rows: Sequence[Row], index: int, limit: float | None) -> Panel:
    def of(side: Side) -> Callable[[Row], float | None]:
        def value(row: Row) -> float | None:
            counts = side(row)
            return 100 * counts[index] / counts[0] if counts and counts[0] else None

        return value

    lines = _lines(of)
    title = f"{what}, % of each side's requests"
    return Panel(
        title, numbers_up_to(max(_highest(rows, lines), (limit or 0) * HEADROOM, 1)), " %", 100, lines, limit
    )


def _requests(rows: Sequence[Row]) -> Panel:
    def of(side: Side) -> Callable[[Row], float | None]:
        def value(row: Row) -> float | None:
            counts = side(row)
            return counts[0] / (row.length / timedelta(minutes=1)) if counts else None

        return value

    lines = _lines(of)
    return Panel("Requests a minute", numbers_up_to(max(_highest(rows, lines), 1)), "", 80, lines)


def _lines(of: Callable[[Side], Callable[[Row], float | None]]) -> tuple[Line, ...]:
    """The candidate is drawn last, so that it lies on top."""
    return Line("baseline", of(lambda row: row.baseline)), Line("candidate", of(lambda row: row.candidate))


def _highest(rows: Sequence[Row], lines: Sequence[Line]) -> float:
    values = [value for row in rows for line in lines if (value := line.value(row)) is not None]
    return max(values, default=0.0)
