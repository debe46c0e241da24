"""Starts a server with everything it starts in turn, and ends all of it, whatever happens here."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from e2e.errors import NotProved

HOST = "127.0.0.1"
STARTS_WITHIN_S = 30.0
ENDS_WITHIN_S = 5.0
POLL_S = 0.05


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep others out of a folder until it is left, or this process ends. It is made.

    Raises:
        NotProved: somebody else is in it.

    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as err:
            raise NotProved(
                f"another run works in {folder}: give this one a folder of its own with --out"
            ) from err
        yield


def free_port() -> int:
    """A port of this machine that nobody listens on at this moment."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def listening(command: Sequence[str], environment: Mapping[str, str], port: int, log: Path) -> Iterator[None]:
    """Run a server until it is left; its output goes to `log`.

    It is the leader of its own process group, and all of that is ended. Its standard input is a pipe that closes with
    this process, also when this one is killed.

    Raises:
        NotProved: it ended, or did not listen in time.

    """
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - the command is ours
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait_for(process, port, log)
            yield
        finally:
            _end(process)


@contextmanager
def ending_by_exception() -> Iterator[None]:
    """Let a request to end come as an interrupt does, so that everything is ended on the way out."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {each: signal.signal(each, interrupt) for each in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < end:
        if process.poll() is not None:
            raise NotProved(f"{process.args!r} ended with {process.returncode}: read {log}")
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(POLL_S)
    raise NotProved(f"nothing listens on port {port} after {STARTS_WITHIN_S:.0f} s: read {log}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask, wait, then kill the whole group: ministack was seen to live on after SIGTERM, with its functions."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(ENDS_WITHIN_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        process.stdin.close()
