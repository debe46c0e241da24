"""One fresh process of a function: started by Lambda's own runtime client, ended when its call arrives; what it took until then."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from queue import Empty

from benchmarks.cold_start.heard import READY, Heard, Servers

PATIENCE_S = 60


class NotMeasured(Exception):
    """The function did not come to the call; the message holds what it said instead."""


@dataclass(frozen=True, slots=True)
class Function:
    """What is deployed: the folder that Lambda unpacks, the handler in it, and the folder of the runtime."""

    task_root: Path
    handler: str
    runtime: Path


@dataclass(frozen=True, slots=True)
class Taken:
    """CPU time, of user and system, in milliseconds; peak memory in MiB. `init_ms` is the part before the event is asked for."""

    cpu_ms: float
    init_ms: float
    peak_mib: float


def start(function: Function, servers: Servers, environment: Mapping[str, str], awaited: str) -> Taken:
    """Start the function in a process of its own and end it when the awaited AWS operation arrives. It is not answered before.

    Raises:
        NotMeasured: the function answered, died or was silent for a minute.

    """
    servers.forget()
    process = subprocess.Popen(  # noqa: S603 - our own command line
        [_interpreter(), "-s", "-S", "-m", "awslambdaric", function.handler],
        cwd=function.task_root,
        env={**environment, **_of_lambda(function)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        ready = _await(servers, READY)
        init_ms = _cpu_ms(process.pid)
        ready.may_go_on.set()
        last = ready if ready.failure else _await(servers, awaited)
        peak_mib = _peak_mib(process.pid)
    finally:
        process.kill()
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = -signal.SIGKILL
    last.may_go_on.set()
    said = process.stderr.read().decode(errors="replace") if process.stderr else ""
    if last.failure:
        raise NotMeasured(f"{function.handler} did not come to {awaited}: {last.failure}\n{said}")
    return Taken(1000 * (used.ru_utime + used.ru_stime), init_ms, peak_mib)


def _await(servers: Servers, awaited: str) -> Heard:
    """Let everything be answered but what is awaited. Returns that, or what failed."""
    while True:
        try:
            heard = servers.heard.get(timeout=PATIENCE_S)
        except Empty:
            return Heard(failure=f"nothing arrived for {PATIENCE_S} seconds")
        if heard.failure or heard.what == awaited:
            return heard
        heard.may_go_on.set()


def _of_lambda(function: Function) -> dict[str, str]:
    return {
        "PYTHONPATH": f"{function.task_root}:{function.runtime}",
        "LAMBDA_TASK_ROOT": str(function.task_root),
        "_HANDLER": function.handler,
    }


def _interpreter() -> str:
    """The interpreter below the virtual environment, whose packages a function does not have."""
    return str(getattr(sys, "_base_executable", sys.executable))


def _cpu_ms(pid: int) -> float:
    """CPU time until now of all threads of a process that runs (Linux)."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text(encoding="ascii").split()[0]) for task in tasks) / 1e6


def _peak_mib(pid: int) -> float:
    """The most memory the process had at once, as the kernel counts it for this program alone (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)
