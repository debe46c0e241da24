"""What may happen in a story: what people do, how versions behave, what the world refuses. When it happens: `scenarios.py`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.worlds.account import ENDPOINT, GOOD, TYPE
from twin.errors import TwinError
from twin.traffic import Profile

if TYPE_CHECKING:
    from tests.properties.run import Run

Happening = Callable[["Run"], None]

FAILING = replace(GOOD, error_rate=0.95)
NEVER_STARTS = replace(GOOD, starts=False)
DEAD = replace(GOOD, dead=True)
NEVER_ANSWERS = replace(GOOD, answers=False)


def approve(version: int) -> Happening:
    """A person approves a version."""
    return lambda run: run.account.approve(version)


def reject(version: int) -> Happening:
    """A person rejects a version."""
    return lambda run: run.account.reject(version)


def behave(version: int, profile: Profile) -> Happening:
    """A version behaves differently from now on."""
    return lambda run: run.account.behave(version, profile)


def lose_events(*, are_lost: bool) -> Happening:
    """From now on every event of the world is lost, or no more."""

    def happen(run: Run) -> None:
        run.is_deaf = are_lost

    return happen


def say(command: str, request_id: str = "1", **more: object) -> Happening:
    """A person asks for something."""
    request = {"command": command, "target": ENDPOINT, "by": "maria", "request_id": request_id}
    return lambda run: run.ask(request | {"reason": "the numbers look odd to me"} | more)


def nothing(_run: Run) -> None:
    """Until then there is something to wait for."""


abort = say("abort")


def set_alarm(state: str) -> Happening:
    """The alarm changes."""

    def happen(run: Run) -> None:
        run.account.set_alarm(state)
        run.gate.conduct.firing_since = run.now if state == "ALARM" else None

    return happen


def set_capacity(count: int) -> Happening:
    """The cloud has so many instances free for launches."""

    def happen(run: Run) -> None:
        run.account.kernel.capacity[TYPE] = count

    return happen


def set_quota(count: int) -> Happening:
    """The account may run so many instances."""

    def happen(run: Run) -> None:
        run.account.kernel.quota[TYPE] = count

    return happen


def deny(operation: str, times: int) -> Happening:
    """Permission for an operation is gone for some calls."""
    return lambda run: run.account.kernel.faults.fail(
        "sagemaker", operation, "AccessDeniedException", "is not authorized", times=times
    )


def set_status(status: str, reason: str) -> Happening:
    """The endpoint gets into a state."""
    return lambda run: run.account.kernel.set_endpoint_status(ENDPOINT, status, reason)


def change_by_hand(run: Run) -> None:
    """A person puts a config of their own live, unless the endpoint is in the middle of a change."""
    with suppress(TwinError):
        run.account.update_by_hand("made-by-hand")
