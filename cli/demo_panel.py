"""The panel of the demonstration on a terminal: the endpoint and its evidence as they are right now. It plays nothing."""

from __future__ import annotations

from rich.console import Group
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from cli.demo_words import least_proof, on_the_way
from cli.explain_steps import Step
from cli.odds_words import odds, process
from cli.tell import minutes, printable
from local.stories import Frame
from pointsman.core.canary_judge import PROOF
from pointsman.core.phases import Phase


def panel(frame: Frame, step: Step | None) -> Panel:
    """The panel; `step` has the judged minutes of the step, None where there are none."""
    rollout = frame.lane.rollout
    title = Text(f"{frame.lane.endpoint}   {frame.now:%H:%M}")
    if rollout is None:
        return Panel(Text("at rest: no rollout is open"), title=title, title_align="left")
    hold = f"   hold: {rollout.hold}" if rollout.hold else ""
    at = f"step {rollout.step + 1} of {len(rollout.plan.steps)}"
    grid = Table.grid(padding=(0, 2))
    grid.add_row("phase", Text(f"{rollout.phase}{hold}", style="bold"))
    grid.add_row("share", _bar(frame.share_percent, at))
    if step is not None and rollout.phase in {Phase.BAKING, Phase.WATCHING}:
        _grow(grid, step)
    grid.add_row(
        "for",
        f"{minutes(frame.now - rollout.entered_at)} in this phase, {minutes(frame.now - rollout.opened_at)} in all",
    )
    grid.add_row("says", Text(printable(frame.said)))
    return Panel(Group(grid), title=title, title_align="left")


def _bar(percent: float, step: str) -> Table:
    return _beside(percent, f"{percent:g} % on the candidate, {step}")


def _grow(grid: Table, step: Step) -> None:
    said = step.judged[-1]
    told = f"{odds(said.evidence)} of {odds(said.needed)} against it, {step.candidate[0]:,} requests in {len(step.rows)} min"
    grid.add_row("evidence", _beside(100 * on_the_way(said.evidence, said.needed), told))
    least = least_proof(step)
    if least is not None:
        name, value = least
        proved = f"{odds(value)} of {odds(PROOF)} for it, least: {process(name)}"
        grid.add_row("proof", _beside(100 * on_the_way(value, PROOF), proved))


def _beside(percent: float, said: str) -> Table:
    bar = Table.grid(padding=(0, 1))
    bar.add_row(ProgressBar(total=100, completed=percent, width=30), said)
    return bar
