"""A case of the contract: what it claims, on which fact it rests, what it needs and costs. What it does is in cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from contract.scene import Scene

Run = Callable[[Scene], None]


class Ground(StrEnum):
    """How a line of the facts is known, by its tag there."""

    CONFIRMED = "C"
    RECALLED = "R"
    INFERRED = "I"


class Need(StrEnum):
    """What must run for a case, cheapest first."""

    NOTHING = "nothing that runs"
    OWN_ENDPOINT = "an endpoint of its own"
    ENDPOINT = "the endpoint that cases share"


_INSTANCES = {Need.NOTHING: 0, Need.OWN_ENDPOINT: 1, Need.ENDPOINT: 2}


@dataclass(frozen=True, slots=True)
class Case:
    """One claim; `run` raises AssertionError where the account behaves otherwise.

    `section` and `ground` name the line in the facts about AWS. `takes` is how long it is expected to take in a real
    account; `builds` says that it puts a second fleet beside the first. Both are for the estimate alone.
    """

    run: Run
    section: str
    ground: Ground
    needs: Need
    takes: timedelta
    builds: bool
    needs_events: bool

    @property
    def name(self) -> str:
        """The name of its function, by which it is chosen and reported."""
        return self.run.__name__

    @property
    def claim(self) -> str:
        """What is claimed, in one sentence."""
        return " ".join((self.run.__doc__ or "").split())

    @property
    def chapter(self) -> str:
        """The part of AWS that it is about: the name of its module."""
        return self.run.__module__.rpartition(".")[2]

    @property
    def instances(self) -> int:
        """How many instances run while it does."""
        return _INSTANCES[self.needs] * (2 if self.builds else 1)


_KNOWN: list[Case] = []


def case(  # noqa: PLR0913 - a case says where it comes from and what it costs; a value for it would only be unpacked
    section: str,
    ground: Ground,
    needs: Need = Need.NOTHING,
    minutes: float = 0.5,
    *,
    builds: bool = False,
    needs_events: bool = False,
) -> Callable[[Run], Run]:
    """Make a case of a function whose docstring is the claim."""

    def known(run: Run) -> Run:
        _KNOWN.append(Case(run, section, ground, needs, timedelta(minutes=minutes), builds, needs_events))
        return run

    return known


def every_case() -> list[Case]:
    """All cases, those first that need least; the shared endpoint then runs for its own cases alone."""
    return sorted(_KNOWN, key=lambda each: list(Need).index(each.needs))
