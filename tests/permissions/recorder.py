"""Writes down which permissions the functions needed while the tests ran: `.pointsman/calls.json`. It judges nothing.

A call belongs to the function whose code is on the stack, however a test came to run it.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import botocore.handlers
import pytest

from pointsman import wiring
from pointsman.errors import PointsmanError
from pointsman.world import World
from tests.permissions.actions import Known, Use, uses_of

RECORD = Path(__file__).resolve().parents[2] / ".pointsman" / "calls.json"
HANDED_OVER = "calls_of_functions"
IN_BETWEEN = {"tests.permissions.recorder", "tests.properties.gate", "tests.worlds.kernel_client"}
"""Modules of tests that stand between an adapter and its client."""
Seen = set[tuple[str, Use]]

_seen: Seen = set()


def note(service: str, operation: str, params: dict[str, Any]) -> None:
    """Write down one call, if a function makes it."""
    function = _function_on_stack()
    if function:
        _seen.update((function, use) for use in uses_of(service, operation, params, _known()))


def seen_by(function: str) -> set[Use]:
    """What a function needed so far, in this process."""
    return {use for name, use in _seen if name == function}


def _function_on_stack() -> str:
    """The function that an adapter works for; nothing for a call that a test makes itself, also in the midst of a function."""
    frame = sys._getframe(1)
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith("functions."):
            return module.removeprefix("functions.")
        if module.startswith("tests.") and module not in IN_BETWEEN:
            return ""
        frame = frame.f_back  # type: ignore[assignment]
    return ""


def _known() -> Known:
    world = wiring._INSTALLED.get()
    return known_of(world) if world is not None else Known()


def known_of(world: World) -> Known:
    """The names of an installation."""
    names = world.names
    return Known(
        endpoints=frozenset(world.policies.endpoints()),
        groups=frozenset(world.policies.groups()),
        tables={names.state_table: "pointsman-state", names.audit_table: "pointsman-audit"},
        queues={names.due_queue: "pointsman-due", names.journal_queue: "pointsman-journal"},
        bus=names.bus,
        is_told=lambda topic: topic.endswith(f":{names.topic}") or topic in _notified(world),
    )


def _notified(world: World) -> set[str]:
    """Topics that policies name. A policy that cannot be read names none."""
    found = set()
    for endpoint in world.policies.endpoints():
        with suppress(PointsmanError):
            found.add(world.policies.get(endpoint).owner.notify)
    return found


def _note_client(params: dict[str, Any], model: Any, **_: Any) -> None:
    note(model.service_model.service_name, model.name, params)


class Recorder:
    """The pytest plugin: workers hand their record to the controller, which stores that of a whole run."""

    def __init__(self) -> None:
        # Every session that botocore makes from now on has it, as moto's own answering machine does.
        botocore.handlers.BUILTIN_HANDLERS.append(("provide-client-params", _note_client))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        _seen.update(_read(getattr(node, "workeroutput", {}).get(HANDED_OVER, [])))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[HANDED_OVER] = _written(_seen)
        elif is_whole(session.config):
            RECORD.parent.mkdir(exist_ok=True)
            RECORD.write_text(json.dumps(_written(_seen), indent=1) + "\n", encoding="utf-8")


def is_whole(config: pytest.Config) -> bool:
    """True when all tests were asked for: a part of them says nothing of permissions that nobody uses."""
    asked = config.getoption("keyword"), config.getoption("markexpr"), config.getoption("lf", default=False)
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not any(asked)


def read_record() -> dict[str, set[Use]]:
    """Permissions by function, as the last whole run needed them. Fails where there was none."""
    if not RECORD.is_file():
        pytest.fail("no record of the tests' AWS calls: run `make test` first", pytrace=False)
    found: dict[str, set[Use]] = {}
    for function, use in _read(json.loads(RECORD.read_text(encoding="utf-8"))):
        found.setdefault(function, set()).add(use)
    return found


def _written(seen: Seen) -> list[Any]:
    return [
        [function, use.action, use.resource, [list(pair) for pair in use.context]]
        for function, use in sorted(seen)
    ]


def _read(rows: list[Any]) -> Seen:
    return {
        (function, Use(action, resource, tuple((key, value) for key, value in context)))
        for function, action, resource, context in rows
    }
