"""`python -m benchmarks.cold_start`: measures all functions in turn and prints the tables. What is measured is in `contenders.py`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from cyclopts import App
from rich.console import Console
from rich.progress import track

from benchmarks.cold_start.contenders import ROOT, Contender, prepare
from benchmarks.cold_start.heard import Servers
from benchmarks.cold_start.process import NotMeasured, start
from benchmarks.cold_start.report import BEGIN, HEADINGS, Samples, figures, rows_of
from benchmarks.cold_start.scene import record_scene
from benchmarks.cold_start.servers import serving
from benchmarks.page import printed, renewed
from bundle import NotBuilt

FOLDER, PAGE = Path(".pointsman/bench"), ROOT / "docs" / "benchmarks" / "cold-start.md"
app = App(name="python -m benchmarks.cold_start", help_format="plaintext", version_flags=())
console = Console(highlight=False)


@app.default
def bench(*, runs: int = 20, write: bool = False) -> int:
    """Measure how much CPU time and memory a fresh function takes until its call is on the wire.

    Args:
        runs: Fresh processes for each function.
        write: Put the figures into docs/benchmarks/cold-start.md as well.

    """
    if not Path("/proc/self/schedstat").exists():
        return _say("it reads processor time and memory where Linux keeps them: run it on Linux")
    folder = FOLDER.resolve()
    ways = {
        "From source, as it is deployed": {"PYTHONDONTWRITEBYTECODE": "1"},
        "With bytecode, which does not ship": {"PYTHONPYCACHEPREFIX": str(folder / "bytecode")},
    }
    try:
        field, scene = prepare(ROOT / "policies", folder), record_scene(ROOT / "policies")
        with serving(scene, field.authorities) as servers:
            common = field.environment(scene, servers)
            found = {
                way: _measure(field.contenders, servers, {**common, **more}, runs)
                for way, more in ways.items()
            }
    except (NotMeasured, NotBuilt) as err:
        return _say(str(err))
    except KeyboardInterrupt:
        return _say("interrupted: nothing of it goes on")
    for way, samples in found.items():
        console.print(printed(way, HEADINGS, rows_of(field.contenders, samples)))
    for each in field.contenders:
        console.print(f"{each.name}: {each.about}")
    if write:
        told = figures(runs, {way: rows_of(field.contenders, samples) for way, samples in found.items()})
        PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), told, BEGIN), encoding="utf-8")
    return 0


def _measure(
    contenders: tuple[Contender, ...], servers: Servers, environment: Mapping[str, str], runs: int
) -> Samples:
    """In turn, so that a busy minute of the machine meets all of them; the first round is for the caches alone."""
    rounds = [
        {each.name: start(each.function, servers, environment, each.awaited) for each in contenders}
        for _ in track(range(runs + 1), "measuring", console=console, transient=True)
    ]
    return {each.name: [taken[each.name] for taken in rounds[1:]] for each in contenders}


def _say(why: str) -> int:
    sys.stderr.write(f"cold_start: {why}\n")
    return 1


if __name__ == "__main__":
    sys.exit(app(result_action="return_value"))
