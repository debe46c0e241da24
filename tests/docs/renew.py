"""Runs the commands of pages and writes what they print into the page: python -m tests.docs.renew docs/PAGE.md. Read the difference before you keep it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.docs.blocks import blocks_of
from tests.docs.shell import Shell, clone, told


def renewed(page: Path) -> str:
    """The page with the output of this run wherever it is another than the one shown; `...` that still holds stays."""
    lines = page.read_text(encoding="utf-8").splitlines()
    for start, end, output in reversed(_changes(page)):
        lines[start:end] = output
    return "\n".join(lines) + "\n"


def _changes(page: Path) -> list[tuple[int, int, tuple[str, ...]]]:
    """Which lines of the page (from 0, end excluded) shall become which output."""
    changes = []
    with tempfile.TemporaryDirectory() as folder, Shell(clone(Path(folder) / "pointsman")) as shell:
        for block in blocks_of(page):
            for step, printed in shell.play(block):
                if wrong := told(step, printed):
                    sys.stderr.write(f"{wrong}\n\n")
                    start = step.line + step.command.count("\n")
                    changes.append((start, start + len(step.shown), printed.lines))
    return changes


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        Path(argument).write_text(renewed(Path(argument).resolve()), encoding="utf-8")
