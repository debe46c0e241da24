"""Local worlds for tests: two endpoints under the shipped policies, time that passes only when told to."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cli.policy_file import load_policies
from local.control import carried_out
from local.running import Running, running

POLICIES = load_policies(Path(__file__).parents[2] / "policies")


@contextmanager
def small_world(seed: int = 7, speed: float = 0.0) -> Iterator[Running]:
    with running(POLICIES, io.StringIO(), seed, speed, samples=()) as world:
        yield world


def told(world: Running, command: str, **params: Any) -> dict[str, Any]:
    """The last line that a command answers."""
    return list(carried_out(world, command, params))[-1]


def decisions(world: Running) -> list[tuple[str, str]]:
    """Every move from one phase to another, as (rollout's version, phase)."""
    facts = [record.facts() for record in world.here.heard.records]
    return [
        (f"v{each['version']}", each["after"])
        for each in facts
        if each["kind"] == "decision" and each["before"] != each["after"]
    ]
