"""A function in a fresh process, asked event by event. What it does there is `worker.py`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

WORKER = Path(__file__).with_name("worker.py")
ENDS_WITHIN_S = 5.0
Json = dict[str, Any]


class NotMeasured(Exception):
    """The function failed, or did something else than what is measured; the message says what."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one event took: calls by operation, metrics asked for in each read of them, bytes that queries brought, time in ms.

    `peak_mib` is the most memory that the process had at once until then.
    """

    answer: Json
    calls: Counter[str]
    metrics: tuple[int, ...]
    queried_bytes: int
    wall_ms: float
    cpu_ms: float
    peak_mib: float


@dataclass(frozen=True, slots=True)
class Worker:
    """A function that waits for events."""

    function: str
    process: subprocess.Popen[str]
    log: Path

    def ask(self, event: Json) -> Taken:
        """Hand it an event. Raises NotMeasured when it fails."""
        try:
            line = self._exchange(json.dumps(event))
        except BrokenPipeError:
            line = ""
        if not line:
            raise NotMeasured(f"{self.function} ended, and did not answer: read {self.log}")
        told = json.loads(line)
        return Taken(**told | {"calls": Counter(told["calls"]), "metrics": tuple(told["metrics"])})

    def _exchange(self, line: str) -> str:
        asked, answers = _open(self.process.stdin), _open(self.process.stdout)
        asked.write(line + "\n")
        asked.flush()
        return answers.readline()


@contextmanager
def started(function: str, task_root: Path, environment: Mapping[str, str], log: Path) -> Iterator[Worker]:
    """Start a function from the folder that Lambda unpacks; it ends when this is left, and also when this process is killed."""
    with log.open("w", encoding="utf-8") as said:
        process = subprocess.Popen(  # noqa: S603 - our own command line
            [_interpreter(), "-P", "-s", "-S", str(WORKER), function],
            cwd=task_root,
            env={
                "PATH": os.environ.get("PATH", ""),
                "PYTHONPATH": str(task_root),
                "PYTHONDONTWRITEBYTECODE": "1",
                "LAMBDA_TASK_ROOT": str(task_root),
                "AWS_LAMBDA_FUNCTION_NAME": f"pointsman-{function.replace('_', '-')}",
                **environment,
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            start_new_session=True,
        )
        try:
            yield Worker(function, process, log)
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """What it was asked last it may still answer; then there is nothing more to read, and it ends."""
    try:
        process.communicate(timeout=ENDS_WITHIN_S)
    except (subprocess.TimeoutExpired, BrokenPipeError):
        process.kill()
        process.wait()


def _open(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise NotMeasured("the process was started without pipes")
    return stream


def _interpreter() -> str:
    """The interpreter below the virtual environment, whose packages a function does not have."""
    return str(getattr(sys, "_base_executable", sys.executable))
