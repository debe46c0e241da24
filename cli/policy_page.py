"""Paragraphs under headings: wrapped with a hanging indent on a terminal, one sentence a line in a pipe. What they say is decided elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

_INDENT = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A heading and the sentences under it."""

    heading: str
    sentences: tuple[str, ...]


def page() -> Console:
    """Console that prints text as it is: no markup, no emoji, no colours of its own."""
    return Console(markup=False, emoji=False, highlight=False)


def print_title(console: Console, title: str, beside: str = "") -> None:
    """One endpoint's title, with the file that it stands in."""
    console.print(Text.assemble((title, "bold"), (f"  {beside}" if beside else "", "dim")), soft_wrap=True)


def print_paragraphs(console: Console, paragraphs: Iterable[Paragraph]) -> None:
    """Paragraphs with an empty line before each."""
    for paragraph in paragraphs:
        console.print()
        console.print(Text(paragraph.heading, style="bold"), soft_wrap=True)
        for sentence in paragraph.sentences:
            print_indented(console, sentence)


def print_indented(console: Console, sentence: str) -> None:
    """One sentence below a heading."""
    if console.is_terminal:
        console.print(Padding(Text(sentence), (0, 0, 0, _INDENT)))
    else:
        console.print(Text(" " * _INDENT + sentence), soft_wrap=True)
