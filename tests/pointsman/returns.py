"""Endpoints at rest after a release or a way back, and the two requests that bring a version back."""

from __future__ import annotations

from dataclasses import replace

from pointsman.core.phases import Phase
from pointsman.operate import Reply, Request
from pointsman.reopen import retry, rollback
from tests.worlds.account import ENDPOINT
from tests.worlds.quick import Quick


def released(version: int = 2, *, is_autoscaled: bool = False) -> Quick:
    """The endpoint at rest, some minutes after a version was released."""
    quick = Quick(is_autoscaled=is_autoscaled)
    release(quick, version)
    return quick


def release(quick: Quick, version: int) -> None:
    quick.approve(version)
    quick.drive_to(Phase.SUCCEEDED)
    quick.drive_to(None)


def taken_back() -> Quick:
    """The endpoint at rest, some minutes after version 2 was aborted."""
    quick = Quick()
    quick.approve(2)
    quick.drive_to(Phase.BAKING)
    back(quick)
    quick.drive_to(None)
    return quick


def request(command: str, request_id: str, version: int | None, target: str = ENDPOINT) -> Request:
    return Request(command, target, "complaints", "alice", request_id, version=version)


def back(quick: Quick, version: int | None = None, request_id: str = "r-1", **changes: object) -> Reply:
    wish = replace(request("rollback", request_id, version), **changes)  # type: ignore[arg-type]
    return rollback(quick.world, wish)


def again(quick: Quick, version: int | None = 2, request_id: str = "r-2") -> Reply:
    return retry(quick.world, request("retry", request_id, version))
