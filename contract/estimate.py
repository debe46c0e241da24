"""How long a run takes and what it costs, from what its cases say of themselves and from list prices. Nothing is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from contract.case import Case, Need

START_AND_END = timedelta(minutes=15)
"""What the shared endpoint takes to come and to go."""
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Duration of a run and hours that instances run in it, if all goes as expected."""

    cases: int
    takes: timedelta
    instance_hours: float
    most_instances: int

    def usd(self, usd_per_hour: float) -> float:
        """What the instances cost at a price for one and an hour."""
        return self.instance_hours * usd_per_hour


def estimated(cases: Sequence[Case]) -> Estimate:
    """The sum over the cases, and the shared endpoint's coming and going if one needs it."""
    around = START_AND_END if any(case.needs is Need.ENDPOINT for case in cases) else timedelta(0)
    hours = sum(case.instances * (case.takes / _HOUR) for case in cases) + 2 * (around / _HOUR)
    takes = sum((case.takes for case in cases), around)
    return Estimate(len(cases), takes, hours, max((case.instances for case in cases), default=0))
