"""`pointsman idle`: which endpoints of an account nobody uses, what they cost, and how that is known. It reads; nothing is stopped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from cli.adopt_report import print_json
from cli.idle_page import page as html_page
from cli.idle_reading import looked
from cli.idle_report import print_csv, print_report, report_as_json
from cli.idle_rows import Report, report_of
from cli.options import AsJson, Exit, guarded, say
from cli.policy_page import page
from cli.reach import DEFAULT, Reach
from pointsman.account import Account

app = App(
    name="idle",
    help="""Find endpoints that nobody uses, and what they cost. Nothing is stopped.

    Start with: pointsman idle report
    """,
)
LONGEST = 60
"""Days. CloudWatch keeps hours for longer, but a look would take many more pages."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown, and how."""

    everything: Annotated[
        bool,
        Parameter(name="--all", negative=(), help="Also what is busy or exempt, and rare use without GPUs."),
    ] = False
    csv: Annotated[bool, Parameter(negative=(), help="For spreadsheets.")] = False
    html: Annotated[
        Path | None, Parameter(help="Write one page with charts, which needs nothing else, to this file.")
    ] = None


AS_TEXT = Shown()


@app.command
def report(
    *,
    days: Annotated[int, Parameter(help="Days without any request that make an endpoint idle.")] = 14,
    policies: Annotated[
        Path | None, Parameter(help="Folder of policies: endpoints whose policy is frozen are left alone.")
    ] = None,
    shown: Shown = AS_TEXT,
    as_json: AsJson = False,
    reach: Reach = DEFAULT,
) -> int:
    """Report which endpoints of the account and Region are idle, with what that rests on and what they cost.

    It reads with your own credentials and changes nothing. What could not be read is never called idle, and said.

    Examples: `pointsman idle report`, `pointsman idle report --days 30 --html idle.html`,
    `pointsman idle report --all --json`. docs/idle.md describes the rules, the JSON and the permissions.
    """
    if wrong := _wrong_use(days, shown, as_json=as_json):
        return say("idle report", wrong, Exit.WRONG_USE)

    def body() -> int:
        reached = reach.open()
        found = looked(reached, days, policies, everything=shown.everything)
        made = report_of(found, reached.account, everything=shown.everything)
        return _print(made, reached.account, shown, as_json=as_json)

    return guarded("idle report", body)


def _wrong_use(days: int, shown: Shown, *, as_json: bool) -> str:
    """What is wrong with the call; empty where nothing is."""
    if not 1 <= days <= LONGEST:
        return f"--days must be between 1 and {LONGEST}, not {days}"
    if [as_json, shown.csv, shown.html is not None].count(True) > 1:
        return "one of --json, --csv and --html, not more"
    return ""


def _print(made: Report, account: Account, shown: Shown, *, as_json: bool) -> int:
    if shown.html is not None:
        try:
            shown.html.write_text(html_page(made, account), encoding="utf-8")
        except OSError as err:
            return say("idle report", f"{shown.html} cannot be written: {err.strerror}", Exit.WRONG_USE)
        page().print(f"Written: {shown.html}", soft_wrap=True)
    elif as_json:
        print_json(report_as_json(made, account))
    elif shown.csv:
        print_csv(made)
    else:
        print_report(page(), made, account)
    return Exit.OK
