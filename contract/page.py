"""The table of docs/contract.md, and the record of what a real account has proved. Nothing is run here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from contract.case import Case, Ground, every_case
from contract.run import Outcome, Verdict

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "contract.md"
PROVED = Path(__file__).with_name("proved.json")
BEGIN = "<!-- The table is written by `make contract-page`. -->"
_WORDS = {Ground.CONFIRMED: "confirmed", Ground.RECALLED: "recalled", Ground.INFERRED: "inferred"}


def proved() -> dict[str, str]:
    """When and where each case held in a real account, by its name."""
    read: dict[str, str] = json.loads(PROVED.read_text(encoding="utf-8"))
    return read


def noted(verdicts: Sequence[Verdict], day: date, region: str) -> str:
    """The record with these verdicts in it: what held is proved, and what does not hold is not proved any more."""
    known = proved()
    for verdict in verdicts:
        if verdict.outcome is Outcome.HOLDS:
            known[verdict.case.name] = f"{day}, {region}"
        elif verdict.outcome is Outcome.DIFFERS:
            known.pop(verdict.case.name, None)
    return json.dumps(known, indent=2, sort_keys=True) + "\n"


def table() -> str:
    """One row for each case: claim, line of the facts, how that line is known, and whether a real account proved it."""
    known = proved()
    rows = [
        "| Case | What it claims | Facts | Known | Proved by a real account |",
        "| --- | --- | --- | --- | --- |",
    ]
    cases = sorted(every_case(), key=lambda case: (case.chapter, case.name))
    return "\n".join(rows + [_row(case, known.get(case.name, "not yet")) for case in cases]) + "\n"


def _row(case: Case, when: str) -> str:
    title = f"{case.chapter}: {case.name.replace('_', ' ')}"
    return f"| {title} | {case.claim} | {case.section} [{case.ground}] | {_WORDS[case.ground]} | {when} |"


def written(page: str) -> str:
    """The page with the table as it must be now."""
    return page.partition(BEGIN)[0] + BEGIN + "\n\n" + table()
