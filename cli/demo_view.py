"""How the demonstration looks: live on a terminal, plain lines in a pipe, JSON lines for programs. It plays nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from cli.demo_panel import panel
from cli.demo_words import Growing, growth, in_short, strength
from cli.tell import MOVE_WIDTH, SHARE_WIDTH, decision_columns, decision_line, minutes, printable
from local.stories import Ending, Frame, Stage, Story
from pointsman.core.phases import Phase

EVERY = 5
"""Minutes of a step between two lines about its evidence."""


class View(Protocol):
    """Something that shows the demonstration."""

    def open(self, stage: Stage) -> None:
        """The stories are about to begin."""
        ...

    def begin(self, story: Story) -> None:
        """A story begins."""
        ...

    def frame(self, frame: Frame) -> None:
        """A minute has passed."""
        ...

    def end(self, ending: Ending) -> None:
        """A story has ended."""
        ...

    def summary(self, endings: Sequence[Ending], out: Path, log: Path) -> None:
        """All stories have ended."""
        ...

    def close(self) -> None:
        """Leave the terminal as it was."""
        ...


class JsonView:
    """Records as JSON lines, nothing else."""

    def open(self, stage: Stage) -> None:
        """Say nothing."""

    def begin(self, story: Story) -> None:
        """Say nothing."""

    def frame(self, frame: Frame) -> None:
        """Print what is new: what was hashed, and the hash."""
        for record in frame.records:
            sys.stdout.write(json.dumps(record.facts() | {"hash": record.hash}, sort_keys=True) + "\n")
        sys.stdout.flush()

    def end(self, ending: Ending) -> None:
        """Say nothing."""

    def summary(self, endings: Sequence[Ending], out: Path, log: Path) -> None:
        """Say nothing."""

    def close(self) -> None:
        """Nothing to restore."""


class PlainView:
    """Lines for a pipe or a log: one for each decision."""

    def __init__(self, console: Console | None = None) -> None:
        """Write to stdout unless told otherwise."""
        self.console = console or Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
        self.growing = Growing()

    def open(self, stage: Stage) -> None:
        """Say what is replayed, and under which policy."""
        plan, health, trace = stage.policy.plan, stage.policy.plan.health, stage.trace
        shares = ", ".join(str(step) for step in plan.steps)
        self.console.print(
            f"Replaying {printable(trace.name)}: {len(trace.rows):,} requests in {minutes(trace.length)}, "
            f"{trace.requests_per_minute:,.0f} a minute, looped.\n"
            f"Policy of endpoint {stage.policy.endpoint}: steps {shares} %, each baked {minutes(plan.bake_min)} to "
            f"{minutes(plan.bake_max)}, watched {minutes(plan.watch)}; tolerated are {health.max_error_percent:g} % "
            f"failed and {health.max_slow_percent:g} % slower than {health.slow_over.total_seconds():.2f} s "
            f"(1.5 times what 98 % of this traffic takes), judged from {health.min_requests} requests on."
        )

    def begin(self, story: Story) -> None:
        """Title."""
        self.growing = Growing()
        self.console.print(f"\nStory {story.number}: {story.title}", style="bold")

    def frame(self, frame: Frame) -> None:
        """A line for each record that is new, and now and then how far the evidence is."""
        self.growing.take(frame.minutes)
        if frame.minutes:
            self.grow(frame)
        for record in frame.records:
            self.line(in_short(record.facts()))

    def grow(self, frame: Frame) -> None:
        """One line in some minutes: a pipe keeps all of them."""
        step, rollout = self.growing.step, frame.lane.rollout
        if step is None or rollout is None or rollout.phase is not Phase.BAKING or len(step.rows) % EVERY:
            return
        head = f"{step.name}, minute {len(step.rows)}"
        share = f"{step.judged[-1].share_bps / 100:g} %"
        at = f"{step.rows[-1].at + step.rows[-1].length:%H:%M:%S}"
        self.console.print(
            f"  {at}  {head:{MOVE_WIDTH}}  {share:>{SHARE_WIDTH}}  {growth(step)}", style="dim"
        )

    def line(self, facts: dict[str, Any]) -> None:
        """One record."""
        self.console.print(decision_line(facts))

    def end(self, ending: Ending) -> None:
        """How it ended."""
        self.console.print(
            f"  => {ending.phase} after {minutes(ending.took)}; {strength(ending)}", style="bold"
        )

    def summary(self, endings: Sequence[Ending], out: Path, log: Path) -> None:
        """A table of all endings, and where to look further."""
        self.console.print()
        self.console.print(_table(endings))
        whole = all(not ending.chain_problems for ending in endings)
        self.console.print(
            f"Audit chains: {'whole' if whole else 'BROKEN'}.", style="" if whole else "bold red"
        )
        last = next((ending for ending in reversed(endings) if ending.harmed), endings[-1])
        self.console.print(
            f"\nLook further:\n"
            f"  bin/pointsman explain {last.rollout} --from {out}\n"
            f"  {out}  every record   {log}  log lines and metrics of the handlers"
        )

    def close(self) -> None:
        """Nothing to restore."""


class LiveView(PlainView):
    """The same on a terminal, with the endpoint as it is right now below the lines."""

    def __init__(self) -> None:
        """Take the terminal."""
        super().__init__(Console(highlight=False, markup=False, emoji=False))
        self._live = Live(console=self.console, refresh_per_second=12, transient=True)

    def begin(self, story: Story) -> None:
        """Title; the panel starts."""
        super().begin(story)
        self._live.start()

    def frame(self, frame: Frame) -> None:
        """Lines, and the panel."""
        super().frame(frame)
        self._live.update(panel(frame, self.growing.step), refresh=True)

    def grow(self, frame: Frame) -> None:
        """The panel shows it, every minute anew."""

    def line(self, facts: dict[str, Any]) -> None:
        """One record, wrapped within its column."""
        grid = Table.grid(padding=(0, 2, 0, 0))
        for width in (10, MOVE_WIDTH, SHARE_WIDTH, None):
            grid.add_column(
                min_width=width, justify="right" if width in {10, SHARE_WIDTH} else "left", overflow="fold"
            )
        grid.add_row(*(Text(column) for column in decision_columns(facts)))
        self.console.print(grid)

    def end(self, ending: Ending) -> None:
        """The panel goes, the ending stays."""
        self._live.stop()
        super().end(ending)

    def close(self) -> None:
        """Give the terminal back."""
        self._live.stop()


def _table(endings: Sequence[Ending]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("story", "ended", "took", "failed or slow on the new version", "share", "peak instances"):
        table.add_column(title, justify="left" if title == "ended" else "right", no_wrap=title == "ended")
    for ending in endings:
        table.add_row(
            str(ending.story.number),
            Text(str(ending.phase) if ending.is_as_told else f"{ending.phase} (not as told)"),
            minutes(ending.took),
            f"{ending.harmed:,} of {ending.requests:,}",
            f"{ending.harmed_percent:.2f} %",
            f"{ending.peak_instances} (was {ending.baseline_instances})",
        )
    return table
