"""What the traffic of the past days lets expect for an hour to come. Pure; reading it is an adapter's work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

ONE_HOUR = timedelta(hours=1)
ONE_DAY = timedelta(days=1)
ONE_WEEK = timedelta(days=7)


class Basis(StrEnum):
    """What an expectation rests on, the best first."""

    SAME_HOUR_OF_WEEK = "same hour of last week"
    SAME_HOUR_OF_DAY = "same hour of the days past"
    MEAN = "mean of the hours past"
    NOTHING = "nothing"


SURE_WITHIN = {
    Basis.SAME_HOUR_OF_WEEK: 1.25,
    Basis.SAME_HOUR_OF_DAY: 1.5,
    Basis.MEAN: 2.0,
    Basis.NOTHING: 1.0,
}
"""Assumed: the hour to come has between 1/factor and factor times what is expected of it."""


@dataclass(frozen=True, slots=True)
class PastTraffic:
    """Requests by full hour (its beginning, in UTC) up to `until`. An hour that is absent had none."""

    requests: Mapping[datetime, float]
    until: datetime

    @property
    def since(self) -> datetime | None:
        """The first hour that had requests: before it the endpoint may not have been there. None: none had any."""
        return min((hour for hour, count in self.requests.items() if count > 0), default=None)

    @property
    def total(self) -> float:
        """Requests of all hours."""
        return sum(self.requests.values())

    @property
    def per_minute(self) -> float:
        """Mean over the hours since the first that had requests."""
        hours = (self.until - self.since) / ONE_HOUR if self.since is not None else 0.0
        return self.total / (60 * hours) if hours else 0.0

    def expected(self, moment: datetime) -> tuple[float, Basis]:
        """Requests a minute in the hour of a moment to come, and what that rests on."""
        since, hour = self.since, floor_hour(moment)
        if since is None:
            return 0.0, Basis.NOTHING
        for step, basis in ((ONE_WEEK, Basis.SAME_HOUR_OF_WEEK), (ONE_DAY, Basis.SAME_HOUR_OF_DAY)):
            alike = _alike(hour, step, since, self.until)
            if alike:
                return self._mean(alike), basis
        return self.per_minute, Basis.MEAN

    def _mean(self, hours: list[datetime]) -> float:
        return sum(self.requests.get(hour, 0.0) for hour in hours) / (60 * len(hours)) if hours else 0.0


def _alike(hour: datetime, step: timedelta, since: datetime, until: datetime) -> list[datetime]:
    """Hours of [since, until) that lie whole steps before an hour from `until` on."""
    found, at = [], hour - step * ((hour - until) // step + 1)
    while at >= since:
        found.append(at)
        at -= step
    return found


def floor_hour(moment: datetime) -> datetime:
    """The beginning of the hour."""
    return moment.replace(minute=0, second=0, microsecond=0)
