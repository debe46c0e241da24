"""`pointsman releases`: one line per release, of one endpoint or of all. It shows what the installation answers."""

from __future__ import annotations

import json as jsonlib
import sys
from datetime import timedelta
from functools import partial
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.options import AsJson, Exit, guarded, say
from cli.reach import DEFAULT, Reach
from cli.status_words import PHASE_STYLES, day
from cli.tell import minutes, printable

Json = dict[str, Any]
TITLES = ("rollout", "version", "opened", "took", "ended in", "share", "approved by", "why")
WIDE = 200


def releases(
    endpoint: str | None = None,
    /,
    *,
    every: Annotated[bool, Parameter(name="--all", negative=())] = False,
    limit: int | None = None,
    json: AsJson = False,
    reach: Reach = DEFAULT,
) -> int:
    """Show releases, newest first: when, how each ended, who approved it, how far it came and how long it took.

    For example:

        pointsman releases chat-llm --limit 5
        pointsman releases --all

    Args:
        endpoint: Name of an endpoint.
        every: The last few of every endpoint, as without a name.
        limit: How many, of each endpoint: 20 of one, 3 of each of all.
        json: Print one JSON object for programs instead of text.
        reach: Where.

    """
    wrong = _wrong(endpoint, limit, every=every)
    if wrong:
        return say("releases", wrong, Exit.WRONG_USE)

    def body() -> int:
        reached = reach.open()
        ask = reached.ask if endpoint else partial(reached.ask_on, parts=("releases",))
        told = ask("releases", endpoint=endpoint, limit=limit)
        if json:
            sys.stdout.write(jsonlib.dumps(told, indent=2) + "\n")
        else:
            _show(told["releases"])
        return Exit.OK

    return guarded("releases", body)


def _wrong(endpoint: str | None, limit: int | None, *, every: bool) -> str:
    if endpoint is not None and every:
        return "name an endpoint, or say --all, not both"
    return f"--limit must be 1 or more, not {limit}" if limit is not None and limit < 1 else ""


def _show(rows: list[Json]) -> None:
    if not rows:
        sys.stdout.write("No release is recorded.\n")
        return
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        sys.stdout.write("".join("  ".join(_cells(row)) + "\n" for row in rows))
    elif console.width >= WIDE:
        console.print(_table(rows))
    else:
        for row in rows:
            console.print(_block(row))


def _cells(row: Json) -> list[str]:
    return [
        printable(row["rollout"]),
        f"v{row['version']}",
        day(row["opened_at"]),
        _took(row),
        _phase(row),
        f"{row['peak_share_percent']:g} %",
        printable(row["approved_by"]) or "unknown",
        printable(row["reason"]),
    ]


def _took(row: Json) -> str:
    return "open" if row["took_s"] is None else minutes(timedelta(seconds=row["took_s"]))


def _phase(row: Json) -> str:
    cause = f" ({printable(row['cause'])})" if row["cause"] else ""
    return f"{printable(row['phase'] or 'PENDING')}{cause}"


def _table(rows: list[Json]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for title in TITLES:
        folds = title in {"why", "approved by", "ended in"}
        right = title in {"took", "share"}
        table.add_column(
            title,
            justify="right" if right else "left",
            no_wrap=not folds,
            overflow="fold",
            ratio=1 if title == "why" else None,
        )
    for row in rows:
        cells = _cells(row)
        style = PHASE_STYLES.get(str(row["phase"]), "")
        table.add_row(
            *(
                Text(cell, style=style if title == "ended in" else "")
                for title, cell in zip(TITLES, cells, strict=True)
            )
        )
    return table


def _block(row: Json) -> Group:
    name, version, opened, took, phase, share, by, why = _cells(row)
    ended = Text.assemble((phase, PHASE_STYLES.get(str(row["phase"]), "")), f", {took}, at most {share}")
    lines = [ended, Text(f"opened {opened}, approved by {by}"), Text(why)]
    return Group(
        Text.assemble((name, "bold"), f"  {version}"), *(Padding(line, (0, 0, 0, 4)) for line in lines)
    )
