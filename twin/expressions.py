"""Search expressions: which record fulfils which conditions. What records there are is the business of search."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from twin.errors import invalid, unsupported

Params = dict[str, Any]

MOST_CONDITIONS = 50
_MOST_AT_ONE_LEVEL = 20
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "GreaterThan": operator.gt,
    "GreaterThanOrEqualTo": operator.ge,
    "LessThan": operator.lt,
    "LessThanOrEqualTo": operator.le,
}


def check(expression: Params, properties: frozenset[str]) -> None:
    """Raise ValidationException for an expression that Search refuses (botocore's text of SearchExpression and Filter).

    `properties` are the names of the resource's members; `Tags.<key>` is known besides.
    """
    filters = list(_filters(expression))
    if len(filters) > MOST_CONDITIONS:
        raise invalid(f"A search expression has at most {MOST_CONDITIONS} conditions.")
    for condition in filters:
        name, comparison = condition["Name"], condition.get("Operator", "Equals")
        if name.partition(".")[0] not in properties:
            raise invalid(f"{name} is not a property that this resource can be searched by.")
        if ("Value" in condition) == (comparison in ("Exists", "NotExists")):
            raise invalid(f"Operator {comparison} takes {'no' if 'Value' in condition else 'a'} value.")
    if sum(condition.get("Operator") == "Contains" for condition in filters) > 1:
        raise invalid("'CONTAINS' operator usage limit of 1 exceeded.")


def _filters(expression: Params) -> Iterator[Params]:
    """Yield every filter, those of subexpressions too."""
    if expression.get("NestedFilters"):
        raise unsupported("Search with nested filters")
    filters, below = expression.get("Filters", []), expression.get("SubExpressions", [])
    if not 1 <= len(filters) + len(below) <= _MOST_AT_ONE_LEVEL:
        raise invalid(f"A search expression has between 1 and {_MOST_AT_ONE_LEVEL} elements.")
    yield from filters
    for each in below:
        yield from _filters(each)


def fulfils(record: Params, expression: Params) -> bool:
    """Say whether a record, its Tags a list as Search shows them, fulfils an expression that was checked."""
    answers = (
        *(
            _holds(value_of(record, condition["Name"]), condition)
            for condition in expression.get("Filters", [])
        ),
        *(fulfils(record, each) for each in expression.get("SubExpressions", [])),
    )
    return any(answers) if expression.get("Operator") == "Or" else all(answers)


def value_of(record: Params, name: str) -> Any:
    """Return the value of a property such as `EndpointName`, `ModelLifeCycle.Stage` or `Tags.team`; None if absent."""
    first, _, rest = name.partition(".")
    value = record.get(first)
    if first == "Tags":
        return next((tag["Value"] for tag in value or [] if tag["Key"] == rest), None)
    if value is None:
        return None
    if rest and isinstance(value, dict):
        return value_of(value, rest)
    if rest or isinstance(value, dict | list):
        raise unsupported(f"Search by {name}, which is more than one value")
    return value


def _holds(value: Any, condition: Params) -> bool:
    comparison: str = condition.get("Operator", "Equals")
    wanted: str = condition.get("Value", "")
    if comparison in ("Exists", "NotExists"):
        return (value is not None) == (comparison == "Exists")
    if value is None:
        # That what has no value counts as different is recalled.
        return comparison == "NotEquals"
    if comparison in ("Contains", "In") or comparison in _COMPARISONS:
        return _compared(value, comparison, wanted)
    return bool(value == _typed(wanted, value)) == (comparison == "Equals")


def _compared(value: Any, comparison: str, wanted: str) -> bool:
    is_text = isinstance(value, str)
    if is_text == (comparison in _COMPARISONS):
        raise invalid(f"Operator {comparison} is not supported for {'text' if is_text else 'this'} property.")
    if comparison == "Contains":
        return wanted in str(value)
    if comparison == "In":
        return value in [each.strip() for each in wanted.split(",")]
    return _COMPARISONS[comparison](value, _typed(wanted, value))


def _typed(wanted: str, value: Any) -> Any:
    """Return `wanted` as a value of the type of `value`; ValidationException if it is none."""
    if isinstance(value, bool):
        return wanted.lower() == "true"
    try:
        if isinstance(value, datetime):
            moment = datetime.fromisoformat(wanted)
            return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        return float(wanted) if isinstance(value, int | float) else wanted
    except ValueError as err:
        raise invalid(f"{wanted} is not a value for this property.") from err
