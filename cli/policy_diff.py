"""`pointsman policy diff`: what a change of policies means for the next releases. What each key says is `policy_changes`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.options import AsJson, Exit, say
from cli.policy_change import Effect
from cli.policy_changes import Change, changes
from cli.policy_check import summary
from cli.policy_file import Examined, NoPolicies, examine
from cli.policy_page import Paragraph, page, print_paragraphs, print_title
from cli.policy_words import count

if TYPE_CHECKING:
    from rich.console import Console

_COMMAND = "policy diff"
_NEXT = "From the next rollout on; one that is under way keeps its plan"
_AT_ONCE = "At once, for a rollout that is under way as well"
_REMOVED = "Nothing is released there any more, and a rollout that is under way moves forward no more."


@dataclass(frozen=True, slots=True)
class Difference:
    """One endpoint whose policy is new, gone, or says something else. One of `old` and `new` may be None."""

    old: Examined | None
    new: Examined | None
    changes: tuple[Change, ...] = ()

    @property
    def kind(self) -> str:
        """`added`, `removed` or `changed`."""
        if self.old is None:
            return "added"
        return "removed" if self.new is None else "changed"

    @property
    def endpoint(self) -> str:
        """Name as the newer of the two writes it."""
        one = self.new or self.old
        return one.endpoint if one else ""

    @property
    def file(self) -> str:
        """File of the newer of the two."""
        one = self.new or self.old
        return one.file if one else ""


def diff(old: Path, new: Path, /, *, as_json: AsJson = False) -> int:
    """Say what a change of policies means for the next releases: looser or stricter, faster or slower.

    Exit code 0 if nothing differs, 1 if something does, 2 if the two cannot be
    compared: a path that does not exist, a file against a folder, a policy
    with mistakes.

    Try it: how differently are the two endpoints that ship here released?

        pointsman policy diff policies/chat-llm.yaml policies/fraud-prod.yaml

    What a branch changes, in bash:

        git worktree add ../before main
        pointsman policy diff ../before/policies policies

    With --json: {"same": ..., "endpoints": [{"endpoint", "change": "added",
    "removed" or "changed", "old_file", "new_file", "changes": [{"key", "old",
    "new", "words", "effects", "at_once"}]}]}; `old` and `new` are as the file
    writes them.

    Parameters
    ----------
    old
        A policy file, or a folder of policies (*.yaml), as it was.
    new
        The same as it will be.

    """
    try:
        before, after = _examined(old, new)
    except NoPolicies as err:
        return say(_COMMAND, str(err), Exit.WRONG_USE)
    problems = [problem for one in (*before, *after) for problem in one.problems]
    for problem in problems:
        sys.stderr.write(f"wrong {problem}\n")
    if problems:
        return say(_COMMAND, "policies with mistakes cannot be compared: correct them first", Exit.WRONG_USE)
    return _tell(_differences(before, after, are_folders=new.is_dir()), as_json=as_json)


def _tell(differences: list[Difference], *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(_report(differences), indent=2, ensure_ascii=False))
    else:
        _print(differences)
    return Exit.NO if differences else Exit.OK


def _examined(old: Path, new: Path) -> tuple[list[Examined], list[Examined]]:
    before, after = examine(old), examine(new)
    if old.is_dir() is not new.is_dir():
        folder, file = (old, new) if old.is_dir() else (new, old)
        raise NoPolicies(f"{folder} is a folder and {file} a file: compare two files or two folders")
    return before, after


def _differences(
    before: Iterable[Examined], after: Iterable[Examined], *, are_folders: bool
) -> list[Difference]:
    """Compare by endpoint; two files are compared as they are, even where they are for different endpoints."""
    olds = {one.endpoint.lower() if are_folders else "": one for one in before}
    news = {one.endpoint.lower() if are_folders else "": one for one in after}
    compared = [_compared(olds.get(name), news.get(name)) for name in sorted({*olds, *news})]
    return [one for one in compared if one.changes or one.kind != "changed"]


def _compared(old: Examined | None, new: Examined | None) -> Difference:
    if old is None or new is None or old.policy is None or new.policy is None:
        return Difference(old, new)
    return Difference(old, new, tuple(changes(old.policy, new.policy)))


def _print(differences: Sequence[Difference]) -> None:
    console = page()
    if not differences:
        console.print("No difference: the same releases, in the same way.", soft_wrap=True)
        return
    for one in differences:
        _print_one(console, one)
        console.print()
    console.print(_total(differences), soft_wrap=not console.is_terminal)


def _print_one(console: Console, one: Difference) -> None:
    policy = one.new.policy if one.new else None
    if one.kind == "removed":
        title, paragraphs = "loses its policy", [Paragraph("At once", (_REMOVED,))]
    elif one.kind == "added" and policy:
        begins = f"{summary(policy)}. Everything about it: pointsman policy show {one.file}"
        title, paragraphs = "gets a policy", [Paragraph("From the next approval on", (begins,))]
    else:
        title, paragraphs = "changes", _paragraphs(one.changes)
    print_title(console, f"Endpoint {one.endpoint} {title}", one.file)
    print_paragraphs(console, paragraphs)


def _paragraphs(found: Sequence[Change]) -> list[Paragraph]:
    groups = [(_NEXT, False), (_AT_ONCE, True)]
    said = [
        Paragraph(heading, tuple(_sentence(one) for one in found if one.is_at_once is is_at_once))
        for heading, is_at_once in groups
    ]
    return [paragraph for paragraph in said if paragraph.sentences]


def _sentence(change: Change) -> str:
    effects = ", ".join(effect.value for effect in Effect if effect in change.effects)
    return f"{change.key}: {change.words}{f' ({effects})' if effects else ''}"


def _total(differences: Sequence[Difference]) -> str:
    found = [change for one in differences for change in one.changes]
    counted = Counter(effect for change in found for effect in change.effects)
    pulls = [f"{counted[effect]} {effect.value}" for effect in Effect if counted[effect]]
    kinds = Counter(one.kind for one in differences)
    parts = [f"{count(kinds[kind], 'policy', 'policies')} {kind}" for kind in kinds]
    counted_pulls = f" ({', '.join(pulls)})" if pulls else ""
    parts += [f"{count(len(found), 'change')}{counted_pulls}"] if found else []
    return ", ".join(parts)


def _report(differences: Sequence[Difference]) -> dict[str, Any]:
    return {
        "same": not differences,
        "endpoints": [
            {
                "endpoint": one.endpoint,
                "change": one.kind,
                "old_file": one.old.file if one.old else None,
                "new_file": one.new.file if one.new else None,
                "changes": [_as_json(change) for change in one.changes],
            }
            for one in differences
        ],
    }


def _as_json(change: Change) -> dict[str, Any]:
    return {
        "key": change.key,
        "old": change.old,
        "new": change.new,
        "words": change.words,
        "effects": sorted(effect.value for effect in change.effects),
        "at_once": change.is_at_once,
    }
