"""What tests of planted bugs share: which schedules, what a planted function does, and what the property found."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.properties.faults import Schedule
from tests.properties.stories import first_failure


def undisturbed(name: str) -> Iterator[Schedule]:
    """The story as it is, without a fault."""
    yield Schedule(name)


def always(*, answer: object) -> Callable[..., object]:
    """A function that answers the same whatever it is asked."""
    return lambda *_given, **_wanted: answer


def found(schedules: Iterator[Schedule]) -> str:
    """The story of the first failure, cut to what was wrong."""
    story = first_failure(schedules)
    assert story is not None, "the planted bug was not found"
    return story.rpartition("wrong:")[2]
