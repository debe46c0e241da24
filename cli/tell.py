"""Records in words: one line of a decision, its numbers, durations. Text from outside is made printable here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

MINUTE, HOUR = 60, 3600


def decision_line(facts: Mapping[str, Any]) -> str:
    """One record as one line: when, where it goes, how much traffic, why."""
    at = datetime.fromisoformat(str(facts["at"]))
    if facts.get("kind") != "decision":
        return f"  {at:%H:%M:%S}  {'':28}  {printable(facts.get('reason', ''))}"
    before, after = str(facts["before"]), str(facts["after"])
    move = after if before == after else f"{before} -> {after}"
    share = f"{facts['share_bps'] / 100:g} %"
    return f"  {at:%H:%M:%S}  {move:28}  {share:>5}  {printable(facts['reason'])}"


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
