"""A lock for one world and many threads, given in the order in which it was asked for. What is done in a turn is not its business."""

from __future__ import annotations

from threading import Condition
from types import TracebackType


class Turns:
    """`with turns:` waits until everybody who asked before is through. A thread must not ask again within its turn.

    A plain lock would let the clock, which gives it back only to take it again, starve the clients.
    """

    def __init__(self) -> None:
        self._condition = Condition()
        self._asked = 0
        self._through = 0

    def __enter__(self) -> None:
        with self._condition:
            mine = self._asked
            self._asked += 1
            self._condition.wait_for(lambda: self._through == mine)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._condition:
            self._through += 1
            self._condition.notify_all()
