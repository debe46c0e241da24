"""The exchange that alpha makes: our judge with several of them on the same rollouts, false rollbacks against harm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

from benchmarks.judge.minutes import Decision, Judge, Start
from benchmarks.judge.play import play, unjudged
from benchmarks.judge.rules.evidence import evidence
from benchmarks.judge.runner import blocks_of
from benchmarks.judge.scenarios import SCENARIOS
from benchmarks.judge.setting import ALPHA, HARSH, MODERATE, NOISES, SEEDS
from benchmarks.judge.shown import Run
from benchmarks.judge.table import Table
from benchmarks.judge.tables import percent
from benchmarks.judge.traffic import Replay
from benchmarks.judge.world import BLOCK, Cell, draw
from pointsman.core.canary_evidence import Mode

Names = tuple[tuple[str, int], ...]
"""Scenarios with their requests a minute."""
ALPHAS = (0.001, ALPHA, 0.1)
HARDEST = (("few", 1_000), ("few", 50_000), ("sticky", 60), ("lengths", 50_000), ("scaling", 1_000))
"""Good candidates that are taken back most often, as the tuning seed showed them."""
FAULTS = (
    ("err_x2", 1_000),
    ("err_x2", 50_000),
    ("err_x5", 60),
    ("tail", 1_000),
    ("lat_30", 60),
    ("lat_30_llm", 1_000),
)
NOISE_NAMES = (MODERATE.name, HARSH.name)


@dataclass(frozen=True, slots=True)
class Block:
    """One block of one cell."""

    cell: Cell
    number: int
    seed: int
    replay: Replay


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a block under one alpha: rollouts taken back, and harm of what nobody judging would do."""

    group: str
    alpha: float
    runs: int
    rolled_back: int
    harm: float
    unjudged: float


def table(
    runs: int, seed: str, replay: Replay, workers: int, chosen: tuple[Names, Names] = (HARDEST, FAULTS)
) -> Table:
    """Play good candidates under moderate and harsh noise, and faults under moderate, with every alpha."""
    hardest, faults = ([f"{name}@{rpm}" for name, rpm in names] for names in chosen)
    blocks = blocks_of(runs)
    work = [Block(cell, number, SEEDS[seed], replay) for cell in _cells(*chosen) for number in blocks]
    with ProcessPoolExecutor(workers) as pool:
        outcomes = [outcome for found in pool.map(played, work) for outcome in found]
    headings = [
        "alpha",
        *(f"{noise}: taken back %" for noise in NOISE_NAMES),
        *(f"{each}: harm %" for each in faults),
    ]
    rows = []
    for alpha in ALPHAS:
        mine = [outcome for outcome in outcomes if outcome.alpha == alpha]
        shown = [_rate([each for each in mine if each.group == noise]) for noise in NOISE_NAMES]
        rows.append(
            [f"{alpha:g}", *shown, *(_harm([each for each in mine if each.group == name]) for name in faults)]
        )
    note = (
        f"{len(blocks) * BLOCK} rollouts a cell. Taken back: good candidates of {', '.join(hardest)}, all together; "
        "faults under moderate noise."
    )
    return Table("What another alpha would change", headings, rows, note)


def _cells(hardest: Names, faults: Names) -> Iterator[Cell]:
    for noise in NOISE_NAMES:
        for name, rpm in hardest:
            yield Cell(SCENARIOS[name], NOISES[noise], rpm)
    for name, rpm in faults:
        yield Cell(SCENARIOS[name], MODERATE, rpm)


def played(block: Block) -> list[Outcome]:
    """What each alpha did with the same rollouts."""
    cell = block.cell
    drawn = draw(cell, block.seed, block.number, block.replay)
    group = f"{cell.scenario.name}@{cell.rpm}" if cell.scenario.fault else cell.noise.name
    runs = [Run(drawn, place) for place in range(BLOCK)]
    spoilt = sum(unjudged(run) for run in runs)
    found = []
    for alpha in ALPHAS:

        def start(begun: Start, alpha: float = alpha) -> Judge:
            return evidence(replace(begun, alpha=alpha))

        ends = [play(run, start, Mode.FIXED) for run in runs]
        back = sum(end.decision is Decision.ROLLBACK for end in ends)
        found.append(Outcome(group, alpha, BLOCK, back, sum(end.harm for end in ends), spoilt))
    return found


def _rate(outcomes: Sequence[Outcome]) -> str:
    return percent(sum(each.rolled_back for each in outcomes) / sum(each.runs for each in outcomes))


def _harm(outcomes: Sequence[Outcome]) -> str:
    return f"{100 * sum(each.harm for each in outcomes) / sum(each.unjudged for each in outcomes):.1f}"
