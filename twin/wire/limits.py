"""The constraints that one shape of a service model puts on one value, worded as AWS words them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.model import Shape

from twin.wire.patterns import Untranslatable, compiled

_NUMBERS = ("integer", "long", "float", "double")
_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
    "timestamp": (datetime,),
    "blob": (bytes, bytearray, str),
    "list": (list, tuple),
    "map": (Mapping,),
    "structure": (Mapping,),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """One constraint: the phrase that AWS puts into its message, and the test a value must pass."""

    phrase: str
    holds: Callable[[Any], bool]


def fits_type(type_name: str, value: object) -> bool:
    """Whether a parsed value has the Python type of the model's type. A bool is no number."""
    if isinstance(value, bool) and type_name != "boolean":
        return False
    return isinstance(value, _PYTHON_TYPES.get(type_name, (object,)))


def limits_of(shape: Shape) -> tuple[Limit, ...]:
    """All constraints of the shape itself; those of its members belong to their own shapes."""
    return tuple(_limits(shape))


def _limits(shape: Shape) -> Iterator[Limit]:
    lowest, highest = shape.metadata.get("min"), shape.metadata.get("max")
    is_number = shape.type_name in _NUMBERS
    if highest is not None:
        yield _number_at_most(highest) if is_number else _length_at_most(highest)
    if lowest is not None:
        yield _number_at_least(lowest) if is_number else _length_at_least(lowest)
    if pattern := shape.metadata.get("pattern"):
        yield from _matching(pattern)
    if names := shape.metadata.get("enum"):
        yield Limit(
            f"Member must satisfy enum value set: [{', '.join(names)}]", frozenset(names).__contains__
        )


def _number_at_most(bound: float) -> Limit:
    return Limit(f"Member must have value less than or equal to {bound}", lambda value: value <= bound)


def _number_at_least(bound: float) -> Limit:
    return Limit(f"Member must have value greater than or equal to {bound}", lambda value: value >= bound)


def _length_at_most(bound: int) -> Limit:
    return Limit(f"Member must have length less than or equal to {bound}", lambda value: len(value) <= bound)


def _length_at_least(bound: int) -> Limit:
    return Limit(
        f"Member must have length greater than or equal to {bound}", lambda value: len(value) >= bound
    )


def _matching(pattern: str) -> Iterator[Limit]:
    """Compiles at the first value, since most shapes of an operation are never sent."""

    def holds(value: str) -> bool:
        try:
            return compiled(pattern).fullmatch(value) is not None
        except Untranslatable:
            return True

    yield Limit(f"Member must satisfy regular expression pattern: {pattern}", holds)
