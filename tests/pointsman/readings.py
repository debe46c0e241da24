"""What a pass reads, said by the test: minutes, answers, packages, autoscaling. Each stands in for one port and asks nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from pointsman.core.judge import Evidence, Judged
from pointsman.core.minutes import ONE_MINUTE, Minute
from pointsman.core.observed import Answer, Sides
from pointsman.core.rollout import Rollout
from pointsman.core.usual import Usual
from pointsman.errors import PointsmanError
from pointsman.policy import EndpointName, Health, ModelGroup
from pointsman.ports import Package
from tests.worlds.memory import MemoryStore


@dataclass(slots=True)
class Reported:
    """Implements `ports.Metrics`: every minute that is asked for, as `minute` makes it; `usual` is the past."""

    minute: Callable[[datetime], Minute]
    usual: Usual = field(default_factory=Usual)

    def read(self, sides: Sides, health: Health, since: datetime, until: datetime) -> list[Minute]:
        del sides, health
        count = int((until - since) / ONE_MINUTE)
        return [self.minute(since + number * ONE_MINUTE) for number in range(count)]

    def read_usual(self, sides: Sides, health: Health, before: datetime) -> Usual:
        del sides, health, before
        return self.usual


@dataclass(slots=True)
class Asked:
    """Implements `ports.Prober`: always the same answer; remembers which variants were asked."""

    answer: Answer
    variants: list[str] = field(default_factory=list)

    def ask(self, rollout: Rollout, variant: str) -> tuple[Answer, str]:
        del rollout
        self.variants.append(variant)
        return self.answer, "500"


@dataclass(slots=True)
class Registered:
    """Implements `ports.Registry`: a package, or the error that reading it raises."""

    package: Package | PointsmanError
    asked: int = 0

    def describe(self, package: str) -> Package:
        self.asked += 1
        if isinstance(self.package, PointsmanError):
            raise self.package
        return replace(self.package, approval=replace(self.package.approval, package=package))

    def find_approved(self, group: ModelGroup) -> dict[int, str]:
        package = self.describe("")
        return {package.approval.version: package.approval.package} if package.is_approved else {}


@dataclass(slots=True)
class BrokenScaling:
    """Implements `ports.Scaling`: nothing about it can be read."""

    error: PointsmanError

    def find_scale_in_suspended(self, endpoint: EndpointName, variant: str) -> bool | None:
        raise self.error

    def set_scale_in_suspended(self, endpoint: EndpointName, variant: str, *, suspended: bool) -> None:
        raise self.error


@dataclass(slots=True)
class KeepsNothing(MemoryStore):
    """A store whose evidence cannot be written."""

    error: PointsmanError | None = None

    def put_evidence(
        self, endpoint: EndpointName, before: Evidence | None, after: Evidence, minutes: list[Judged]
    ) -> None:
        del endpoint, before, after, minutes
        if self.error is not None:
            raise self.error
