"""How the report on an account looks: a table, lines for narrow terminals, CSV, JSON. What stands in it is `adopt_rows.py`."""

from __future__ import annotations

import csv
import json
import sys
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from cli.adopt_rows import COLUMNS, OF_COLUMN, Report, Row
from cli.adopt_words import runs_on, strategy_of
from cli.policy_page import Paragraph, print_indented, print_paragraphs
from cli.tell import printable
from pointsman.account import Account
from pointsman.core.owner import team_of
from pointsman.core.ownership import owner_in_code
from pointsman.core.risks import ADVICE

if TYPE_CHECKING:
    from rich.console import Console

WIDE = 140
"""From here on a table of seven columns is readable."""
LONGEST_NAME = 63
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def print_report(console: Console, report: Report, account: Account) -> None:
    """For people: the rows, then what was left out, then what to do first."""
    if report.rows:
        _print_rows(console, report)
    if report.hidden:
        others = "1 endpoint that cannot" if report.hidden == 1 else f"{report.hidden} endpoints that cannot"
        console.print(
            f"\nNot shown: {others} be adopted yet and at which nothing is at risk (--all).", soft_wrap=True
        )
    print_paragraphs(console, _endings(report, account))


def report_as_json(report: Report, account: Account) -> dict[str, Any]:
    """For programs: the shape is described in docs/adopt.md."""
    return {
        "account": account.identity.account,
        "region": account.region,
        "read_at": account.now.isoformat(),
        "endpoints": [_row_as_json(row) for row in report.rows],
        "not_shown": report.hidden,
        "adoptable": list(report.adoptable),
        "do_first": [
            {"risk": each.risk.value, "endpoints": list(each.endpoints), "advice": ADVICE[each.risk]}
            for each in report.firsts
        ],
        "unread": list(report.unread),
    }


def print_csv(report: Report) -> None:
    """For spreadsheets: one line for each endpoint, and no cell that a spreadsheet would take for a formula."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(
        [
            "endpoint",
            "status",
            "kind",
            "runs_on",
            "strategy",
            "owned_by",
            "confidence",
            "team",
            "at_risk",
            "unread",
        ]
    )
    for row in report.rows:
        facts = _row_as_json(row)
        risks = "; ".join(each["what"] for each in facts["risks"])
        cells = [facts["endpoint"], facts["status"], row.cells[1], facts["runs_on"], facts["strategy"]]
        owner = [facts["owned_by"]["name"], facts["owned_by"]["confidence"], facts["team"] or ""]
        writer.writerow([_harmless(cell) for cell in [*cells, *owner, risks, " ".join(facts["unread"])]])


def _row_as_json(row: Row) -> dict[str, Any]:
    sight, owner, team = row.sight, owner_in_code(row.sight), team_of(row.sight.tags)
    return {
        "endpoint": sight.name,
        "status": sight.status,
        "config": sight.config_name,
        "kinds": list(dict.fromkeys(each.kind.value for each in sight.traits)),
        "runs_on": runs_on(sight),
        "takes_canary": row.takes_canary,
        "strategy": strategy_of(sight),
        "owned_by": {
            "name": owner.by.value,
            "tool": owner.tool.value,
            "confidence": owner.confidence.value,
            "evidence": list(owner.evidence),
        },
        "team": team[1] if team else None,
        "risks": [
            {"risk": each.risk.value, "what": each.what, "advice": ADVICE[each.risk]} for each in row.risks
        ],
        "unread": list(sight.unread),
    }


def _print_rows(console: Console, report: Report) -> None:
    if not console.is_terminal:
        _print_aligned(console, report)
    elif console.width >= WIDE:
        _print_table(console, report)
    else:
        for row in report.rows:
            _print_lines(console, row)


def _print_table(console: Console, report: Report) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    longest = max(len(row.sight.name) for row in report.rows)
    for title in COLUMNS:
        # A name is copied: it is kept whole, and the sentences beside it fold.
        is_name = title == COLUMNS[0]
        table.add_column(title, overflow="fold", min_width=min(longest, LONGEST_NAME) if is_name else None)
    for row in report.rows:
        table.add_row(
            *(Text(printable(cell), style=_style(row, index)) for index, cell in enumerate(row.cells))
        )
    console.print(table)


def _print_aligned(console: Console, report: Report) -> None:
    """One line for each endpoint, however long: what reads it may cut it."""
    lines = [COLUMNS, *(row.cells for row in report.rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(COLUMNS))]
    for line in lines:
        padded = (printable(cell).ljust(width) for cell, width in zip(line, widths, strict=True))
        console.print("  ".join(padded).rstrip(), soft_wrap=True)


def _print_lines(console: Console, row: Row) -> None:
    name, kind, instances, strategy, owner, team, risks = (printable(cell) for cell in row.cells)
    console.print(Text(name, style="bold"), soft_wrap=True)
    print_indented(
        console, f"{kind}, {instances}. Strategy: {strategy}. Owned in code by {owner}, team {team}."
    )
    if row.risks:
        print_indented(console, f"At risk: {risks}.")


def _style(row: Row, index: int) -> str:
    if index == 0:
        return "bold"
    return "yellow" if index == len(COLUMNS) - 1 and row.risks else ""


def _endings(report: Report, account: Account) -> list[Paragraph]:
    total = len(report.rows) + report.hidden
    if not total:
        return [
            Paragraph(
                f"No endpoints in account {account.identity.account}, {account.region}",
                ("Another Region: --region.",),
            )
        ]
    found = (
        [
            Paragraph(
                "What to do first",
                tuple(f"{number}. {printable(each)}" for number, each in enumerate(report.firsts, 1)),
            )
        ]
        if report.firsts
        else []
    )
    if report.adoptable:
        said = f"{len(report.adoptable)} of {total} endpoints can be rolled out by canary as they are. The policy of one: "
        found.append(Paragraph("What could be adopted", (f"{said}pointsman adopt {report.adoptable[0]}",)))
    if report.unread:
        gaps = tuple(f"{name}: {OF_COLUMN.get(name, 'some values')}" for name in report.unread)
        found.append(Paragraph("Not read, for lack of permission (pointsman adopt --permissions)", gaps))
    read = f"Account {account.identity.account}, {account.region}, {account.now:%Y-%m-%d %H:%M} UTC. Nothing was changed."
    return [*found, Paragraph("Read", (read,))]


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def print_json(facts: dict[str, Any]) -> None:
    """One object."""
    sys.stdout.write(json.dumps(facts, indent=2) + "\n")
