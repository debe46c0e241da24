"""Matches events against EventBridge patterns, as far as `pointsman/triggers.py` uses them. It delivers nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ABSENT = object()
"""Stands for a key that an event does not have, which is not the same as one that is null."""


def matches(pattern: Mapping[str, Any], event: object) -> bool:
    """Whether an event is what a pattern asks for: every key of the pattern, at the same depth, by one alternative.

    Alternatives are exact values (null as well), `exists`, `prefix` and `anything-but`; a list in the event matches
    by any of its members (Amazon EventBridge user guide, "Comparison operators").

    Raises:
        ValueError: the pattern uses an operator that is not known here, rather than quietly matching nothing.
        TypeError: a leaf of the pattern is no list.

    """
    if not isinstance(event, Mapping):
        return False
    return all(_asks_for(wanted, event.get(key, ABSENT)) for key, wanted in pattern.items())


def _asks_for(wanted: object, found: object) -> bool:
    if isinstance(wanted, Mapping):
        return matches(wanted, found if isinstance(found, Mapping) else {})
    if not isinstance(wanted, list):
        raise TypeError(f"a pattern's leaf is a list of alternatives, not {wanted!r}")
    return any(_is_met(alternative, found) for alternative in wanted)


def _is_met(alternative: object, found: object) -> bool:
    if isinstance(alternative, Mapping):
        return _is_met_by_operator(alternative, found)
    values = found if isinstance(found, list) else [found]
    return any(_is_same(alternative, value) for value in values)


def _is_met_by_operator(alternative: Mapping[str, Any], found: object) -> bool:
    operator, operand = next(iter(alternative.items()))
    values = found if isinstance(found, list) else [found]
    match operator:
        case "exists":
            return (found is not ABSENT) is operand
        case "prefix":
            return any(isinstance(value, str) and value.startswith(operand) for value in values)
        case "anything-but":
            excluded = operand if isinstance(operand, list) else [operand]
            return found is not ABSENT and not any(
                _is_same(each, value) for each in excluded for value in values
            )
        case _:
            raise ValueError(f"operator {operator!r} is not known to the local run")


def _is_same(wanted: object, found: object) -> bool:
    """JSON's equality: true is not 1, and a number is a number whether it has a point or not."""
    return isinstance(wanted, bool) is isinstance(found, bool) and wanted == found
