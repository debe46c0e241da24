"""`pointsman explain`: every decision of a rollout with its numbers, from a file of records. It reads; it decides nothing."""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from cli.tell import decision_line, numbers_line, printable
from pointsman.core.audit import Record, check

WRONG_USE, BROKEN = 2, 1
DEFAULT = Path(".pointsman/demo.jsonl")


class BadFile(Exception):
    """The file holds no records; the message says what to do."""


def explain(
    rollout: str,
    /,
    *,
    from_file: Annotated[Path, Parameter(name="--from")] = DEFAULT,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Tell every decision about a rollout: when, what, why, and the numbers it rested on.

    Examples:
        pointsman demo
        pointsman explain chat-llm.v2 --from .pointsman/demo.jsonl

    Args:
        rollout: Id of the rollout, or its beginning where that fits only one.
        from_file: A file of records, as `pointsman demo` writes it.
        json: Print the records as JSON lines.

    """
    try:
        groups = list(_groups(from_file))
        records = _find(groups, rollout, from_file)
    except BadFile as err:
        sys.stderr.write(f"pointsman explain: {err}\n")
        return WRONG_USE
    problems = next(check(group) for group in groups if records[0] in group)
    chosen = [record.facts() for record in records]
    if json:
        sys.stdout.write("".join(jsonlib.dumps(facts, sort_keys=True) + "\n" for facts in chosen))
    else:
        sys.stdout.write("\n".join([*_told(chosen), "", _chain(problems, len(records))]) + "\n")
    return BROKEN if problems else 0


def _told(chosen: list[dict[str, Any]]) -> Iterator[str]:
    first = next((facts for facts in chosen if facts["kind"] == "decision"), chosen[0])
    yield f"Rollout {printable(first['rollout'])}"
    yield f"Endpoint {printable(first['endpoint'])}, version {printable(first.get('version', '?'))}"
    yield ""
    for facts in chosen:
        yield decision_line(facts)
        if facts.get("numbers"):
            yield f"{'':12}numbers: {numbers_line(facts['numbers'])}"
        if facts.get("act"):
            yield f"{'':12}act: {printable(facts['act'])}, decided by {printable(facts['actor'])}"


def _chain(problems: list[str], count: int) -> str:
    if not problems:
        return f"{count} records; the chain they stand in is whole."
    return "THE CHAIN IS BROKEN:\n" + "\n".join(f"  {printable(problem)}" for problem in problems)


def _find(groups: list[list[Record]], wanted: str, file: Path) -> list[Record]:
    by_rollout: dict[str, list[Record]] = {}
    for group in groups:
        for record in group:
            by_rollout.setdefault(str(record.facts().get("rollout", "")), []).append(record)
    by_rollout.pop("", None)
    fits = [name for name in by_rollout if name == wanted] or [
        name for name in by_rollout if name.startswith(wanted)
    ]
    if len(fits) == 1:
        return by_rollout[fits[0]]
    found = "fits several" if fits else "is not"
    known = "".join(f"\n  {printable(name)}" for name in fits or by_rollout)
    raise BadFile(f"{printable(wanted)} {found} in {file}; it holds:{known}")


def _groups(file: Path) -> Iterator[list[Record]]:
    """Records of one world after another: a story's first line parts them."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as err:
        raise BadFile(f"{file} cannot be read ({err}); write it with: pointsman demo") from err
    group: list[Record] = []
    for number, line in enumerate(lines, 1):
        try:
            raw = jsonlib.loads(line)
            kind = raw.pop("kind")
            if kind == "record":
                group.append(Record(**raw))
                group[-1].facts()
        except (ValueError, TypeError, KeyError, AttributeError) as err:
            raise BadFile(f"{file}, line {number}: no record ({err!r})") from err
        if kind == "story" and group:
            yield group
            group = []
    if group:
        yield group
