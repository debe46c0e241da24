"""A server and whatever it started are ended: when it is left, when that fails, and when whoever started it is killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from e2e.errors import NotProved
from e2e.processes import alone, free_port, listening

ROOT = Path(__file__).resolve().parents[2]
STUBBORN = """
import signal, socket, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
with socket.create_server(("127.0.0.1", int(sys.argv[1]))):
    sys.stdin.read()
    time.sleep(600)
"""
"""Takes no request to end, and has a child; it would live on for ten minutes."""
SHORT_WAIT_S = 20.0


def command(port: int) -> list[str]:
    return [sys.executable, "-c", STUBBORN, str(port)]


def is_alive(pid: int) -> bool:
    """A process that nobody has buried yet is dead all the same."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    return False


def child_in(log: Path) -> int:
    return int(log.read_text(encoding="utf-8").split()[0])


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("e2e.processes.ENDS_WITHIN_S", 0.2)


def test_leaving_ends_a_server_that_does_not_listen_to_requests_and_its_children(tmp_path: Path) -> None:
    log, port = tmp_path / "log", free_port()
    with listening(command(port), os.environ, port, log):
        child = child_in(log)
        assert is_alive(child)
    _until(lambda: not is_alive(child))


def test_a_failure_within_ends_it_as_well(tmp_path: Path) -> None:
    log, port = tmp_path / "log", free_port()
    with pytest.raises(RuntimeError, match="half way"), listening(command(port), os.environ, port, log):
        raise RuntimeError("half way")
    _until(lambda: not is_alive(child_in(log)))


def test_a_server_that_ends_by_itself_is_told_with_its_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with (
        pytest.raises(NotProved, match=f"ended with 3: read {log}"),
        listening([sys.executable, "-c", "raise SystemExit(3)"], os.environ, free_port(), log),
    ):
        raise AssertionError


def test_one_that_never_listens_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("e2e.processes.STARTS_WITHIN_S", 0.3)
    sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
    with (
        pytest.raises(NotProved, match="nothing listens"),
        listening(sleeper, os.environ, free_port(), tmp_path / "log"),
    ):
        raise AssertionError


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    with (
        alone(folder),
        pytest.raises(NotProved, match=f"another run works in {folder}.*--out"),
        alone(folder),
    ):
        raise AssertionError
    with alone(folder):
        assert folder.is_dir()


def test_it_notices_when_whoever_started_it_is_killed(tmp_path: Path) -> None:
    """The launcher of ministack reads its standard input to its end for this."""
    watcher = tmp_path / "watcher.py"
    launcher = (ROOT / "e2e" / "launcher.py").read_text(encoding="utf-8")
    body = launcher[launcher.index("def end_with_parent") : launcher.index('if __name__ == "__main__"')]
    watcher.write_text(
        "import os, signal, sys, threading, time\n"
        f"{body}\nend_with_parent()\nprint(os.getpid(), flush=True)\ntime.sleep(600)\n",
        encoding="utf-8",
    )
    log = tmp_path / "log"
    starter = (
        "import subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, {str(watcher)!r}], stdin=subprocess.PIPE, stdout=open({str(log)!r}, 'w'),"
        " start_new_session=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", starter]) as parent:  # noqa: S603 - the command is ours
        _until(lambda: log.exists() and log.read_text(encoding="utf-8").strip() != "")
        watched = child_in(log)
        assert is_alive(watched)
        parent.send_signal(signal.SIGKILL)
    _until(lambda: not is_alive(watched))


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + SHORT_WAIT_S
    while time.monotonic() < end:
        if holds():
            return
        os.sched_yield()
    raise AssertionError("it does not come about")
