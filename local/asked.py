"""What a control command was asked for, read from JSON into values with bounds; and the refusal of what cannot be."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

MOST = 1_000_000


class Refused(Exception):
    """A command cannot be carried out; the message says why and what can be done instead."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of one command. Each method raises Refused for what is missing or makes no sense."""

    params: Mapping[str, object]

    def text(self, name: str) -> str:
        """Text that is not empty."""
        value = self.params.get(name)
        if not isinstance(value, str) or not value:
            raise Refused(f"{name} is missing or no text")
        return value

    def number(self, name: str, least: float, most: float, usual: float | None = None) -> float:
        """A number within bounds."""
        value = self.params.get(name, usual)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise Refused(f"{name} is missing or no number")
        if not least <= value <= most:
            raise Refused(f"{name} is {value:g}; it may be {least:g} to {most:g}")
        return float(value)

    def count(self, name: str, least: int = 1) -> int:
        """A whole number from `least` on."""
        value = self.number(name, least, MOST)
        if value != int(value):
            raise Refused(f"{name} is {value:g}; it must be a whole number")
        return int(value)

    def duration(self, name: str, most: timedelta = timedelta(days=30)) -> timedelta:
        """Seconds, more than none."""
        seconds = self.number(name, -math.inf, math.inf)
        if not 0 < seconds <= most.total_seconds():
            raise Refused(
                f"{seconds:g} seconds are no time to wait: more than none, at most {most.days} days"
            )
        return timedelta(seconds=seconds)
