"""What a check of `doctor` comes to, and how a look that may not be allowed becomes that. Which checks there are is `doctor_checks.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pointsman.errors import NotFound, PointsmanError

ABSENT = "does not exist"


class State(StrEnum):
    """How a check came out. Read by programs: never rename a value."""

    OK = "ok"
    PROBLEM = "problem"
    NOT_READ = "not read"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    what: str
    state: State
    says: str
    do: str = ""


def checked(what: str, look: Callable[[], Finding], missing: str) -> Finding:
    """A look that may not be allowed, or finds nothing where something must be."""
    try:
        return look()
    except NotFound:
        return Finding(what, State.PROBLEM, ABSENT, missing)
    except PointsmanError as err:
        return Finding(what, State.NOT_READ, str(err), "ask for this permission, or use another --profile")
