"""Records in words: one line of a decision, its numbers, durations. Text from outside is made printable here."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

MINUTE, HOUR = 60, 3600
MOVE_WIDTH, SHARE_WIDTH = 27, 5
INDENT = " " * 12
GOES_ON = ("tolerated ", "evidence ", "not proved ")
LONG, LEAST_WIDTH = 140, 40
"""Columns of a line that is told in one piece into a pipe, and the fewest that anything is wrapped to."""


def decision_columns(facts: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """One record: when, where it goes, how much traffic, why."""
    at = f"{datetime.fromisoformat(str(facts['at'])):%H:%M:%S}"
    if facts.get("kind") != "decision":
        return at, "", "", printable(facts.get("reason", ""))
    before, after = str(facts["before"]), str(facts["after"])
    move = after if before == after else f"{before} -> {after}"
    return at, move, f"{facts['share_bps'] / 100:g} %", printable(facts["reason"])


def decision_line(facts: Mapping[str, Any]) -> str:
    """The same as one line of fixed columns."""
    at, move, share, reason = decision_columns(facts)
    return f"  {at}  {move:{MOVE_WIDTH}}  {share:>{SHARE_WIDTH}}  {reason}"


def decision_lines(facts: Mapping[str, Any], width: int | None) -> list[str]:
    """The same, but where it is long one line for each clause of the reason, within `width` columns; None: as long as it is."""
    whole = decision_line(facts)
    at, move, share, reason = decision_columns(facts)
    if len(whole) <= (width or LONG) or (width is None and not move):
        return [whole]
    head = f"  {at}  {move:{MOVE_WIDTH}}  {share:>{SHARE_WIDTH}}".rstrip()
    return [head, *(line for clause in _clauses(reason) for line in wrapped(clause, width))]


def wrapped(said: str, width: int | None) -> list[str]:
    """Text under a decision within `width` columns; a number stays on the line of its percent sign."""
    if width is None:
        return [f"{INDENT}{said}"]
    kept = said.strip().replace(" %", "\u00a0%")
    first = INDENT + " " * (len(said) - len(said.lstrip()))
    lines = textwrap.wrap(
        kept,
        max(width, LEAST_WIDTH),
        initial_indent=first,
        subsequent_indent=f"{first}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace("\u00a0%", " %") for line in lines]


def _clauses(reason: str) -> list[str]:
    """What goes on with the clause before it stands a little further in."""
    *first, last = reason.split("; ")
    clauses = [*(f"{clause};" for clause in first), last]
    return [f"  {each}" if each.startswith(GOES_ON) else each for each in clauses]


def numbers_line(numbers: Mapping[str, Any]) -> str:
    """The numbers of a decision, sorted by name; empty where there are none."""
    return ", ".join(f"{printable(name)} {printable(value)}" for name, value in sorted(numbers.items()))


def minutes(duration: timedelta) -> str:
    """A duration as people read it: `45 s`, `12 min`, `2 h 05 min`."""
    seconds = round(duration.total_seconds())
    if seconds < MINUTE:
        return f"{seconds} s"
    if seconds < HOUR:
        return f"{round(seconds / MINUTE)} min"
    return f"{seconds // HOUR} h {seconds % HOUR // MINUTE:02d} min"


def printable(value: object) -> str:
    """Text without control characters, whatever it came from."""
    return "".join(char if char.isprintable() else "?" for char in str(value))
