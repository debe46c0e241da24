"""Writes docs/commands.md from the commands themselves: their help, options and exit codes. Run: python -m cli.command_reference."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts.docs.markdown import generate_markdown_docs

from cli.app import COMMANDS, build_app
from cli.options import Exit

if TYPE_CHECKING:
    from cyclopts import App

PAGE = Path(__file__).parents[1] / "docs" / "commands.md"

_EXITS = {
    Exit.OK: "It worked; for a question, the answer is yes.",
    Exit.NO: "It worked, and the answer is no: mistakes were found, something differs, not ready, not eligible, "
    "or the installation refused.",
    Exit.WRONG_USE: "The call was wrong: an unknown option, a file or a name that does not exist. Nothing was done.",
    Exit.NO_ANSWER: "AWS could not be asked: no credentials, no permission, no answer.",
    Exit.INTERRUPTED: "Interrupted by Ctrl-C.",
}

_HEAD = """# Commands

<!-- Written by `python -m cli.command_reference` from the commands themselves: change their help, not this page. -->

Run from a clone, the program is `bin/pointsman`. Every command explains itself with `--help`; `pointsman --version`
says which one you have. What a command prints to a pipe is plain text; with `--json` it is one JSON object, or one a line
where the help says so, with times as ISO 8601 in UTC, durations in seconds (keys that end in `_s`) and shares in percent.
"""


def commands_of(app: App, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], App]]:
    """Every command that can be run, with the words that call it, such as `("policy", "check")`."""
    for name in (name for name in app if not name.startswith("-")):
        command = app[name]
        inner = list(commands_of(command, (*path, name)))
        yield from inner or [((*path, name), command)]


def reference() -> str:
    """Return the whole page."""
    commands = dict(commands_of(build_app()))
    groups = {
        title: {path: _section(path, command) for path, command in commands.items() if path[0] in names}
        for title, names in COMMANDS.items()
    }
    body = [f"## {title}\n\n" + "\n".join(sections.values()) for title, sections in groups.items()]
    return "\n".join([_HEAD, *_index(groups), _exits(), *body])


def main() -> int:
    """Renew docs/commands.md."""
    PAGE.write_text(reference(), encoding="utf-8")
    return 0


def _index(groups: dict[str, dict[tuple[str, ...], str]]) -> Iterator[str]:
    yield "| command | what it does |\n|---|---|"
    for title, sections in groups.items():
        yield f"| **{title}** | |"
        for path, section in sections.items():
            said = section.partition("\n```\n")[2].strip().partition("\n")[0]
            yield f"| [`{' '.join(path)}`](#pointsman-{'-'.join(path)}) | {said} |"
    yield ""


def _exits() -> str:
    rows = [f"| {int(code)} | {_EXITS[code]} |" for code in Exit]
    return "\n".join(["## Exit codes\n", "| code | meaning |", "|---|---|", *rows, ""])


def _section(path: tuple[str, ...], command: App) -> str:
    """One command: what it is called by, its help, its arguments and options."""
    words = ["pointsman", *path]
    page = generate_markdown_docs(command, command_chain=words, heading_level=3, generate_toc=False)
    # Where a command has no name of its own, cyclopts takes the running program's, and keeps `-m module` of it.
    page = re.sub(rf"^({' '.join(words)}) -m \S+", r"\1", page, flags=re.MULTILINE)
    page = page.replace("```console\n", "```text\n")
    page = page.replace(" *[default: False]*", "")
    return re.sub(r"(?<![`\w/])docs/(\w+\.md)", r"[docs/\1](\1)", page)


if __name__ == "__main__":
    sys.exit(main())
