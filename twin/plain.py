"""Deep copies of plain request and answer data, so that no caller can reach into the simulated world."""

from __future__ import annotations

from typing import Any

_CONTAINERS = (dict, list)


def copied(value: Any) -> Any:
    """Return a copy of nested dicts and lists; other values are immutable here and are shared.

    Much faster than `copy.deepcopy`, which matters because property tests run thousands of worlds.
    """
    if isinstance(value, dict):
        return {key: copied(item) if isinstance(item, _CONTAINERS) else item for key, item in value.items()}
    if isinstance(value, list):
        return [copied(item) if isinstance(item, _CONTAINERS) else item for item in value]
    return value
