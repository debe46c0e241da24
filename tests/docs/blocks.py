"""The fenced blocks of the pages, and the commands with their output in `console` blocks. Nothing is run here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LEFT_OUT = "..."

_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)(?: title=\"(?P<title>[^\"]*)\")?[^\n]*\n(?P<inside>.*?)^(?P=indent)``` *$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between two fences; `line` is that of the first line inside, from 1.

    `title` names the file that a block shows, or the terminal in which commands run.
    """

    page: Path
    line: int
    language: str
    lines: tuple[str, ...]
    title: str = ""

    def __str__(self) -> str:
        """Say where it stands, such as `docs/policy.md:14`."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a `console` block, and the lines that the page shows after it.

    One that `stays` has a terminal of its own and goes on beside those that follow.
    """

    line: int
    command: str
    shown: tuple[str, ...]
    stays: bool = False


def pages() -> list[Path]:
    """Every page that people read."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks_of(page: Path, language: str | None = None) -> list[Block]:
    """The fenced blocks of the page, in order; only those of one language, if it is given."""
    text = page.read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        lines = tuple(line.removeprefix(match["indent"]) for line in match["inside"].splitlines())
        start = text.count("\n", 0, match.start("inside")) + 1
        found.append(Block(page, start, match["language"], lines, match["title"] or ""))
    return [block for block in found if language in {None, block.language}]


def steps_of(block: Block) -> Iterator[Step]:
    """The commands of a `console` block: `$ ` begins one, `> ` right after it goes on with it, the rest is output.

    Raises:
        ValueError: the block shows output before any command, or several commands in a terminal that one needs.

    """
    starts = [number for number, line in enumerate(block.lines) if line.startswith("$ ")]
    if not starts or starts[0] != 0:
        raise ValueError(f"{block}: a console block begins with a command, that is with `$ `")
    if block.title and len(starts) > 1:
        raise ValueError(
            f"{block}: the first command stays in its terminal, so nothing can be typed after it"
        )
    for start, end in zip(starts, [*starts[1:], len(block.lines)], strict=True):
        first, *rest = block.lines[start:end]
        more = 0
        while more < len(rest) and rest[more].startswith("> "):
            more += 1
        command = "\n".join([first, *rest[:more]]).replace("\n> ", "\n")
        shown = trimmed(rest[more:])
        yield Step(block.line + start, command.removeprefix("$ "), shown, stays=bool(block.title))


def matches(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether these lines were printed.

    A line `...` stands for any number of lines, also none; ` ...` at the end of a line for the rest of that line.
    """
    pattern = "".join(_pattern(line) for line in shown)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def _pattern(line: str) -> str:
    if line == LEFT_OUT:
        return r"(?:.*\n)*"
    if line.endswith(f" {LEFT_OUT}"):
        return re.escape(line.removesuffix(LEFT_OUT)) + r".*\n"
    return re.escape(line) + r"\n"


def trimmed(lines: Sequence[str]) -> tuple[str, ...]:
    """Drop blanks at the ends of lines, and blank lines before and after."""
    text = "\n".join(line.rstrip() for line in lines).strip("\n")
    return tuple(text.split("\n")) if text else ()
