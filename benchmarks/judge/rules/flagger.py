"""Flagger's analysis with the numbers of its documentation: each minute a check against fixed limits, five failed ones roll back.

Success rate at least 99 %, 99th percentile at most a limit (500 ms in the documentation, for a service that it fits). No
values found halts the advancement and counts as a failed check, as its source says and fluxcd/flagger#1035 reports.
"""

from __future__ import annotations

from benchmarks.judge.minutes import Decision, Judge, Minute, Side, Start

LEAST_SUCCESS = 0.99
LATENCY_LIMIT = 1.5
"""Times the 99th percentile of the baseline's last hour."""
THRESHOLD = 5


class Flagger:
    """Failed checks are counted over the whole analysis."""

    def __init__(self, start: Start) -> None:
        self._plan = start.plan
        self._slow = start.history["p99"] * LATENCY_LIMIT
        self._failed = 0

    def minute(self, minute: Minute) -> Decision:
        """One check; a minute that fails does not advance."""
        if not self._passes(minute.canary):
            self._failed += 1
            return Decision.ROLLBACK if self._failed >= THRESHOLD else Decision.CONTINUE
        is_over = minute.stage_minute + 1 >= self._plan[minute.stage].bake_min
        return Decision.PROMOTE if is_over else Decision.CONTINUE

    def _passes(self, side: Side | None) -> bool:
        if side is None or side.latency is None:
            return False
        return side.errors <= (1 - LEAST_SUCCESS) * side.invocations and side.latency.p99 <= self._slow


def flagger(start: Start) -> Judge:
    """As documented."""
    return Flagger(start)
