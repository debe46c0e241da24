"""How every `pointsman local` command talks to the world that runs, and how it tells times and numbers. What is asked is the command's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from cli.local_client import Json, LocalWorld, find_world
from cli.options import Exit, guarded
from cli.tell import printable


def with_world(command: str, body: Callable[[LocalWorld], int]) -> int:
    """Run a command's body on the world that runs; gives its exit code."""
    return guarded(f"local {command}", lambda: body(find_world()))


def asked(command: str, params: Json, tell: Callable[[Json], None], *, as_json: bool) -> int:
    """Ask the world one thing and tell its answer, or print it as JSON."""

    def body(world: LocalWorld) -> int:
        answer = world.ask(command, **params)
        if as_json:
            return print_json(answer)
        tell(answer)
        return Exit.OK

    return with_world(command, body)


def print_json(answer: Any) -> int:  # noqa: ANN401 - any JSON
    """One object on one line."""
    print(json.dumps(answer))
    return Exit.OK


def print_problems(answer: Json) -> None:
    """What is wrong with the policies, if anything is."""
    for problem in answer["policy_problems"]:
        print(f"policy wrong: {printable(problem)}")


def moment(iso: str) -> str:
    """A time in the world, as people read it."""
    return f"{datetime.fromisoformat(iso):%Y-%m-%d %H:%M:%S} UTC"


def counted(number: int, noun: str) -> str:
    """`1 record`, `2 records`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
