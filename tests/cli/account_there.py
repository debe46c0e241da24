"""An account that is open already, read once, with an installation in it that answers as told. It asserts nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cli.reach import Reach, Reached
from pointsman.account import Account
from pointsman.errors import Misconfigured
from pointsman.hosted import Hosting

NOWHERE = Misconfigured("no installation of Pointsman")


@dataclass(slots=True)
class Installed:
    """The functions of an installation, as far as they are asked where rollouts stand."""

    answer: dict[str, Any] | Exception
    installation: str = "pointsman"

    def call(self, _trigger: str, _event: Any) -> dict[str, Any]:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@dataclass(frozen=True, slots=True)
class There(Reach):
    """An account that is open already, with an installation in it, or without."""

    account: Any = None
    answer: Any = NOWHERE

    def open(self) -> Reached:
        return Reached(self.account, Installed(self.answer))  # type: ignore[arg-type]


@dataclass(slots=True)
class Remembering(Account):
    """An account that is read once: how it is told is what these tests are about."""

    remembered: Any = None

    def hosting(self) -> Hosting:
        remembered: Hosting = self.remembered
        return remembered
