"""A bash in a fresh clone, which runs the commands of a page one after the other. What they should print is in the page."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from uuid import uuid4

from tests.docs.blocks import ROOT, Block, Step, matches, steps_of, trimmed

PATIENCE_S = 120
ENDED_EARLY = -1
COLUMNS = 96
_NOT_IN_A_CLONE = shutil.ignore_patterns(".*", "__pycache__", "mutants", "node_modules", "cdk.out", "tests")


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command printed, on both streams, and its exit code; None while it goes on."""

    lines: tuple[str, ...]
    code: int | None


def clone(folder: Path) -> Path:
    """Put the repository's files into the folder, as `git clone` and `make setup` would leave them."""
    shutil.copytree(ROOT, folder, ignore=_NOT_IN_A_CLONE, dirs_exist_ok=True)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


class Shell:
    """`with Shell(folder) as shell: shell.run(step)`. What still runs at the end is ended, whatever happened."""

    def __init__(self, folder: Path, end_s: float = 20) -> None:
        """Start bash in the folder. At the end, what stays has so many seconds to end by itself."""
        self._end_s, self._folder = end_s, folder
        self._mark = uuid4().hex
        self._staying: list[int] = []
        self._pipes = folder / ".pipes"
        self._pipes.mkdir()
        self._bash = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],  # noqa: S607
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert self._bash.stdout
        self._lines = _Lines(self._bash.stdout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End what the page started, by process id, and then bash."""
        for pid in self._staying:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        with suppress(TimeoutError, EOFError, BrokenPipeError):
            self._finish("wait", self._end_s)
        # The group holds bash and what it started, and nothing else. Until it is waited for, its id is no one else's.
        os.killpg(self._bash.pid, signal.SIGKILL)
        self._bash.wait()
        assert self._bash.stdin
        with suppress(BrokenPipeError):
            self._bash.stdin.close()

    def play(self, block: Block) -> Iterator[tuple[Step, Printed]]:
        """Run the commands of a block one after the other, or write the file that it shows."""
        if block.language == "console":
            yield from ((step, self.run(step)) for step in steps_of(block))
        elif block.title:
            file = self._folder / block.title
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("\n".join(block.lines) + "\n", encoding="utf-8")

    def run(self, step: Step) -> Printed:
        """Run a command to its end; or, if it stays, until it has printed what the page shows."""
        return self._start(step) if step.stays else self._finish(step.command)

    def _finish(self, command: str, patience_s: float = PATIENCE_S) -> Printed:
        self._say(f"{{ {command}\n}} </dev/null 2>&1\nprintf '\\n%s %s\\n' {self._mark} $?\n")
        lines: list[str] = []
        while not (line := self._lines.next(patience_s)).startswith(self._mark):
            lines.append(line)
        return Printed(trimmed(lines), int(line.split()[1]))

    def _start(self, step: Step) -> Printed:
        pipe = self._pipes / str(len(self._staying))
        os.mkfifo(pipe)
        told = self._finish(f"{step.command} >{pipe} 2>&1 &\n echo $!")
        self._staying.append(int(told.lines[-1]))
        lines = _Lines(pipe.open(encoding="utf-8"))
        printed: list[str] = []
        while not matches(step.shown, trimmed(printed)):
            try:
                printed.append(lines.next())
            except EOFError:
                return Printed(trimmed(printed), ENDED_EARLY)
        return Printed(trimmed(printed), None)

    def _say(self, text: str) -> None:
        assert self._bash.stdin
        self._bash.stdin.write(text)
        self._bash.stdin.flush()


class _Lines:
    """The lines of a stream, read in a thread: so a writer never waits for us, and we wait no longer than we want."""

    def __init__(self, stream: IO[str]) -> None:
        self._queue: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def next(self, patience_s: float = PATIENCE_S) -> str:
        """Return the next line. Raises TimeoutError, or EOFError at the end."""
        try:
            line = self._queue.get(timeout=patience_s)
        except queue.Empty:
            raise TimeoutError(f"nothing was printed for {patience_s} s") from None
        if line is None:
            raise EOFError
        return line

    def _read(self, stream: IO[str]) -> None:
        with stream, suppress(ValueError):
            for line in stream:
                self._queue.put(line.rstrip("\n"))
        self._queue.put(None)


def _environment(folder: Path) -> dict[str, str]:
    return {
        "COLUMNS": str(COLUMNS),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "TERM": "dumb",
    }


def told(step: Step, printed: Printed) -> str | None:
    """What is wrong with this step, or None: not what the page shows, or a failure that it does not show."""
    if not matches(step.shown, printed.lines):
        what = "did not print what the page shows, but:"
    elif printed.code:
        what = f'failed with exit code {printed.code}. Where this is meant: `COMMAND; echo "exit code $?"`. It printed:'
    else:
        return None
    return "\n".join([f"line {step.line}: $ {step.command}", what, *_indented(printed.lines)])


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" for line in lines]
