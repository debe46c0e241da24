"""The virtual clock and what is due on it. It knows times and actions, never what an action means."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Action = Callable[[], None]


class Agenda:
    """A heap of actions by due time; equal times run in the order they were added."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("the start of a world needs a time zone")
        self.now = start.astimezone(UTC)
        self._heap: list[tuple[datetime, int, Action]] = []
        self._added = 0

    def at(self, when: datetime, action: Action) -> None:
        """Run `action` at `when`, or as soon as time moves if that is past."""
        self._added += 1
        heapq.heappush(self._heap, (max(when, self.now), self._added, action))

    def after(self, delay: timedelta, action: Action) -> None:
        """Run `action` when `delay` has passed."""
        self.at(self.now + delay, action)

    def next_due(self) -> datetime | None:
        """Return when the earliest action is due, None if nothing is pending."""
        return self._heap[0][0] if self._heap else None

    def take(self) -> Action:
        """Remove and return the earliest action; IndexError if there is none."""
        return heapq.heappop(self._heap)[2]
