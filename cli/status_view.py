"""How a status looks: a table where it is wide, blocks where it is narrow, one line per rollout in a pipe. It asks nothing."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from cli.status_words import PHASE_STYLES, STYLES, Line, details_of, line_of, next_of, phase_of, step_of
from cli.tell import printable

Json = dict[str, Any]
WIDE = 120
TITLES = ("endpoint", "Region", "version", "share", "step", "phase", "for", "verdict", "next")
NOTHING = "No rollout is open."


def console_of() -> Console:
    """The standard output, plain in a pipe."""
    return Console(highlight=False, markup=False, emoji=False)


def kept(said: str) -> str:
    """A number stays on the line of its percent sign."""
    return said.replace(" %", "\u00a0%")


def plain_line(entry: Json) -> str:
    """One line for a pipe or a log: columns parted by two spaces, the empty ones left out."""
    return "  ".join(each for each in astuple(line_of(entry)) if each)


def plain_details(entry: Json) -> list[str]:
    """Everything about one endpoint, line by line, for a pipe."""
    head = f"{printable(entry['endpoint'])}  {printable(entry['region'])}"
    return [head, *(f"{name:<12}{said}" for name, said in details_of(entry))]


def rollouts_view(entries: list[Json], width: int) -> RenderableType:
    """All open rollouts."""
    if not entries:
        return Text(NOTHING)
    return _table(entries) if width >= WIDE else Group(*(_block(each) for each in entries))


def endpoint_view(entry: Json) -> RenderableType:
    """One endpoint with everything that is known of it."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(overflow="fold")
    for name, said in details_of(entry):
        grid.add_row(name, Text(kept(said), style=_style(name, entry)))
    title = Text.assemble((printable(entry["endpoint"]), "bold"), f"  {printable(entry['region'])}")
    return Group(title, grid)


def _table(entries: list[Json]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for title in TITLES:
        right = title in {"share", "step", "for"}
        folds = title in {"next", "phase"}
        table.add_column(
            title,
            justify="right" if right else "left",
            no_wrap=not folds and title != "endpoint",
            overflow="fold",
            ratio=1 if title == "next" else None,
        )
    for entry in entries:
        table.add_row(*_cells(line_of(entry), entry))
    return table


def _cells(line: Line, entry: Json) -> list[Text]:
    styles = {
        "endpoint": "bold",
        "phase": PHASE_STYLES.get(str(entry.get("phase")), ""),
        "verdict": STYLES.get(line.verdict, ""),
    }
    words = dict(zip(TITLES, astuple(line), strict=True))
    return [Text(kept(words[title]), style=styles.get(title, "")) for title in TITLES]


def _block(entry: Json) -> RenderableType:
    """Two or three lines, for terminals that are too narrow for the table."""
    line = line_of(entry)
    first = Text.assemble((line.endpoint, "bold"), f"  {line.region}  {line.versions}".rstrip())
    if "phase" not in entry:
        return Group(first, _grid([("", line.next)]))
    stands = f"{line.share}, {step_of(entry).split(' (')[0]}, {phase_of(entry)} for {line.since}"
    rows = [("", stands)]
    verdict = entry["verdict"]
    if verdict:
        rows.append(("verdict", f"{line.verdict}: {printable(verdict['sentence'])}"))
    rows.append(("next", next_of(entry)))
    return Group(first, _grid(rows))


def _grid(rows: list[tuple[str, str]]) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="dim", min_width=7)
    grid.add_column(overflow="fold")
    for name, said in rows:
        grid.add_row(name, Text(kept(said)))
    return grid


def _style(name: str, entry: Json) -> str:
    if name == "phase":
        return PHASE_STYLES.get(str(entry.get("phase")), "bold")
    verdict = entry.get("verdict")
    return STYLES.get(str(verdict["opinion"]), "") if name == "verdict" and verdict else ""
