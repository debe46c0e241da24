"""What people may ask. How it is answered is `query.py`, which events that are no questions have no need to load."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pointsman.policy import EndpointName


class Ask(StrEnum):
    """What can be asked."""

    STATUS = "status"
    ROLLOUT = "rollout"
    HISTORY = "history"
    RELEASES = "releases"
    ABOUT = "about"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Query:
    """A question. What it does not use is ignored; `next` is what an earlier answer gave to go on with."""

    ask: str
    endpoint: EndpointName | None = None
    rollout: str = ""
    limit: int | None = None
    next: str = ""
