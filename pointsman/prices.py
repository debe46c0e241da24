"""List prices and accelerators of instance types, from the dated file that ships beside this module. It asks nobody and guesses nothing."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).with_name("prices.json")


@dataclass(frozen=True, slots=True)
class Price:
    """USD for one instance and hour of real-time hosting. `as_of` is None where somebody gave the price."""

    usd_per_hour: float
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Accelerators:
    """How many accelerators one instance has, and which."""

    count: int
    kind: str


def find_price(region: str, instance_type: str) -> Price | None:
    """The list price, or None for a Region or a type that the file does not know: no number rather than a wrong one."""
    for listed in _shipped()["regions"].get(region, []):
        usd = listed["usd_per_hour"].get(instance_type)
        if usd is not None:
            return Price(float(usd), date.fromisoformat(listed["as_of"]))
    return None


def find_accelerators(instance_type: str) -> Accelerators | None:
    """The accelerators of a type, or None where it has none or is not known."""
    found = _shipped()["accelerators"].get(instance_type)
    return Accelerators(int(found[0]), str(found[1])) if found else None


@functools.cache
def _shipped() -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return raw
