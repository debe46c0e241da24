"""Pages of a list: how many items one holds, and the opaque token that names the next. What is listed lives elsewhere."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from twin.errors import TwinError

Item = TypeVar("Item")
Params = dict[str, Any]
Mark = tuple[str, str]
"""Where an item stands: what the list is sorted by, then what tells equals apart."""


def sortable(value: Any) -> str:
    """Return a time, number or text as text of the same order."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return f"{value:020.6f}" if isinstance(value, int | float) else str(value)


@dataclass(frozen=True, slots=True)
class Pages:
    """How one operation pages: items by default and at most, and with which error codes it refuses."""

    operation: str
    default: int = 10
    most: int = 100
    size_member: str = "MaxResults"
    size_code: str = "ValidationException"
    page_code: str = "ValidationException"

    def cut(
        self, items: list[Item], params: Params, mark: Callable[[Item], Mark], *, descending: bool = False
    ) -> tuple[list[Item], Params]:
        """Return one page in the order of `mark`, and {"NextToken": ...} where more follow.

        A page begins behind the last item of the one before, also where that item is gone by now.
        """
        size = self.size(params)
        ordered = sorted(items, key=mark, reverse=descending)
        first = 0
        if params.get("NextToken"):
            last = self.last(params)
            behind = (place for place, item in enumerate(ordered) if _is_behind(mark(item), last, descending))
            first = next(behind, len(ordered))
        page = ordered[first : first + size]
        if first + size >= len(ordered):
            return page, {}
        return page, {"NextToken": self.token(params, mark(page[-1]))}

    def size(self, params: Params) -> int:
        """Return how much goes on one page."""
        size: int = params.get(self.size_member, self.default)
        if not 1 <= size <= self.most:
            raise TwinError(self.size_code, f"{self.size_member} must be between 1 and {self.most}.")
        return size

    def token(self, params: Params, mark: Mark) -> str:
        """Return the token that goes on behind `mark`."""
        text = json.dumps([self._question(params), *mark])
        return base64.b64encode(text.encode()).decode()

    def last(self, params: Params) -> Mark:
        """Return what the token names; it belongs to one question. That AWS holds it to that is recalled."""
        try:
            question, value, name = json.loads(base64.b64decode(params["NextToken"], validate=True))
        except (binascii.Error, ValueError, TypeError) as err:
            raise self._refusal() from err
        if question != self._question(params):
            raise self._refusal()
        return str(value), str(name)

    def _question(self, params: Params) -> int:
        """Return a number for the operation and all that narrows or orders its answer."""
        asked = {key: params[key] for key in sorted(params) if key not in ("NextToken", self.size_member)}
        return zlib.crc32(f"{self.operation} {asked!r}".encode())

    def _refusal(self) -> TwinError:
        return TwinError(self.page_code, f"The NextToken of {self.operation} is not valid for this request.")


def _is_behind(mark: Mark, last: Mark, descending: bool) -> bool:  # noqa: FBT001 - the direction of the list
    return mark < last if descending else mark > last
