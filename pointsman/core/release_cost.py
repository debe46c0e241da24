"""What a release costs: instances that would not run without it, times how long they run, times their price. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pointsman.core.peaks import Need, Stage
from pointsman.core.timetable import Course

ONE_HOUR = timedelta(hours=1)
COSTLY = (Stage.START, Stage.STEPS, Stage.END)


@dataclass(frozen=True, slots=True)
class StageCost:
    """One stage: instances beyond those of today, and hours, instance-hours and USD in one course."""

    stage: Stage
    extra: Mapping[str, int]
    hours: float
    usd: float | None

    @property
    def instance_hours(self) -> float:
        """Of all types."""
        return self.hours * sum(self.extra.values())


@dataclass(frozen=True, slots=True)
class Bill:
    """What one course costs, stage by stage. Where it is not whole, up to where the course ends."""

    stages: tuple[StageCost, ...]
    is_whole: bool

    @property
    def usd(self) -> float | None:
        """The sum; None where a price is not known."""
        costs = [each.usd for each in self.stages]
        return sum(each for each in costs if each is not None) if None not in costs else None

    @property
    def instance_hours(self) -> float:
        """The sum."""
        return sum(each.instance_hours for each in self.stages)


def bill_of(course: Course, needs: tuple[Need, ...], prices: Mapping[str, float]) -> Bill:
    """Price one course. `prices`: USD per instance and hour by type, as far as they are known."""
    by_stage = {need.stage: need for need in needs}
    stages: list[StageCost] = []
    for stage in COSTLY:
        begins, ends = _stretch(course, stage)
        if begins is None or ends is None:
            return Bill(tuple(stages), is_whole=False)
        extra = extra_of(by_stage[stage], by_stage[Stage.NOW])
        hours = (ends - begins) / ONE_HOUR
        per_hour = usd_per_hour(extra, prices)
        stages.append(StageCost(stage, extra, hours, hours * per_hour if per_hour is not None else None))
    return Bill(tuple(stages), is_whole=True)


def extra_of(need: Need, now: Need) -> dict[str, int]:
    """Instances by type beyond those of today; fewer are negative."""
    types = sorted({*need.by_type, *now.by_type})
    extra = {kind: need.by_type.get(kind, 0) - now.by_type.get(kind, 0) for kind in types}
    return {kind: count for kind, count in extra.items() if count}


def usd_per_hour(extra: Mapping[str, int], prices: Mapping[str, float]) -> float | None:
    """What extra instances cost in an hour; None where a price is not known."""
    if any(kind not in prices for kind in extra):
        return None
    return sum(count * prices[kind] for kind, count in extra.items())


def _stretch(course: Course, stage: Stage) -> tuple[datetime | None, datetime | None]:
    if stage is Stage.START:
        return course.begins, course.stands
    if stage is Stage.STEPS:
        return course.stands, course.finalizes or course.gives_up
    return course.finalizes, course.promoted
