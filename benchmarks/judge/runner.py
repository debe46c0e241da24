"""Plays all cells with all rules, a block of runs at a time, on one processor or several. It prints nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from benchmarks.judge.play import play, unjudged
from benchmarks.judge.rules.every import RULES
from benchmarks.judge.scenarios import Scenario
from benchmarks.judge.setting import PLAN
from benchmarks.judge.shown import Run
from benchmarks.judge.tally import Tallies, Tally
from benchmarks.judge.traffic import Replay
from benchmarks.judge.world import BLOCK, Cell, draw
from pointsman.core.canary_evidence import Mode


@dataclass(frozen=True, slots=True)
class Work:
    """One block of one cell, for some rules and modes."""

    cell: Cell
    block: int
    seed: int
    rules: tuple[str, ...]
    modes: tuple[Mode, ...]
    replay: Replay


def blocks_of(runs: int) -> range:
    """Blocks that hold so many runs, or the few more that fill the last one."""
    return range(-(-runs // BLOCK))


def done(work: Sequence[Work], workers: int) -> Iterator[Tallies]:
    """What comes of each, in order."""
    if workers <= 1:
        yield from map(played, work)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(played, work)


def begins(scenario: Scenario, mode: Mode) -> int:
    """The minute in which a fault begins to show; one that needs a share shows in its stage of the fixed plan."""
    fault = scenario.fault
    if fault is None:
        return 0
    stages = sum(stage.share < fault.min_share for stage in PLAN) if mode is Mode.FIXED else 0
    return max(fault.onset, stages * PLAN[0].bake_max)


def played(work: Work) -> Tallies:
    """Every run of a block with every rule: all rules see the same minutes."""
    drawn = draw(work.cell, work.seed, work.block, work.replay)
    scenario = work.cell.scenario
    tallies = {
        (work.cell.noise.name, scenario.name, work.cell.rpm, rule, mode): Tally(begins(scenario, mode))
        for rule in work.rules
        for mode in work.modes
    }
    for place in range(BLOCK):
        run = Run(drawn, place)
        spoilt = unjudged(run)
        for (_noise, _name, _rpm, rule, mode), tally in tallies.items():
            tally.add(play(run, RULES[rule].start, mode), spoilt)
    return tallies
