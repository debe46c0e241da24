"""How long fleets took to start on an endpoint, from its own audit records. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from pointsman.core.audit import Record
from pointsman.core.phases import Phase
from pointsman.core.timetable import Grounds, Span

ARRIVALS = {Phase.VALIDATING: Phase.PREPARING, Phase.WATCHING: Phase.FINALIZING}
"""Entered when the fleet stands that was asked for with the other."""
LONGEST = timedelta(hours=1)
"""What took longer was held up by something else: no capacity, an alarm, a person."""
LEEWAY = 1.25
"""The next one may take so much longer than the longest, or less than the shortest."""


def measured_fleet(records: Iterable[Record]) -> Span | None:
    """The span of the fleets that started; None where none was recorded. `records`: of one endpoint, oldest first."""
    asked: dict[tuple[str, Phase], datetime] = {}
    took: list[timedelta] = []
    for record in records:
        facts = record.facts()
        if facts.get("kind") != "decision" or facts["before"] == facts["after"]:
            continue
        took += _taken(facts, asked)
    found = [each for each in took if each <= LONGEST]
    if not found:
        return None
    usual = timedelta(seconds=median(each.total_seconds() for each in found))
    return Span(min(found) / LEEWAY, usual, max(found) * LEEWAY, Grounds.MEASURED, len(found))


def _taken(facts: Mapping[str, Any], asked: dict[tuple[str, Phase], datetime]) -> list[timedelta]:
    rollout, after, at = (
        str(facts["rollout"]),
        Phase(facts["after"]),
        datetime.fromisoformat(str(facts["at"])),
    )
    if after in ARRIVALS.values():
        asked[rollout, after] = at
    began = asked.pop((rollout, ARRIVALS[after]), None) if after in ARRIVALS else None
    return [at - began] if began is not None else []
