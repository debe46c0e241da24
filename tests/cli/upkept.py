"""A local world in a process of its own, as `pointsman local up` keeps it, for tests that talk to it from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LONGEST_S = 120


@dataclass(frozen=True, slots=True)
class Upkept:
    """The folder it was started in, what it printed when it was up, and how it is ended."""

    folder: Path
    said: dict[str, Any]
    process: subprocess.Popen[str]

    @property
    def env(self) -> dict[str, str]:
        """What a client's environment holds."""
        return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **self.said["env"]}

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send it a signal; its exit code."""
        self.process.send_signal(number)
        self.process.communicate(timeout=LONGEST_S)
        return self.process.returncode


def started(folder: Path, *words: str) -> subprocess.Popen[str]:
    """`pointsman local up`, on its way."""
    return subprocess.Popen(  # noqa: S603 - our own command line
        [sys.executable, "-m", "cli", "local", "up", *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def upkept(folder: Path, *words: str) -> Iterator[Upkept]:
    """A world whose time passes only when told to."""
    with started(folder, "--speed", "0", "--json", *words) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            yield Upkept(folder, json.loads(line), process)
        finally:
            if process.poll() is None:
                process.kill()
