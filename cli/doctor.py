"""`pointsman doctor`: whether an installation is whole, line by line. What is checked is `doctor_checks.py`; it mends nothing."""

from __future__ import annotations

import json as jsonlib
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.doctor_checks import findings
from cli.doctor_findings import Finding, State
from cli.local_env import VARIABLE
from cli.options import AsJson, Exit, guarded
from cli.reach import DEFAULT, Reach
from cli.tell import printable

STYLES = {State.OK: "green", State.PROBLEM: "bold red", State.NOT_READ: "yellow"}
WIDTH = 9


def doctor(*, json: AsJson = False, reach: Reach = DEFAULT) -> int:
    """Check whether an installation is whole: functions, rules, tables, queues, alarms, clock, what you may do.

    Exit code 0 if no problem was found, 1 if one was, 3 if AWS cannot be asked. What may not be read is no problem.

    For example:

        pointsman doctor --region eu-central-1

    Args:
        json: Print one JSON object for programs instead of text.
        reach: Where.

    """

    def body() -> int:
        reached = reach.open()
        here = datetime.now(UTC)
        found = list(findings(reached, here, is_local=VARIABLE in os.environ))
        is_whole = all(each.state is not State.PROBLEM for each in found)
        if json:
            sys.stdout.write(jsonlib.dumps(_report(found, is_whole=is_whole), indent=2) + "\n")
        else:
            _show(found)
        return Exit.OK if is_whole else Exit.NO

    return guarded("doctor", body)


def _report(found: list[Finding], *, is_whole: bool) -> dict[str, Any]:
    return {"ok": is_whole, "findings": [asdict(each) for each in found]}


def _show(found: list[Finding]) -> None:
    console = Console(highlight=False, markup=False, emoji=False)
    if console.is_terminal:
        grid = Table.grid(padding=(0, 2))
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        for each in found:
            grid.add_row(Text(each.state, style=STYLES[each.state]), Text(_said(each)))
        console.print(grid)
    else:
        sys.stdout.write("".join(f"{each.state:<{WIDTH}}{_said(each)}\n" for each in found))
    sys.stdout.write(_summary(found) + "\n")


def _said(finding: Finding) -> str:
    do = f". To do: {printable(finding.do)}" if finding.do else ""
    return f"{printable(finding.what)}: {printable(finding.says)}{do}"


def _summary(found: list[Finding]) -> str:
    counts = {state: sum(1 for each in found if each.state is state) for state in State}
    problems, unread = counts[State.PROBLEM], counts[State.NOT_READ]
    if not problems and not unread:
        return f"All {len(found)} checks are ok."
    return f"{len(found)} checks: {counts[State.OK]} ok, {problems} with a problem, {unread} not read."
