"""Ink for drawings: text, lines and numbers as SVG has them. It knows nothing of what is drawn."""

from __future__ import annotations

import htpy as h

FONT = 12
CHARACTER = 0.6 * FONT
"""No narrower estimate: a label must not be cut on anybody's font."""


def label(x: float, y: float, said: str, style: str = "", anchor: str = "start") -> h.Element:
    """Text at a place."""
    return h.Element("text")(
        x=place(x), y=place(y), class_=style or None, text_anchor=None if anchor == "start" else anchor
    )[said]


def width_of(said: str) -> float:
    """Pixels that a text needs at most."""
    return len(said) * CHARACTER


def rule(x1: float, y1: float, x2: float, y2: float, style: str) -> h.Element:
    """A straight line between two places."""
    return h.Element("line")(x1=place(x1), y1=place(y1), x2=place(x2), y2=place(y2), class_=style)


def place(value: float) -> str:
    """A coordinate with at most one digit behind the point."""
    return f"{value:.1f}".removesuffix(".0")
