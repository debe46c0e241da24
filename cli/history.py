"""`pointsman history`: the audit records of an endpoint, newest first. It shows what the installation answers."""

from __future__ import annotations

import json as jsonlib
import sys
from typing import Any

from cli.explain_words import by_of, day_of, evidence_of
from cli.options import AsJson, Exit, guarded, say
from cli.reach import DEFAULT, Reach, Reached
from cli.tell import decision_line, printable

Json = dict[str, Any]
PAGE = 200
INDENT = " " * 12


def history(endpoint: str, /, *, limit: int = 50, json: AsJson = False, reach: Reach = DEFAULT) -> int:
    """Show every record of an endpoint, newest first: decisions, approvals let in, what people asked for.

    For example:

        pointsman history chat-llm --limit 20
        pointsman history chat-llm --json | jq '.records[] | select(.is_told) | .reason'

    Args:
        endpoint: Name of the endpoint.
        limit: How many records.
        json: Print one JSON object for programs instead of text.
        reach: Where.

    """
    if limit < 1:
        return say("history", f"--limit must be 1 or more, not {limit}", Exit.WRONG_USE)

    def body() -> int:
        told = _ask(reach.open(), endpoint, limit)
        if json:
            sys.stdout.write(jsonlib.dumps(told, indent=2) + "\n")
        else:
            sys.stdout.write("".join(f"{line}\n" for line in _lines(told)))
        return Exit.OK

    return guarded("history", body)


def _ask(reached: Reached, endpoint: str, limit: int) -> Json:
    told = reached.ask("history", endpoint=endpoint, limit=min(limit, PAGE))
    while told["next"] and len(told["records"]) < limit:
        left = min(limit - len(told["records"]), PAGE)
        older = reached.ask("history", endpoint=endpoint, limit=left, next=str(told["next"]))
        told = older | {"records": [*told["records"], *older["records"]]}
    return told


def _lines(told: Json) -> list[str]:
    if not told["records"]:
        return [f"No record of endpoint {printable(told['endpoint'])} is kept."]
    lines, day = [], ""
    for facts in told["records"]:
        if day_of(facts) != day:
            day = day_of(facts)
            lines.append(f"{day}, UTC")
        lines.append(
            f"{decision_line(facts)}  #{facts['seq']} {printable(facts.get('rollout') or '')}".rstrip()
        )
        evidence = evidence_of(facts, None)
        lines += [f"{INDENT}{said}" for said in (evidence, by_of(facts)) if said]
    if told["next"]:
        lines.append(
            f"There are older ones: pointsman history {printable(told['endpoint'])} --limit {2 * len(told['records'])}"
        )
    return lines
