"""`pointsman explain`: every decision of a rollout with its numbers, as text, JSON or one HTML page. It reads; it decides nothing."""

from __future__ import annotations

import json as jsonlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cli import explain_source
from cli.explain_source import BadFile
from cli.explain_steps import steps_lines
from cli.explain_words import by_of, day_of, evidence_of, odds_of, others_of, outcome_of, tolerance_of
from cli.explained import Explained
from cli.options import Exit, guarded, say
from cli.page import page
from cli.reach import DEFAULT, Reach
from cli.tell import INDENT, decision_lines, printable, wrapped


def explain(
    rollout: str,
    /,
    *,
    from_file: Annotated[Path | None, Parameter(name="--from")] = None,
    html: Path | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
    reach: Reach = DEFAULT,
) -> int:
    """Tell every decision about a rollout: when, what, why, on which numbers against which tolerance, and by whom.

    For example:

        pointsman explain chat-llm
        pointsman explain chat-llm.v2 --html page.html
        pointsman explain chat-llm.v2 --from .pointsman/demo.jsonl

    Args:
        rollout: Id of the rollout, its beginning where that fits only one, or an endpoint for its newest.
        from_file: A file of records, as `pointsman demo` writes it; the installation is asked otherwise.
        html: Write one page with charts, which needs nothing else, to this file.
        json: Print the records as JSON lines.
        reach: Where.

    """
    try:
        return guarded("explain", lambda: _explained(_told(rollout, from_file, reach), html, as_json=json))
    except BadFile as err:
        sys.stderr.write(f"pointsman explain: {err}\n")
        return Exit.WRONG_USE


def _explained(told: Explained, html: Path | None, *, as_json: bool) -> int:
    if html is not None:
        return _write(told, html)
    if as_json:
        sys.stdout.write("".join(jsonlib.dumps(facts, sort_keys=True) + "\n" for facts in told.facts))
    else:
        sys.stdout.write("".join(f"{line}\n" for line in _lines(told, _width())))
    return Exit.NO if told.problems else Exit.OK


def _told(rollout: str, file: Path | None, reach: Reach) -> Explained:
    if file is not None:
        return explain_source.from_file(file, rollout)
    return explain_source.from_installation(reach.open(), rollout)


def _write(told: Explained, html: Path) -> int:
    try:
        html.write_text(page(told), encoding="utf-8")
    except OSError as err:
        return say("explain", f"{html} cannot be written: {err}", Exit.WRONG_USE)
    sys.stdout.write(f"Written: {html}\n")
    if told.problems:
        return say("explain", "the chain is broken: the page says where", Exit.NO)
    return Exit.OK


def _width() -> int | None:
    """Columns of the terminal; None in a pipe, where nothing is wrapped."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _lines(told: Explained, width: int | None) -> Iterator[str]:
    outcome, _tone = outcome_of(told)
    yield f"Rollout {printable(told.rollout)}"
    yield f"Endpoint {printable(told.endpoint)}, version {printable(told.version)}: {outcome}"
    tolerance = tolerance_of(told.health)
    if tolerance:
        kept = "" if told.health_of == "rollout" else " (today's policy; that of then is not kept)"
        yield f"Tolerated {tolerance}{kept}"
    day = ""
    for facts in told.facts:
        if day_of(facts) != day:
            day = day_of(facts)
            yield f"\n  {day}, UTC"
        yield from decision_lines(facts, width)
        for said in (evidence_of(facts, None), odds_of(facts), others_of(facts)):
            yield from wrapped(said, width) if said else ()
        if facts.get("act"):
            yield f"{INDENT}act: {by_of(facts)}"
    if told.minutes:
        yield "\n  Evidence step by step; in brackets 95 % bands (Wilson)"
        yield from steps_lines(told)
    yield ""
    yield told.chain
    yield from (f"  {printable(problem)}" for problem in told.problems)
