"""The minute tick: what CloudWatch and autoscaling do once a minute, only while there is something to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from twin.agenda import Agenda

_MINUTE = timedelta(minutes=1)


class Ticker:
    """Runs `job` at every full minute as long as `is_needed` says so."""

    def __init__(self, agenda: Agenda, job: Callable[[], None], is_needed: Callable[[], bool]) -> None:
        self._agenda = agenda
        self._job = job
        self._is_needed = is_needed
        self._is_set = False

    def wind(self) -> None:
        """Begin to tick if there is a need and no tick is pending."""
        if self._is_set or not self._is_needed():
            return
        self._is_set = True
        self._agenda.at(self._agenda.now.replace(second=0, microsecond=0) + _MINUTE, self._tick)

    def _tick(self) -> None:
        self._is_set = False
        self._job()
        self.wind()
