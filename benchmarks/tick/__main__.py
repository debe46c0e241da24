"""`python -m benchmarks.tick`: lets more and more rollouts bake, measures ticks and passes, and prints the tables. What is measured is in `measure.py`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from cyclopts import App
from rich.console import Console
from rich.progress import track

import bundle
from benchmarks.page import printed, renewed
from benchmarks.tick.baking import NotBaking, Steps, bake, policies_of
from benchmarks.tick.installation import furnish
from benchmarks.tick.measure import Measured, Size, measure
from benchmarks.tick.process import NotMeasured
from benchmarks.tick.report import BEGIN, figures, shown
from e2e.emulator import ROOT, emulated
from e2e.errors import NotProved
from e2e.processes import alone, ending_by_exception
from e2e.simulated import Simulated, passing

FOLDER, PAGE = Path(".pointsman/bench-tick"), ROOT / "docs" / "benchmarks" / "tick.md"
OPEN = (1, 100, 1000)
NOT_MEASURED, INTERRUPTED = 1, 130
app = App(name="python -m benchmarks.tick", help_format="plaintext", version_flags=())
console = Console(highlight=False)


@app.default
def bench(
    *, standing: int = 50, ticks: int = 20, passes: int = 50, write: bool = False, out: Path = FOLDER
) -> int:
    """Measure a minute tick with 1, 100 and 1,000 open rollouts, and the passes that it starts.

    The functions run from the real zip, each in a process of its own. Tables, queues, topic and bus are ministack's;
    SageMaker and CloudWatch are simulated. It takes some two minutes, listens on 127.0.0.1 alone, and ends
    everything it started, also when it fails or is interrupted.

    Args:
        standing: Endpoints that stand in the simulated account; passes go over them in turn.
        ticks: Ticks that are measured with each number of rollouts.
        passes: Passes that are measured with each number of rollouts.
        write: Put the figures into docs/benchmarks/tick.md as well.
        out: Folder for the built functions and the logs.

    """
    if not Path("/proc/self/status").exists():
        return _say("it reads memory where Linux keeps it: run it on Linux")
    try:
        with ending_by_exception(), alone(out.resolve()):
            found = _measure(out.resolve(), standing, Size(ticks, passes))
    except (NotMeasured, NotBaking, NotProved, bundle.NotBuilt) as err:
        return _say(str(err))
    except KeyboardInterrupt:
        _say("interrupted: nothing of it goes on")
        return INTERRUPTED
    for each in shown(found):
        console.print(printed(each.title, each.headings, each.rows))
    if write:
        told = figures(found, standing)
        PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), told, BEGIN), encoding="utf-8")
    return 0


def _measure(folder: Path, standing: int, size: Size) -> list[Measured]:
    task_root = bundle.stage(ROOT / "policies", folder / "built").folder
    baking = bake(policies_of(standing), datetime.now(UTC), _progress("releasing, until all of them bake"))
    world = Simulated(baking.kernel)
    found = []
    with passing(world, folder / "twin.log"), emulated(folder / "ministack", world.url) as emulator:
        here = furnish(emulator, baking)
        for count in OPEN:
            here.open_up_to(count, _progress(f"{count} open: storing them"))
            found.append(measure(here, task_root, size, _progress))
    return found


def _progress(doing: str) -> Steps:
    def steps(over: Iterable[int]) -> Iterable[int]:
        if not console.is_terminal:
            console.print(doing)
            return over
        return track(over, doing, console=console, transient=True)

    return steps


def _say(why: str) -> int:
    sys.stderr.write(f"tick: {why}\n")
    return NOT_MEASURED


if __name__ == "__main__":
    sys.exit(app(result_action="return_value"))
