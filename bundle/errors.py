"""What keeps the zip from being built, in words for whoever builds it."""

from __future__ import annotations


class NotBuilt(Exception):
    """Nothing was built: the message says what is in the way and what to do."""
