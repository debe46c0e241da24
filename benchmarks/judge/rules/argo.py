"""Argo Rollouts' analysis: a query per interval against a condition; failing more often than `failureLimit` aborts.

`argo` is the sample of its documentation (success rate at least 95 % every five minutes, failureLimit 3). `argo_tight` is what a
team writes that wants to see small faults: 99 % each minute, with the default failureLimit 0. A query without a
result is an error, and more than four of them in a row (the default consecutiveErrorLimit) abort just as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.judge.minutes import Decision, Judge, Minute, Start

ERRORS_IN_A_ROW = 4


@dataclass(frozen=True, slots=True)
class Template:
    """One metric of an AnalysisTemplate."""

    interval: int
    least_success: float
    failure_limit: int


class Argo:
    """Background analysis with one metric; a stage is a pause of the plan's least length, in whole intervals."""

    def __init__(self, start: Start, template: Template) -> None:
        self._plan, self._template = start.plan, template
        self._requests = self._errors = self._minutes = 0
        self._failed = self._unread = 0

    def minute(self, minute: Minute) -> Decision:
        """Measure where an interval ends."""
        self._minutes += 1
        if minute.canary:
            self._requests += minute.canary.invocations
            self._errors += minute.canary.errors
        if self._minutes % self._template.interval == 0 and self._aborts():
            return Decision.ROLLBACK
        is_over = minute.stage_minute + 1 >= self._plan[minute.stage].bake_min
        return Decision.PROMOTE if is_over else Decision.CONTINUE

    def _aborts(self) -> bool:
        requests, errors = self._requests, self._errors
        self._requests = self._errors = 0
        if not requests:
            self._unread += 1
            return self._unread > ERRORS_IN_A_ROW
        self._unread = 0
        self._failed += requests - errors < self._template.least_success * requests
        return self._failed > self._template.failure_limit


def argo(start: Start) -> Judge:
    """The sample of the documentation."""
    return Argo(start, Template(5, 0.95, 3))


def argo_tight(start: Start) -> Judge:
    """A limit near what is usual, and no failure allowed."""
    return Argo(start, Template(1, 0.99, 0))
