"""An installation in this process with everything that the command line reaches over boto3, and commands run in it as people type them."""

from __future__ import annotations

import contextlib
import io
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.app import main
from cli.policy_file import load_policy
from local.deployed import deploy
from local.fleet import approve, serve
from local.functions_api import functions_answering
from local.installation import Installation, installed
from local.releases import LLM
from local.stories import demo_policy
from local.trace import generate_trace
from pointsman.policy import Policy

DEMO_POLICY = Path(__file__).resolve().parents[2] / "cli" / "demo_policy.yaml"
ENDPOINT = "chat-llm"
GOOD, BAD = replace(LLM, error_rate=0.0), replace(LLM, error_rate=0.2)


class Terminal(io.StringIO):
    """Text that takes itself for a terminal."""

    def isatty(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


@dataclass(slots=True)
class World:
    """A running installation with one endpoint."""

    here: Installation
    policy: Policy
    ran: list[str] = field(default_factory=list)

    def run(self, line: str, *, typed: str | None = None) -> Ran:
        """Run one command; with `typed` on a terminal, where that is typed."""
        self.ran.append(line)
        return run(f"{line} --region us-east-1", typed=typed)

    def approve(self, *, bad: bool = False) -> None:
        approve(self.here, self.policy.model_package_group, BAD if bad else GOOD)

    def pass_minutes(self, minutes: float) -> None:
        self.here.pass_time(timedelta(minutes=minutes))


def run(line: str, *, typed: str | None = None) -> Ran:
    """Run one command of the command line in this process."""
    is_terminal = typed is not None
    out, err = Terminal() if is_terminal else io.StringIO(), io.StringIO()
    stdin = Terminal(typed) if typed is not None else io.StringIO()
    before = sys.stdin
    sys.stdin = stdin
    try:
        printed = contextlib.redirect_stdout(out), contextlib.redirect_stderr(err)
        with printed[0], printed[1], pytest.raises(SystemExit) as ended:
            main(shlex.split(line))
    finally:
        sys.stdin = before
    code: Any = ended.value.code
    return Ran(int(code), out.getvalue(), err.getvalue())


@contextlib.contextmanager
def running(**plan: Any) -> Iterator[World]:
    """The demonstration's endpoint with five minutes of traffic behind it; keywords change its plan."""
    trace = generate_trace(7)
    policy = demo_policy(load_policy(DEMO_POLICY), trace)
    policy = replace(policy, plan=replace(policy.plan, **plan))
    with installed([policy], io.StringIO()) as here, functions_answering(here):
        deploy(here)
        here.kernel.slow_above_ms = policy.plan.health.slow_over / timedelta(milliseconds=1)
        serve(here, policy, LLM)
        here.dispatcher.start()
        here.kernel.traffic(policy.endpoint, trace.looped(here.kernel.now))
        here.pass_time(timedelta(minutes=5))
        yield World(here, policy)
