"""`pointsman dlq`: shows what an installation could not deliver or handle, and replays it. What a letter means is `dead_letters.py`."""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

from cyclopts import App, Parameter

from cli.dead_letters import Dead, Home, in_short, read_letter
from cli.options import AsJson, Exit, Yes, guarded, say
from cli.reach import DEFAULT, Reach, Reached
from cli.tell import printable
from pointsman.errors import NotFound, PointsmanError

app = App(
    name="dlq",
    help="""Show the dead letters of an installation, and replay them.

    Start with: pointsman dlq list
    """,
)
Json = dict[str, Any]
SEEN_S, REPLAYED_S = 60, 300
"""So long nobody else sees the letters, at most: while they are listed; while a person is asked and they are replayed."""
HARMLESS = (
    "Functions look at where an endpoint stands now; an event only says where to look. "
    "Replaying one late, or twice, does no harm."
)
Only = Annotated[
    tuple[str, ...],
    Parameter(negative=(), help="Id of a letter, or its beginning; may be given more than once."),
]
Limit = Annotated[int, Parameter(help="How many letters to look at, at most.")]


@app.command(name="list")
def list_letters(*, limit: Limit = 200, json: AsJson = False, reach: Reach = DEFAULT) -> int:
    """List the events that did not get through, each with its cause. Nothing is changed.

    For example:

        pointsman dlq list
        pointsman dlq list --json | jq '.letters[] | {id, cause}'

    Args:
        limit: How many.
        json: Print one JSON object for programs instead of text.
        reach: Where.

    """
    if limit < 1:
        return say("dlq list", f"--limit must be 1 or more, not {limit}", Exit.WRONG_USE)

    def body() -> int:
        with _taken(reach.open(), SEEN_S, limit) as letters:
            if json:
                told = [letter.facts() for letter in letters]
                report = {"ok": True, "letters": told, "is_cut": len(letters) == limit}
                sys.stdout.write(jsonlib.dumps(report, indent=2) + "\n")
            else:
                sys.stdout.write("".join(f"{line}\n" for line in _listed(letters, limit)))
        return Exit.OK

    return guarded("dlq list", body)


@app.command
def redrive(
    *,
    only: Only = (),
    limit: Limit = 200,
    yes: Yes = False,
    json: AsJson = False,
    reach: Reach = DEFAULT,
) -> int:
    """Replay events that did not get through: start the function each was meant for, then delete the letter.

    It says what it would replay and asks once; where nobody can be asked it only says so. Mend the cause first: what
    fails again comes back.

    For example:

        pointsman dlq redrive
        pointsman dlq redrive --only 19dd0b57 --yes

    Args:
        only: Which.
        limit: How many.
        yes: Do not ask.
        json: Print one JSON object for programs instead of text; without --yes nothing is replayed.
        reach: Where.

    """
    if limit < 1:
        return say("dlq redrive", f"--limit must be 1 or more, not {limit}", Exit.WRONG_USE)

    def body() -> int:
        reached = reach.open()
        with _taken(reached, REPLAYED_S, limit) as letters:
            wanted = _chosen(letters, only)
            if not json:
                sys.stdout.write("".join(f"{line}\n" for line in _intended(wanted)))
            return _go(reached, wanted, yes=yes, json=json)

    return guarded("dlq redrive", body)


@contextmanager
def _taken(reached: Reached, hidden_s: int, limit: int) -> Iterator[list[Dead]]:
    """Letters that nobody else sees meanwhile; afterwards those that were not deleted are seen again."""
    identity, installation = reached.account.identity, reached.functions.installation
    home = Home(installation, reached.account.region, identity.account)
    queues = reached.account.dead_letters(installation)
    letters = queues.read(hidden_s, limit)
    try:
        yield [read_letter(letter, home) for letter in letters]
    finally:
        queues.release(letters)


def _chosen(letters: Sequence[Dead], only: Sequence[str]) -> list[Dead]:
    """Those that are meant. Raises NotFound for an id that is none of one letter."""
    if not only:
        return list(letters)
    found: dict[str, Dead] = {}
    for beginning in only:
        fits = [each for each in letters if beginning and each.letter.id.startswith(beginning)]
        if len(fits) != 1:
            raise NotFound(f"{len(fits)} dead letters begin with {beginning!r}; see: pointsman dlq list")
        found[fits[0].letter.id] = fits[0]
    return list(found.values())


