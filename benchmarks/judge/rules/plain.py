"""The plain judge that Pointsman had before (`plain_counts.py`), with the tolerances of the example policy: 1 % errors, 5 % slow, 50 requests.

Slow is what is slower than 1.25 times the 99th percentile of the baseline's last hour, as the nearest to "what a user gives up at".
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from benchmarks.judge.minutes import Decision, Judge, Side, Start
from benchmarks.judge.minutes import Minute as Shown
from benchmarks.judge.rules.plain_counts import Evidence, Minute, Opinion, judge, open_window, take
from benchmarks.judge.rules.plain_counts import Side as Counted
from pointsman.policy import ErrorKind, Health

SLOW = "p99x1.25"
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
HEALTH = Health(
    errors=(ErrorKind.SERVER,),
    max_error_percent=1.0,
    slow_over=timedelta(seconds=1),
    max_slow_percent=5.0,
    min_requests=50,
)
ANSWERS = {Opinion.FAIL: Decision.ROLLBACK, Opinion.PASS: Decision.PROMOTE}


class Plain:
    """A window of evidence for each stage; a stage passes after the plan's least time."""

    def __init__(self, start: Start) -> None:
        self._plan = start.plan
        self._evidence: Evidence | None = None
        self._stage = -1

    def minute(self, minute: Shown) -> Decision:
        """Take the minute and judge all of the stage so far."""
        at = BEGIN + timedelta(minutes=minute.minute)
        if self._evidence is None or minute.stage != self._stage:
            self._stage = minute.stage
            self._evidence = open_window(self._evidence, str(minute.stage), at)
        share_bps = round(minute.share * 10_000)
        counted = Minute(at, _counted(minute.baseline), _counted(minute.canary))
        self._evidence = take(self._evidence, counted, share_bps, HEALTH.min_requests)
        opinion = judge(self._evidence, HEALTH, share_bps).opinion
        answer = ANSWERS.get(opinion, Decision.CONTINUE)
        is_over = minute.stage_minute + 1 >= self._plan[minute.stage].bake_min
        return Decision.CONTINUE if answer is Decision.PROMOTE and not is_over else answer


def plain(start: Start) -> Judge:
    """As it shipped."""
    return Plain(start)


def _counted(side: Side | None) -> Counted | None:
    return Counted(side.invocations, side.errors, side.slow[SLOW]) if side else None
