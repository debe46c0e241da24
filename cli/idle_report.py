"""How the report on idle endpoints looks: a table, lines for narrow terminals, CSV, JSON. What stands in it is `idle_rows.py`."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from cli.idle_rows import COLUMNS, Report, Row
from cli.policy_page import Paragraph, print_indented, print_paragraphs
from cli.tell import printable
from pointsman.account import Account
from pointsman.core.idle_cost import is_accelerated
from pointsman.core.idle_finding import Verdict

if TYPE_CHECKING:
    from rich.console import Console

WIDE = 150
"""From here on a table of nine columns is readable."""
STYLES = {Verdict.IDLE: "bold yellow", Verdict.UNDERUSED: "yellow", Verdict.UNKNOWN: "magenta"}
MONEY = (5, 6)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
CSV_COLUMNS = (
    "endpoint",
    "verdict",
    "reason",
    "suggestion",
    "runs_on",
    "accelerated",
    "gpu_percent",
    "idle_since",
    "usd_so_far",
    "usd_per_month",
    "price_of",
    "team",
)


def print_report(console: Console, report: Report, account: Account) -> None:
    """For people: the rows, then what they come to, and what was not looked at."""
    if report.rows:
        _print_rows(console, report.rows)
    print_paragraphs(console, _endings(report, account))


def report_as_json(report: Report, account: Account) -> dict[str, Any]:
    """For programs: the shape is described in docs/idle.md."""
    window = report.looked.window
    return {
        "account": account.identity.account,
        "region": account.region,
        "read_at": account.now.isoformat(),
        "since": window.since.isoformat(),
        "history_since": window.history_since.isoformat(),
        "counts": {verdict.value: report.counts[verdict] for verdict in Verdict},
        "idle_usd_so_far": round(report.so_far, 2),
        "idle_usd_per_month": round(report.per_month, 2),
        "price_of": report.as_of.isoformat() if report.as_of else None,
        "unpriced": list(report.unpriced),
        "unasked": report.looked.unasked or None,
        "not_shown": report.hidden,
        "endpoints": [row_as_json(row) for row in report.rows],
    }


def row_as_json(row: Row) -> dict[str, Any]:
    """One finding. Money in USD; None: not known."""
    finding, cost = row.finding, row.cost
    return {
        "endpoint": finding.name,
        "verdict": finding.verdict.value,
        "reason": finding.reason,
        "suggestion": finding.suggestion or None,
        "rests_on": list(finding.rests_on),
        "instances": {kind or "not read": count for kind, count in finding.endpoint.by_type.items()},
        "accelerated": is_accelerated(finding.endpoint) if finding.endpoint.is_described else None,
        "gpu_percent": _rounded(row.gpu_percent, 1),
        "requests": finding.requests,
        "idle_since": finding.idle_since.isoformat() if finding.idle_since else None,
        "idle_for_longer": finding.is_longer,
        "usd_so_far": _rounded(cost.so_far, 2),
        "usd_per_month": _rounded(cost.per_month, 2),
        "price_of": cost.as_of.isoformat() if cost.as_of else None,
        "team": row.team or None,
    }


def print_csv(report: Report) -> None:
    """For spreadsheets: one line for each endpoint, and no cell that a spreadsheet would take for a formula."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for row in report.rows:
        facts = row_as_json(row) | {"runs_on": row.runs_on}
        cells = [facts[name] for name in CSV_COLUMNS]
        writer.writerow(["" if cell is None else _harmless(str(cell)) for cell in cells])


def _rounded(amount: float | None, digits: int) -> float | None:
    return None if amount is None else round(amount, digits)


def _print_rows(console: Console, rows: tuple[Row, ...]) -> None:
    if not console.is_terminal:
        _print_aligned(console, rows)
    elif console.width >= WIDE:
        _print_table(console, rows)
    else:
        for row in rows:
            _print_lines(console, row)


def _print_table(console: Console, rows: tuple[Row, ...]) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for index, title in enumerate(COLUMNS):
        table.add_column(title, overflow="fold", justify="right" if index in MONEY else "left")
    for row in rows:
        styles = {0: "bold", 1: STYLES.get(row.finding.verdict, "")}
        cells = (Text(printable(cell), style=styles.get(index, "")) for index, cell in enumerate(row.cells))
        table.add_row(*cells)
    console.print(table)


def _print_aligned(console: Console, rows: tuple[Row, ...]) -> None:
    """One line for each endpoint, however long: what reads it may cut it."""
    lines = [COLUMNS, *(row.cells for row in rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(COLUMNS))]
    for line in lines:
        cells = (
            printable(cell).rjust(width) if index in MONEY else printable(cell).ljust(width)
            for index, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        console.print("  ".join(cells).rstrip(), soft_wrap=True)


def _print_lines(console: Console, row: Row) -> None:
    name, verdict, instances, gpu, since, so_far, month, team, why = (printable(cell) for cell in row.cells)
    title = Text.assemble((name, "bold"), "  ", (verdict, STYLES.get(row.finding.verdict, "")))
    console.print(title, soft_wrap=True)
    facts = [instances, f"GPU {gpu}" if gpu else "", f"idle since {since}" if since else ""]
    money = [f"so far {so_far}" if so_far else "", f"a month {month}" if month else "", f"team {team}"]
    print_indented(console, f"{', '.join(each for each in (*facts, *money) if each)}.")
    print_indented(console, f"{why[:1].upper()}{why[1:]}.")


def _endings(report: Report, account: Account) -> Iterator[Paragraph]:
    total = sum(report.counts.values())
    place = f"account {account.identity.account}, {account.region}"
    if not total:
        yield Paragraph(f"No endpoints in {place}", ("Another Region: --region.",))
        return
    counts = ", ".join(f"{report.counts[verdict]} {verdict.value}" for verdict in Verdict)
    yield Paragraph("What it comes to", (f"{counts}.", *money(report)))
    hidden = f" Not shown: {report.hidden} that are busy or exempt (--all)." if report.hidden else ""
    window = report.looked.window
    read = (
        f"{total} endpoints of {place}, {account.now:%Y-%m-%d %H:%M} UTC: {window.days} days without a request, "
        f"history from {window.history_since:%Y-%m-%d} on.{hidden}"
    )
    unasked = report.looked.unasked
    said = (f"{unasked[:1].upper()}{unasked[1:]}.",) if unasked else ()
    yield Paragraph("Read", (read, *said, "Nothing was changed, and nothing is stopped by this version."))


def money(report: Report) -> Iterator[str]:
    """What is idle costs, with the day of its prices, and what has no price."""
    if report.as_of is not None:
        yield (
            f"Idle: {'at least ' if report.is_longer else ''}${report.so_far:,.0f} so far and ${report.per_month:,.0f} a month of 730 hours, at today's size and "
            f"the on-demand list price of {report.as_of}."
        )
    if report.unpriced:
        yield f"Without a price in the table, so in no sum: {', '.join(report.unpriced)}."


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