def _go(reached: Reached, wanted: Sequence[Dead], *, yes: bool, json: bool) -> int:
    able = [each for each in wanted if not each.why_not]
    kept = [{"id": each.letter.id, "why": each.why_not} for each in wanted if each.why_not]
    is_asked = not yes and not json and sys.stdin.isatty() and sys.stdout.isatty()
    if able and is_asked and not _is_wanted():
        return say("dlq redrive", "not wanted: nothing was done", Exit.NO)
    is_dry = not yes and not is_asked
    replayed: list[str] = []
    for each in () if is_dry else able:
        why = _replay(reached, each)
        if why:
            kept.append({"id": each.letter.id, "why": why})
        else:
            replayed.append(each.letter.id)
    if json:
        report = {
            "ok": not kept,
            "is_dry_run": is_dry,
            "would_replay": [each.letter.id for each in able] if is_dry else [],
            "replayed": replayed,
            "kept": kept,
        }
        sys.stdout.write(jsonlib.dumps(report, indent=2) + "\n")
    elif able:
        sys.stdout.write("".join(f"{line}\n" for line in _ended(able, replayed, kept, is_dry=is_dry)))
    return Exit.NO if kept else Exit.OK


def _replay(reached: Reached, dead: Dead) -> str:
    """Start it, then delete the letter. Returns why that did not go well, or nothing."""
    queues = reached.account.dead_letters(reached.functions.installation)
    try:
        if dead.back_to:
            queues.put_back(dead.letter, dead.back_to)
        else:
            reached.functions.start(dead.trigger, dead.event)
    except PointsmanError as err:
        return str(err)
    try:
        queues.delete(dead.letter)
    except PointsmanError as err:
        return f"it was replayed, but stays in the queue: {err}"
    return ""


def _is_wanted() -> bool:
    sys.stdout.write("Replay? [y/N] ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _listed(letters: Sequence[Dead], limit: int) -> Iterator[str]:
    for each in letters:
        tries = f", {each.tries} tries" if each.tries else ""
        yield f"{each.letter.id}  {each.at:%Y-%m-%d %H:%M:%S} UTC  {printable(each.function or each.letter.queue)}"
        yield f"    event: {printable(in_short(each.event))}"
        yield f"    cause: {printable(each.cause)} ({each.kind.value}{tries})"
        if each.why_not:
            yield f"    cannot be replayed: {printable(each.why_not)}"
    if not letters:
        yield "No dead letters: every event got through."
    elif len(letters) == limit:
        yield f"There may be more: pointsman dlq list --limit {2 * limit}"
    else:
        yield f"{_counted(len(letters))}. Mend the cause, then: pointsman dlq redrive"


def _intended(wanted: Sequence[Dead]) -> Iterator[str]:
    able = [each for each in wanted if not each.why_not]
    if not wanted:
        yield "No dead letters: nothing to replay."
        return
    yield f"Would replay {_counted(len(able))}{':' if able else '.'}"
    for each in able:
        where = f"back to queue {each.back_to}" if each.back_to else each.function
        yield f"  {each.letter.id}  {printable(where)}: {printable(in_short(each.event))}"
    for each in wanted:
        if each.why_not:
            yield f"Cannot replay {each.letter.id}: {printable(each.why_not)}"
    if able:
        yield HARMLESS


def _ended(
    able: Sequence[Dead], replayed: Sequence[str], kept: Sequence[Json], *, is_dry: bool
) -> Iterator[str]:
    if is_dry:
        yield "Nothing was done: repeat with --yes to replay."
        return
    meant = {each.letter.id for each in able}
    yield from (
        f"Not replayed: {each['id']}: {printable(each['why'])}" for each in kept if each["id"] in meant
    )
    yield f"Replayed {len(replayed)} of {_counted(len(able))}. What fails again comes back: pointsman dlq list"


def _counted(count: int) -> str:
    return f"{count} event{'' if count == 1 else 's'}"
