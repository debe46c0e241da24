"""A line on stderr that says what is being done and how far it is, on a terminal only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from cli.tell import printable
from pointsman.survey import Progress


@contextmanager
def progress_of(doing: str) -> Iterator[Progress]:
    """`doing` opens the line: reading, say."""
    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        yield lambda _what, _done, _of: None
        return
    with console.status(doing) as status:
        yield lambda what, done, of: status.update(
            printable(f"{doing} {what}" + (f" {done} of {of}" if of else ""))
        )
