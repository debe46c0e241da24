"""How a plan looks: tables on a terminal, the text of the message in a pipe. It works nothing out."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from cli.tell import printable
from pointsman.core.plan_text import STAGES, plan_text
from pointsman.core.plan_words import (
    accelerators_of,
    alarm_line,
    cost_line,
    ending,
    heading,
    lengths,
    moments,
    quota_line,
    requests_at,
    step_cells,
    times_heading,
    watch_line,
)
from pointsman.core.release_plan import ReleasePlan

ENDLESS = 10_000
NARROWEST, WIDEST = 60, 160


def print_plan(plan: ReleasePlan, console: Console | None = None) -> None:
    """Print it whole."""
    if console is None and not sys.stdout.isatty():
        sys.stdout.write("\n".join(plan_text(plan, ENDLESS)) + "\n")
        return
    console = console or Console(markup=False, emoji=False, highlight=False)
    console.width = max(NARROWEST, min(WIDEST, console.width))
    for part in _parts(plan):
        console.print(part)


def _parts(plan: ReleasePlan) -> list[RenderableType]:
    head = _pairs([(label, said) for label, said in heading(plan)])
    parts: list[RenderableType] = [head]
    if plan.needs:
        parts += [_title("Instances"), _fleets(plan), _lines(quota_line(fit) for fit in plan.quota)]
        parts.append(Text("  SageMaker tells nobody in advance whether it has the instances.", style="dim"))
        parts += [_title("Time"), _lines([times_heading(plan)]), _times(plan)]
    parts += [_title("Cost"), _lines([cost_line(plan)])]
    if plan.guards:
        parts += [_title("Alarms"), _lines(alarm_line(guard) for guard in plan.guards)]
    if plan.undo:
        parts += [_title("Taken back"), _pairs([(each.when, each.how) for each in plan.undo])]
    if plan.notes:
        parts += [_title("To know"), _lines(plan.notes, "- ")]
    if plan.unread:
        parts += [_title("Not read"), _lines(plan.unread, "- ")]
    return [*parts, Text(""), _ending(plan)]


def _fleets(plan: ReleasePlan) -> Table:
    table = _table("stage", "instances", "of which")
    table.columns[1].justify = "right"
    peak = max(need.total for need in plan.needs)
    for need in plan.needs:
        types = ", ".join(f"{count} x {kind}" for kind, count in need.by_type.items())
        made_of = " + ".join(f"{what} {fleet.count}" for what, fleet in need.parts)
        style = "bold" if need.total == peak else ""
        table.add_row(
            STAGES[need.stage],
            Text(str(need.total), style=style),
            printable(f"{types}{accelerators_of(plan, need)}: {made_of}"),
        )
    return table


def _times(plan: ReleasePlan) -> RenderableType:
    table = _table("step", "requests a minute", "earliest", "expected", "latest")
    for index, percent in enumerate(plan.facts.policy.plan.steps):
        gate = " after an approval" if percent in plan.facts.policy.plan.gates else ""
        gets = requests_at(plan, index, percent) or "?"
        table.add_row(f"{percent} % proved{gate}", gets, *step_cells(plan, index, percent))
    table.add_row("promoted", "", *moments(plan, lambda course: course.promoted))
    table.add_row("after its start", "", *lengths(plan))
    table.add_row("watch over", "", *moments(plan, lambda course: course.ended))
    return table if plan.times.expected.promoted is not None else Group(table, _lines([watch_line(plan)]))


def _ending(plan: ReleasePlan) -> Text:
    style = "bold green" if plan.is_ready else "bold red"
    first, *others = (printable(said) for said in ending(plan))
    return Text("\n").join([Text(first, style=style), *(Text(other) for other in others)])


def _title(said: str) -> Text:
    return Text(f"\n{said}", style="bold")


def _lines(sentences: Iterable[str], mark: str = "") -> Table:
    grid = Table.grid(padding=(0, 0, 0, 2))
    for said in sentences:
        grid.add_row(Text(f"{mark}{printable(said)}"))
    return grid


def _pairs(pairs: list[tuple[str, str]]) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column()
    for label, said in pairs:
        grid.add_row(label, Text(printable(said)))
    return grid


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 2), pad_edge=False)
    for column in columns:
        table.add_column(column, header_style="dim")
    return table
