"""`python -m benchmarks.judge`: plays every rule on the same rollouts and prints what each did. Which, is in `scenarios.py`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import track

from benchmarks.judge import deciding as worst
from benchmarks.judge import frontier, kept
from benchmarks.judge.choice import Choice, wrong_in
from benchmarks.judge.page import write_page
from benchmarks.judge.rules.every import RULES
from benchmarks.judge.runner import Work, done
from benchmarks.judge.setting import SEEDS
from benchmarks.judge.table import Table
from benchmarks.judge.tables import tables_of
from benchmarks.judge.tally import Tallies, merged
from benchmarks.judge.traffic import replay_of
from local.trace import BadTrace, Trace, generate_trace, read_trace

app = App(name="python -m benchmarks.judge", help_format="plaintext", version_flags=())
progress = Console(stderr=True)
Several = Parameter(consume_multiple=True, negative=())
GENERATED = 7
"""Seed of the trace that is replayed where no file is named."""


@app.default
def bench(  # noqa: PLR0913 - each is a choice of its own
    *,
    runs: int = 200,
    seed: Literal["tune", "measure"] = "tune",
    cells: Annotated[tuple[str, ...], Several] = (),
    noise: Annotated[tuple[str, ...], Several] = (),
    rpm: Annotated[tuple[int, ...], Several] = (),
    rules: Annotated[tuple[str, ...], Several] = (),
    deciding: int = 0,
    alphas: int = 0,
    trace: Path | None = None,
    workers: int = 1,
    write: bool = False,
) -> int:
    """Play seeded rollouts with every rule, and print false rollbacks, detection, minutes, harm and promotions.

    Args:
        runs: Rollouts in each cell, in whole blocks of 50.
        seed: The draws on which parameters are chosen, or those that are published.
        cells: Names of cells, or patterns such as "err_*"; all without it.
        noise: clean, moderate, harsh; all without it. Faults are played under moderate noise, or under what is named alone.
        rpm: Requests a minute: 5, 60, 1000, 50000; all without it.
        rules: Names of rules; all without it. What other rules did on the same draws is kept and shown beside it.
        deciding: Rollouts in each of the worst cells of our judge, played again afresh; 0 for none.
        alphas: Rollouts in each of some cells, played with several alphas as well; 0 for none.
        trace: A CSV with TIMESTAMP, ContextTokens and GeneratedTokens to replay; a generated one without it.
        workers: Processes.
        write: Put figures and picture into docs/benchmarks as well.

    """
    if wrong := wrong_in(cells, noise, rules):
        return _say(wrong)
    try:
        replayed = read_trace(trace) if trace else generate_trace(GENERATED, minutes=240)
    except BadTrace as err:
        return _say(str(err))
    choice = Choice(runs, seed, cells, noise, rpm, rules)
    tallies, tables, took = _measured(choice, replayed, (deciding, alphas), workers)
    return _shown(tables, took, tallies if write else None)


def _measured(
    choice: Choice, trace: Trace, more: tuple[int, int], workers: int
) -> tuple[Tallies, list[Table], str]:
    begun, (deciding, alphas) = time.monotonic(), more
    tallies = _play(choice, trace, workers)
    tables = tables_of(tallies)
    if deciding:
        again = worst.work(tallies, deciding, SEEDS[choice.seed], replay_of(trace))
        tables.append(worst.table(_tracked(list(again), workers)))
    if alphas:
        tables.append(frontier.table(alphas, choice.seed, replay_of(trace), workers))
    minutes = (time.monotonic() - begun) / 60
    return tallies, tables, f"{choice.size} runs a cell, seed {choice.seed}, {minutes:.1f} minutes"


def _play(choice: Choice, trace: Trace, workers: int) -> Tallies:
    """Play what is not kept, keep it, and give what is known of the cells that were chosen."""
    file = kept.file_of(choice.seed, repr(trace.rows[:1_000]))
    known = kept.load(file)
    known |= _tracked(list(choice.work(known, replay_of(trace))), workers)
    kept.save(file, known)
    chosen = {(cell.noise.name, cell.scenario.name, cell.rpm) for cell in choice.cells_of()}
    return {key: tally for key, tally in known.items() if key[:3] in chosen and tally.runs == choice.size}


def _tracked(work: list[Work], workers: int) -> Tallies:
    return merged(track(done(work, workers), "playing", len(work), console=progress, transient=True))


def _shown(tables: list[Table], took: str, on_page: Tallies | None) -> int:
    for table in tables:
        sys.stdout.write(table.text() + "\n")
    for name, rule in RULES.items():
        sys.stdout.write(f"{name}: {rule.about}\n")
    sys.stdout.write(f"\n{took}\n")
    if on_page is not None:
        write_page(on_page, tables, took)
    return 0


def _say(why: str) -> int:
    sys.stderr.write(f"judge: {why}\n")
    return 1


if __name__ == "__main__":
    sys.exit(app(result_action="return_value"))
