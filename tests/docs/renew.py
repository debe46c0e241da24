"""Runs the commands of pages and writes what they print into the page: python -m tests.docs.renew docs/PAGE.md. Read the difference before you keep it."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.docs.blocks import LEFT_OUT, blocks_of
from tests.docs.shell import Shell, clone, told

_NUMBER = r"(?:(?=[a-f]*[0-9])[0-9a-f][0-9a-fTZ,.:]*|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b)"


class Failed(Exception):
    """A command of the page did not succeed: what comes after it would show nonsense."""


def renewed(page: Path) -> str:
    """The page with the output of this run wherever it is another than the one shown."""
    lines = page.read_text(encoding="utf-8").splitlines()
    for start, end, output in reversed(_changes(page)):
        lines[start:end] = output
    return "\n".join(lines) + "\n"


def merged(shown: Sequence[str], printed: Sequence[str]) -> list[str]:
    """What is printed now, with left out what was left out. Lines are known again when only numbers, hashes and times have changed."""
    result: list[str] = []
    at, is_left_out = 0, False
    for line in shown:
        if line == LEFT_OUT:
            is_left_out = True
            result.append(line)
            continue
        tail = LEFT_OUT if line.endswith(f" {LEFT_OUT}") else ""
        known = re.compile(_alike(line.removesuffix(tail)) + ("" if tail else "$"))
        found = next((number for number in range(at, len(printed)) if known.match(printed[number])), None)
        if found is None:
            continue
        between = [] if is_left_out else printed[at:found]
        match = known.match(printed[found])
        assert match
        result += [*between, match[0] + tail]
        at, is_left_out = found + 1, False
    return result if is_left_out else [*result, *printed[at:]]


def _alike(line: str) -> str:
    """A pattern of lines that differ from this one in numbers, hashes and times alone."""
    pieces = re.split(rf"\b{_NUMBER}", line)
    return _NUMBER.join(re.escape(piece) for piece in pieces)


def _changes(page: Path) -> list[tuple[int, int, list[str]]]:
    """Which lines of the page (from 0, end excluded) shall become which output."""
    changes = []
    with tempfile.TemporaryDirectory() as folder, Shell(clone(Path(folder) / "pointsman")) as shell:
        for block in blocks_of(page):
            for step, printed in shell.play(block):
                if wrong := told(step, printed):
                    sys.stderr.write(f"{wrong}\n\n")
                    if printed.code:
                        raise Failed(f"line {step.line} failed, so nothing was written")
                    start = step.line + step.command.count("\n")
                    changes.append((start, start + len(step.shown), merged(step.shown, printed.lines)))
    return changes


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        Path(argument).write_text(renewed(Path(argument).resolve()), encoding="utf-8")
