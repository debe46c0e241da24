"""How a running local world looks: what to export, what stands, each record as it comes, a live line on a terminal. It asks and changes nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from rich.console import Console, Group, JustifyMethod
from rich.live import Live
from rich.table import Table
from rich.text import Text

from cli.local_env import ENV_FILE, LOG_FILE, exports, shell_lines
from cli.tell import decision_columns, printable
from pointsman.core.phases import Phase

Json = dict[str, Any]
NAME_WIDTH, MOVE_WIDTH, SHARE_WIDTH = 26, 27, 5
ENDED = frozenset({Phase.SUCCEEDED, Phase.ROLLED_BACK, Phase.SUPERSEDED})


class View(Protocol):
    """Something that shows a running world."""

    def open(self, address: str, status: Json, policies: str) -> None:
        """The world is up."""
        ...

    def record(self, facts: Mapping[str, Any]) -> None:
        """Something was recorded."""
        ...

    def problems(self, problems: Sequence[str]) -> None:
        """The policies were read again, with these mistakes."""
        ...

    def clock(self, now: datetime, planned: int) -> None:
        """It is that time in the world, and so many faults are planned."""
        ...

    def close(self) -> None:
        """Leave the terminal as it was."""
        ...


def record_line(facts: Mapping[str, Any]) -> str:
    """One record in fixed columns: day and time, rollout, where it goes, its share, why."""
    _at, move, share, reason = decision_columns(facts)
    at = f"{datetime.fromisoformat(str(facts['at'])):%m-%d %H:%M:%S}"
    name = printable(facts.get("rollout") or facts.get("endpoint") or facts.get("stream", ""))
    return f"{at}  {name:{NAME_WIDTH}}  {move:{MOVE_WIDTH}}  {share:>{SHARE_WIDTH}}  {reason}"


def endpoint_table(endpoints: Sequence[Json]) -> Group:
    """What stands: a line for each endpoint that has a policy or is asked anything, and the names of the others."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("endpoint", "status", "serves on", "requests/min", "policy", "open rollout"):
        is_short = title in {"endpoint", "status", "policy"}
        justify: JustifyMethod = "right" if title == "requests/min" else "left"
        table.add_column(title, justify=justify, no_wrap=is_short, overflow="fold")
    busy = [each for each in endpoints if each["has_policy"] or each["requests_per_minute"]]
    for each in busy:
        table.add_row(
            Text(printable(each["endpoint"])),
            Text(printable(each["status"] or "does not exist")),
            Text(_fleets(each["variants"])),
            f"{each['requests_per_minute']:g}",
            "yes" if each["has_policy"] else "no",
            Text(_rollout(each["rollout"])),
        )
    return Group(table, Text(_others([each for each in endpoints if each not in busy])))


def _others(endpoints: Sequence[Json]) -> str:
    names = [
        printable(each["endpoint"])
        + ("" if each["status"] == "InService" else f" ({printable(each['status'])})")
        for each in endpoints
    ]
    return f"and {len(names)} that nobody asks anything: {', '.join(names)}" if names else ""


def _fleets(variants: Sequence[Json]) -> str:
    """`AllTraffic x2`, or with shares where there are several."""
    whole = sum(each["weight"] or 0 for each in variants)
    shares = [
        f" {100 * (each['weight'] or 0) / whole:.3g} %" if whole and len(variants) > 1 else ""
        for each in variants
    ]
    return ", ".join(
        f"{printable(each['variant'])} x{each['instances'] or 0}{share}"
        for each, share in zip(variants, shares, strict=True)
    )


def _rollout(rollout: Json | None) -> str:
    if rollout is None:
        return ""
    hold = f", hold: {rollout['hold']}" if rollout["hold"] else ""
    return f"v{rollout['version']} {rollout['phase']} {rollout['share_percent']:g} %{hold}"


