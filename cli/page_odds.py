"""The evidence of an explanation as charts: odds against the candidate, and those of its proofs, on logarithmic scales."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from cli.explained import Judged, Row
from cli.odds_words import LONG_NAMES, in_order, odds, process
from cli.page_chart import Line, Panel, Point
from pointsman.core.canary_judge import PROOF

LEAST, MOST = -1, 6
"""Powers of ten that are drawn at most; what is below or above runs along the side."""
STILL = 0.005
"""A process whose odds never left 1 by more than that was told nothing, and is not drawn."""
HEIGHT = 130


@dataclass(frozen=True, slots=True)
class Odds:
    """A vertical scale of odds from a tenth to `10 ** top`."""

    top: int

    @property
    def ticks(self) -> tuple[float, ...]:
        """The powers of ten."""
        return tuple(10.0**power for power in range(LEAST, self.top + 1))

    def share(self, value: float) -> float:
        """Where odds stand between 0 (bottom) and 1 (top)."""
        if value <= 0:
            return 0.0
        return min(1.0, max(0.0, (math.log10(value) - LEAST) / (self.top - LEAST)))


def odds_up_to(highest: float) -> Odds:
    """A scale that holds `highest`, as far as it is drawn."""
    return Odds(min(MOST, max(1, math.ceil(math.log10(max(highest, 1.0)) - 1e-9))))


def processes(rows: Sequence[Row]) -> list[str]:
    """Stored names of the processes that are drawn, in order."""
    found = {name for row in rows if row.judged for name, value in _all_of(row.judged) if _moved(value)}
    return in_order(found)


def style(name: str) -> str:
    """The class of a process in the style sheet."""
    return f"p-{name}" if name in LONG_NAMES else "p-other"


def odds_panels(rows: Sequence[Row], names: Sequence[str]) -> list[Panel]:
    """Evidence against its bar, and the proofs against theirs; none where no minute tells odds."""
    judged = [row.judged for row in rows if row.judged]
    if not judged:
        return []
    against = [_line(rows, name, lambda said: said.against) for name in names]
    total = Line("sum", _points(rows, lambda said: said.evidence), "weighted sum, which decides")
    needed = max(said.needed for said in judged)
    evidence = _panel("Evidence against it, odds to 1", [*against, total], needed)
    panels = [replace(evidence, limit_says=f"{odds(needed)} takes it back")]
    proofs = [_line(rows, name, lambda said: said.proofs) for name in names]
    proofs = [line for line in proofs if line.points]
    if proofs:
        proved = _panel("Proved to be good in the step, odds to 1", proofs, PROOF)
        panels.append(replace(proved, limit_says=f"{odds(PROOF)} lets it go on", limit_style="proof"))
    return panels


def _panel(title: str, lines: Sequence[Line], bar: float) -> Panel:
    highest = max([bar, *(point.value for line in lines for point in line.points)])
    return Panel(title, odds_up_to(highest), "", HEIGHT, tuple(lines), bar, has_key=True)


def _line(rows: Sequence[Row], name: str, which: Callable[[Judged], Mapping[str, float]]) -> Line:
    return Line(style(name), _points(rows, lambda said: which(said).get(name)), process(name))


def _points(rows: Sequence[Row], value: Callable[[Judged], float | None]) -> tuple[Point, ...]:
    found = ((row, value(row.judged)) for row in rows if row.judged)
    return tuple(Point(row, told) for row, told in found if told is not None)


def _all_of(judged: Judged) -> list[tuple[str, float]]:
    return [*judged.against.items(), *judged.proofs.items()]


def _moved(value: float) -> bool:
    return abs(value - 1) > STILL
