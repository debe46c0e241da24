"""The cells in which our judge takes back the most good candidates, played again with more runs. Their first runs do not count."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.judge.rules.every import OURS
from benchmarks.judge.runner import Work, blocks_of
from benchmarks.judge.scenarios import SCENARIOS
from benchmarks.judge.setting import NOISES
from benchmarks.judge.table import Table
from benchmarks.judge.tables import good_cells, percent
from benchmarks.judge.tally import Tallies, bounds
from benchmarks.judge.traffic import Replay
from benchmarks.judge.world import Cell
from pointsman.core.canary_evidence import Mode

WORST = 3
"""Cells that are played again, of each noise."""
FRESH = 10_000
"""The first of the blocks that are drawn for it."""


def work(tallies: Tallies, runs: int, seed: int, replay: Replay) -> Iterator[Work]:
    """Fresh runs of the worst cells: a cell that looked bad by chance alone does not keep its bad luck."""
    for noise in NOISES.values():
        cells = good_cells(tallies, noise.name, OURS)
        worst = sorted(cells, key=lambda each: -each[1].rolled_back / each[1].runs)[:WORST]
        for (_noise, name, rpm, _rule, _mode), _tally in worst:
            cell = Cell(SCENARIOS[name], noise, rpm)
            for block in blocks_of(runs):
                yield Work(cell, FRESH + block, seed, (OURS,), (Mode.FIXED,), replay)


def table(tallies: Tallies) -> Table:
    """What came of them."""
    rows = []
    for (noise, name, rpm, _rule, _mode), tally in tallies.items():
        low, high = bounds(tally.rolled_back, tally.runs)
        share = percent(tally.rolled_back / tally.runs)
        where = [f"{noise}: {name}", f"{rpm:,}", f"{tally.runs:,}", str(tally.rolled_back)]
        rows.append([*where, share, f"{percent(low)} to {percent(high)}"])
    headings = ["cell", "requests a minute", "runs", "taken back", "percent", "95 % bounds"]
    note = "Fresh runs, so that a cell which was the worst by chance does not stay it."
    return Table(f"The worst cells of {OURS}, played again", headings, rows, note)