class JsonView:
    """One object once it is up, nothing else."""

    def open(self, address: str, status: Json, policies: str) -> None:
        """Print it."""
        told = {"address": address, "env": exports(address), "policies": policies, "status": status}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()

    def record(self, facts: Mapping[str, Any]) -> None:
        """Say nothing."""

    def problems(self, problems: Sequence[str]) -> None:
        """Say nothing: commands tell of them."""

    def clock(self, now: datetime, planned: int) -> None:
        """Say nothing."""

    def close(self) -> None:
        """Nothing to restore."""


class PlainView:
    """Lines for a pipe or a log."""

    def __init__(self, console: Console | None = None) -> None:
        # The stream is kept: handlers' prints are sent to the log by exchanging sys.stdout while they run.
        self.console = console or Console(
            file=sys.stdout, highlight=False, soft_wrap=True, markup=False, emoji=False
        )

    def open(self, address: str, status: Json, policies: str) -> None:
        """Say where it is, what to export, what stands and what to try."""
        speed, now = status["speed"], datetime.fromisoformat(status["now"])
        pace = (
            f"{speed:g} virtual seconds pass each second" if speed else "time passes only by `local advance`"
        )
        self.console.print(f"A local world is running at {address}: seed {status['seed']}, {pace}.")
        self.console.print(f"It is {now:%Y-%m-%d %H:%M} UTC in there. Policies: {printable(policies)}\n")
        self.console.print(f"Any AWS client reaches it with these (to source: {ENV_FILE}):")
        for line in shell_lines(address):
            self.console.print(f"  {line}")
        self.console.print()
        self.console.print(endpoint_table(status["endpoints"]))
        self.console.print(_TRY)

    def record(self, facts: Mapping[str, Any]) -> None:
        """One line."""
        self.console.print(record_line(facts))

    def problems(self, problems: Sequence[str]) -> None:
        """A line for each, or that all is well again."""
        for problem in problems:
            self.console.print(f"policy wrong: {printable(problem)}")
        self.console.print(
            "The policies stay as they were until this is mended."
            if problems
            else "The policies were read again."
        )

    def clock(self, now: datetime, planned: int) -> None:
        """Nothing: lines tell the time."""

    def close(self) -> None:
        """Say that nothing is left."""
        self.console.print("The local world has ended; nothing of it is left running.")


class LiveView(PlainView):
    """The same on a terminal, with a line below that shows the time and what is open."""

    def __init__(self) -> None:
        super().__init__(Console(file=sys.stdout, highlight=False, markup=False, emoji=False))
        self._open: dict[str, str] = {}
        # Its own redirection would take the output of handlers, which goes to the log.
        self._live = Live(
            console=self.console,
            refresh_per_second=8,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def open(self, address: str, status: Json, policies: str) -> None:
        """Say it, and begin with the line."""
        super().open(address, status, policies)
        self._live.start()

    def record(self, facts: Mapping[str, Any]) -> None:
        """One line, and what it means for the line below."""
        super().record(facts)
        if facts.get("kind") == "decision":
            phase, name = str(facts["after"]), str(facts["endpoint"])
            self._open[name] = f"{name} v{facts['version']} {phase} {facts['share_bps'] / 100:g} %"
            if phase in ENDED:
                del self._open[name]

    def clock(self, now: datetime, planned: int) -> None:
        """Draw the line."""
        faults = f"   {planned} planned faults" if planned else ""
        said = "   ".join(self._open.values()) or "no rollout is open"
        line = f"{now:%Y-%m-%d %H:%M:%S} UTC   {printable(said)}{faults}   Ctrl-C ends it"
        self._live.update(Text(line, style="reverse", overflow="ellipsis", no_wrap=True))

    def close(self) -> None:
        """Give the terminal back."""
        self._live.stop()
        super().close()


_TRY = f"""
Next, in another terminal of this folder:
  source {ENV_FILE}
  aws sagemaker list-endpoints
  pointsman local approve chat-llm --failing     a version that fails 3 % of its requests
  pointsman local advance 1h                     an hour passes now
  pointsman local messages                       what people were told
  pointsman local fault --list                   what can be made to fail
Log lines and metrics of the functions: {LOG_FILE}
"""
