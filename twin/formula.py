"""Metric math, the part that alarms on rates use: arithmetic, comparisons, IF and FILL. Values come from elsewhere."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from functools import cache

from twin.errors import TwinError

Value = float | None
"""None is a period without a datapoint."""
Formula = Callable[[Mapping[str, Value]], Value]

_OPERATIONS: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


@cache
def read(expression: str) -> Formula:
    """Read an expression over the ids of metrics; ValidationError for what the twin does not do."""
    try:
        return _formula(ast.parse(expression, mode="eval").body)
    except (SyntaxError, KeyError) as err:
        raise _unknown(expression) from err


def _unknown(expression: str) -> TwinError:
    return TwinError("ValidationError", f"The twin does not do this yet: the metric math {expression}.")


def _formula(node: ast.expr) -> Formula:
    match node:
        case ast.Constant(value=int() | float() as number):
            return lambda _: float(number)
        case ast.Name(id=name):
            return lambda values: values[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return _joined(_OPERATIONS[ast.Sub], lambda _: 0.0, _formula(inner))
        case ast.BinOp(left=left, op=sign, right=right):
            return _joined(_OPERATIONS[type(sign)], _formula(left), _formula(right))
        case ast.Compare(left=left, ops=[sign], comparators=[right]):
            return _joined(_OPERATIONS[type(sign)], _formula(left), _formula(right))
        case ast.Call(func=ast.Name(id="IF"), args=[condition, then, otherwise]):
            return _chosen(_formula(condition), _formula(then), _formula(otherwise))
        case ast.Call(func=ast.Name(id="FILL"), args=[inner, filler]):
            return _filled(_formula(inner), _formula(filler))
        case _:
            raise _unknown(ast.unparse(node))


def _joined(operation: Callable[[float, float], float], left: Formula, right: Formula) -> Formula:
    def value(values: Mapping[str, Value]) -> Value:
        a, b = left(values), right(values)
        try:
            return None if a is None or b is None else float(operation(a, b))
        except ZeroDivisionError:
            return None

    return value


def _chosen(condition: Formula, then: Formula, otherwise: Formula) -> Formula:
    def value(values: Mapping[str, Value]) -> Value:
        holds = condition(values)
        return None if holds is None else then(values) if holds else otherwise(values)

    return value


def _filled(inner: Formula, filler: Formula) -> Formula:
    def value(values: Mapping[str, Value]) -> Value:
        found = inner(values)
        return filler(values) if found is None else found

    return value


def names_in(expression: str) -> set[str]:
    """Return the ids that an expression was read to use."""
    return {
        node.id for node in ast.walk(ast.parse(expression, mode="eval")) if isinstance(node, ast.Name)
    } - {
        "IF",
        "FILL",
    }
