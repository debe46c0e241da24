"""`pointsman status`: where rollouts stand and what comes next, once or live. What is asked is answered by the installation."""

from __future__ import annotations

import json as jsonlib
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import Group, RenderableType
from rich.live import Live
from rich.text import Text

from cli.options import AsJson, Exit, guarded, say
from cli.reach import DEFAULT, Reach, Reached
from cli.status_view import NOTHING, console_of, endpoint_view, plain_details, plain_line, rollouts_view
from cli.status_words import change_key
from cli.tell import printable
from pointsman.errors import Denied, Misconfigured, Transient

Json = dict[str, Any]
LEAST_EVERY = 1
Watch = Annotated[bool, Parameter(negative=())]


def status(
    endpoint: str | None = None,
    /,
    *,
    watch: Watch = False,
    every: int = 5,
    json: AsJson = False,
    reach: Reach = DEFAULT,
) -> int:
    """Show every open rollout, or everything about one endpoint: share, step, verdict so far, what comes next and when.

    For example:

        pointsman status
        pointsman status chat-llm --watch
        pointsman status --json | jq '.rollouts[].phase'

    Args:
        endpoint: Name of an endpoint; all open rollouts otherwise.
        watch: Follow it until Ctrl-C. In a pipe: a line whenever something changed.
        every: Seconds between two looks of --watch, 1 or more.
        json: Print one JSON object for programs instead of text; with --watch one per change, each on its line.
        reach: Where.

    """
    if every < LEAST_EVERY:
        return say("status", f"--every must be {LEAST_EVERY} second or more, not {every}", Exit.WRONG_USE)

    def body() -> int:
        reached = reach.open()
        told = ask(reached, endpoint)
        if watch:
            return _Follower(reached, endpoint, as_json=json).follow(told, every, time.sleep)
        if json:
            sys.stdout.write(jsonlib.dumps(told, indent=2) + "\n")
        else:
            _show(told, endpoint)
        return Exit.OK

    return guarded("status", body)


def ask(reached: Reached, endpoint: str | None) -> Json:
    """All entries of a status, however many answers they take."""
    return reached.ask_on("status", ("rollouts",), endpoint=endpoint)


def _show(told: Json, endpoint: str | None) -> None:
    console = console_of()
    entries = told["rollouts"]
    if console.is_terminal:
        console.print(endpoint_view(entries[0]) if endpoint else rollouts_view(entries, console.width))
        return
    lines = plain_details(entries[0]) if endpoint else [plain_line(each) for each in entries] or [NOTHING]
    sys.stdout.write("".join(f"{line}\n" for line in lines))


class _Follower:
    """Looks again and again. An answer that does not come is told, and asked for again."""

    def __init__(self, reached: Reached, endpoint: str | None, *, as_json: bool) -> None:
        self._reached = reached
        self._endpoint = endpoint
        self._as_json = as_json
        self._known: dict[str, tuple[object, ...]] | None = None

    def follow(self, told: Json, every: int, wait: Callable[[float], None]) -> int:
        """Show the first answer, then every further one. Ends by Ctrl-C."""
        console = console_of()
        try:
            if self._as_json or not console.is_terminal:
                self._in_lines(told, every, wait)
            else:
                self._live(told, every, wait)
        except KeyboardInterrupt:
            return Exit.OK
        return Exit.OK

    def _live(self, told: Json, every: int, wait: Callable[[float], None]) -> None:
        console = console_of()
        with Live(console=console, auto_refresh=False, transient=False) as live:
            trouble = ""
            while True:
                live.update(self._frame(told, trouble, every, console.width), refresh=True)
                wait(every)
                told, trouble = self._again(told)

    def _frame(self, told: Json, trouble: str, every: int, width: int) -> RenderableType:
        entries = told["rollouts"]
        shown = endpoint_view(entries[0]) if self._endpoint else rollouts_view(entries, width)
        at = f"{datetime.fromisoformat(told['now']):%Y-%m-%d %H:%M:%S} UTC, every {every} s, Ctrl-C to end"
        rows: list[RenderableType] = [shown, Text(at, style="dim")]
        return Group(*rows, *([Text(f"no answer: {trouble}", style="bold red")] if trouble else []))

    def _in_lines(self, told: Json, every: int, wait: Callable[[float], None]) -> None:
        last_trouble = ""
        while True:
            self._print_changes(told)
            wait(every)
            told, trouble = self._again(told)
            if trouble and trouble != last_trouble:
                sys.stderr.write(f"pointsman status: no answer: {printable(trouble)}\n")
            last_trouble = trouble

    def _print_changes(self, told: Json) -> None:
        entries = {str(each["endpoint"]): each for each in told["rollouts"]}
        known, fresh = self._known, {name: change_key(each) for name, each in entries.items()}
        if fresh == known:
            return
        changed = [name for name, key in fresh.items() if (known or {}).get(name) != key]
        gone = sorted(set(known or {}) - set(fresh))
        at = f"{datetime.fromisoformat(told['now']):%H:%M:%S}"
        if self._as_json:
            sys.stdout.write(jsonlib.dumps(told | {"gone": gone}) + "\n")
        else:
            lines = [f"{at}  {plain_line(entries[name])}" for name in changed]
            lines += [f"{at}  {printable(name)}  at rest" for name in gone]
            sys.stdout.write("".join(f"{line}\n" for line in lines or [f"{at}  {NOTHING}"]))
        self._known = fresh
        sys.stdout.flush()

    def _again(self, told: Json) -> tuple[Json, str]:
        try:
            return ask(self._reached, self._endpoint), ""
        except (Transient, Denied, Misconfigured) as err:
            return told, str(err)
