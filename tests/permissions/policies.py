"""IAM, as far as our policies use it: which statement allows a use, and what of a policy nobody used. Deny is not known here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.permissions.actions import Use


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a synthesised policy."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def allows(self, use: Use) -> bool:
        """True when action, resource and every condition match."""
        return (
            any(matches(each, use.action) for each in self.actions)
            and any(matches(each, use.resource) for each in self.resources)
            and all(_holds(operator, keys, dict(use.context)) for operator, keys in self.conditions.items())
        )


def matches(pattern: str, value: str) -> bool:
    """IAM's wildcards: `*` and `?`, case-sensitive, over colons and slashes."""
    expression = "".join({"*": ".*", "?": "."}.get(each, re.escape(each)) for each in pattern)
    return re.fullmatch(expression, value) is not None


def _holds(operator: str, keys: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    if operator == "Null":
        return all((key in context) is (str(wanted).lower() == "false") for key, wanted in keys.items())
    if operator == "ForAllValues:StringEquals":
        # It holds where the request has no such key at all.
        return _holds(
            "StringEquals", {key: wanted for key, wanted in keys.items() if key in context}, context
        )
    if operator == "StringEquals":
        return all(
            context.get(key) in ([wanted] if isinstance(wanted, str) else wanted)
            for key, wanted in keys.items()
        )
    raise AssertionError(f"condition operator {operator} is not known here: add it")


def refused(statements: Sequence[Statement], uses: Iterable[Use]) -> list[Use]:
    """Uses that no statement allows."""
    return sorted(use for use in uses if not any(each.allows(use) for each in statements))


def unused(statements: Iterable[Statement], uses: Iterable[Use]) -> set[tuple[str, str]]:
    """Sid and action, or sid and resource, of what a policy grants and no use needed."""
    found = set()
    every = list(uses)
    for statement in statements:
        needed = [use for use in every if statement.allows(use)]
        for action in statement.actions:
            if not any(matches(action, use.action) for use in needed):
                found.add((statement.sid, action))
        for resource in statement.resources:
            if not any(matches(resource, use.resource) for use in needed):
                found.add((statement.sid, resource))
    return found
