"""The installation that the tests of the functions use, for rules that show only when something is called."""

from __future__ import annotations

from tests.functions.conftest import baking, here

__all__ = ["baking", "here"]
