"""Odds and the processes they belong to, in words. Nothing is counted or drawn here."""

from __future__ import annotations

from collections.abc import Iterable

from cli.tell import printable

LONG_NAMES = {
    "gross": "gross failures",
    "errors": "errors",
    "p75": "75th percentile",
    "p99": "99th percentile",
    "quality": "quality score",
    "tpot": "time per token",
    "slow": "slow requests",
}
"""By the names that are stored, in the order in which they are drawn."""
MOST_LETTERS = 24
"""Of a name that is not known here: it must fit into the smallest chart."""
LEAST, MOST = 0.01, 1_000_000


def in_order(names: Iterable[str]) -> list[str]:
    """Stored names in the order in which they are drawn and told; those not known here at the end."""
    known = list(LONG_NAMES)
    return sorted(set(names), key=lambda name: (known.index(name) if name in known else len(known), name))


def process(name: str) -> str:
    """A process as people call it; one that is not known here keeps its stored name."""
    return LONG_NAMES.get(name, printable(name)[:MOST_LETTERS])


def odds(value: float) -> str:
    """An e-value as odds: `under 0.01:1`, `0.42:1`, `13:1`, `over 1,000,000:1`."""
    if value < LEAST:
        return f"under {LEAST}:1"
    if value > MOST:
        return f"over {MOST:,}:1"
    return f"{value:,.0f}:1" if value >= 10 else f"{value:.2g}:1"  # noqa: PLR2004 - where digits end
