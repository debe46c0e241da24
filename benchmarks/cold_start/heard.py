"""What the servers hear of a function while it runs. How they hear it is `servers.py`."""

from __future__ import annotations

from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Event

READY = "ready"
"""The function has started and asks for its event."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came from the function: an AWS operation's name or READY, or (`failure`) what it said instead of calling.

    It is answered when `may_go_on` is set, so that the function does nothing while it is looked at.
    """

    what: str = ""
    failure: str = ""
    may_go_on: Event = field(default_factory=Event)


Queue = SimpleQueue[Heard]


@dataclass(frozen=True, slots=True)
class Servers:
    """Where they listen, and what they hear."""

    runtime_api: str
    aws_url: str
    heard: Queue

    def forget(self) -> None:
        """What a function that has ended said is nothing that the next one said."""
        while not self.heard.empty():
            self.heard.get().may_go_on.set()
