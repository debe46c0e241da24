"""Matches events against EventBridge patterns."""

from collections.abc import Mapping
from typing import Any


def matches(pattern: Mapping[str, Any], event: object) -> bool:
    """Whether an event matches."""
    if not isinstance(event, Mapping):
        return False
    return all(
        matches(want, event.get(key)) if isinstance(want, Mapping) else event.get(key) in want
        for key, want in pattern.items()
    )
