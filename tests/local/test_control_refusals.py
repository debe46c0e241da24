"""Commands that make no sense are refused, in words that say what would."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from local.asked import Refused
from local.running import Running
from tests.local.worlds import small_world, told


@pytest.fixture(scope="module")
def calm() -> Iterator[Running]:
    """A world for what changes nothing in it."""
    with small_world() as up:
        yield up


@pytest.mark.parametrize(
    ("command", "params", "says"),
    [
        ("dance", {}, "no command 'dance'"),
        ("advance", {}, "duration_s"),
        ("advance", {"duration_s": "1h"}, "duration_s"),
        ("approve", {"group": "chat-llm", "character": "lazy"}, "never-starts"),
        ("approve", {"group": "nobody", "character": "good"}, "nobody"),
        ("approve", {"group": "chat-llm", "character": "failing", "failing_percent": 101}, "0 to 100"),
        ("reject", {"group": "chat-llm", "version": 9}, "has no version 9; it has 1"),
        ("traffic", {"endpoint": "nobody", "requests_per_minute": 1}, "nobody"),
        ("traffic", {"endpoint": "chat-llm", "requests_per_minute": 10**6}, "100000"),
        ("fault", {"kind": "fire"}, "lose-events"),
        ("messages", {"after": -1}, "after"),
    ],
)
def test_what_makes_no_sense_is_refused(
    calm: Running, command: str, params: dict[str, Any], says: str
) -> None:
    with pytest.raises(Refused, match=says):
        told(calm, command, **params)
