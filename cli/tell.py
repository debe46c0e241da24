"""Records in words: one line of a decision, its numbers, durations. Text from outside is made printable here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

MINUTE, HOUR = 60, 3600
MOVE_WIDTH, SHARE_WIDTH = 27, 5


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
