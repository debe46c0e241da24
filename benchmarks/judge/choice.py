"""Which cells, noises and rules a run of the bench is about, and which of them are played already. It plays nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch

from benchmarks.judge.rules.every import RULES
from benchmarks.judge.runner import Work, blocks_of
from benchmarks.judge.scenarios import SCENARIOS, Scenario
from benchmarks.judge.setting import MODERATE, NOISES, RPMS, SEEDS
from benchmarks.judge.tally import Tallies
from benchmarks.judge.traffic import Replay
from benchmarks.judge.world import BLOCK, Cell
from pointsman.core.canary_evidence import Mode


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for; an empty choice is everything."""

    runs: int
    seed: str
    cells: tuple[str, ...] = ()
    """Patterns of names of scenarios."""
    noises: tuple[str, ...] = ()
    rpms: tuple[int, ...] = ()
    rules: tuple[str, ...] = ()

    def cells_of(self) -> Iterator[Cell]:
        """Every cell. Faults are played under moderate noise, and elsewhere where only that is asked for."""
        noises = [noise for noise in NOISES.values() if not self.noises or noise.name in self.noises]
        for scenario in SCENARIOS.values():
            if self.cells and not any(fnmatch(scenario.name, pattern) for pattern in self.cells):
                continue
            for noise in noises:
                if scenario.fault and MODERATE in noises and noise is not MODERATE:
                    continue
                for rpm in RPMS:
                    if not self.rpms or rpm in self.rpms:
                        yield Cell(scenario, noise, rpm)

    def work(self, known: Tallies, replay: Replay) -> Iterator[Work]:
        """What is left to play. Ours is always played anew: what it is made of changes."""
        for cell in self.cells_of():
            modes = modes_of(cell)
            rules = tuple(
                rule
                for rule in self.rules or RULES
                if RULES[rule].is_ours
                or not all(_is_known(known, cell, rule, mode, self.size) for mode in modes)
            )
            if rules:
                for block in blocks_of(self.runs):
                    yield Work(cell, block, SEEDS[self.seed], rules, modes, replay)

    @property
    def size(self) -> int:
        """Runs a cell: whole blocks."""
        return len(blocks_of(self.runs)) * BLOCK


def modes_of(cell: Cell) -> tuple[Mode, ...]:
    """Promotions are looked at under moderate noise; a fixed plan shows false rollbacks under any."""
    return tuple(Mode) if cell.noise is MODERATE or cell.scenario.fault else (Mode.FIXED,)


def wrong_in(cells: tuple[str, ...], names: tuple[str, ...], rules: tuple[str, ...]) -> str:
    """What of a choice does not exist; empty where all of it does."""
    scenarios: dict[str, Scenario] = SCENARIOS
    for pattern in cells:
        if not any(fnmatch(name, pattern) for name in scenarios):
            return f"no cell is called {pattern}; there are {', '.join(scenarios)}"
    for name in names:
        if name not in NOISES:
            return f"no noise is called {name}; there are {', '.join(NOISES)}"
    for rule in rules:
        if rule not in RULES:
            return f"no rule is called {rule}; there are {', '.join(RULES)}"
    return ""


def _is_known(known: Tallies, cell: Cell, rule: str, mode: Mode, runs: int) -> bool:
    tally = known.get((cell.noise.name, cell.scenario.name, cell.rpm, rule, mode))
    return tally is not None and tally.runs == runs
