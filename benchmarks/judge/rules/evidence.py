"""The judge of e-processes of `pointsman/core/canary_judge.py`, told what every rule is told."""

from __future__ import annotations

from benchmarks.judge.minutes import Decision, Judge, Side, Start
from benchmarks.judge.minutes import Minute as Shown
from pointsman.core.canary_evidence import Minute, Plan, Quality
from pointsman.core.canary_evidence import Side as Counted
from pointsman.core.canary_judge import begin, take


class Evidence:
    """Its state is a value; here it is kept from minute to minute."""

    def __init__(self, start: Start) -> None:
        self._state = begin(
            Plan(
                start.plan,
                start.alpha,
                start.horizon_min,
                start.history["error_rate"],
                start.history["rpm"],
            )
        )

    def minute(self, minute: Shown) -> Decision:
        """Take it; the judge counts minutes from 1."""
        told = Minute(
            minute.minute + 1,
            minute.stage,
            minute.stage_minute + 1,
            minute.share,
            _counted(minute.baseline),
            _counted(minute.canary),
        )
        self._state, answer = take(self._state, told)
        return Decision(answer.decision)


def evidence(start: Start) -> Judge:
    """As it is."""
    return Evidence(start)


def _counted(side: Side | None) -> Counted | None:
    if side is None:
        return None
    quality = Quality(side.quality.mean, side.quality.n) if side.quality else None
    timed = side.latency.count if side.latency else 0
    return Counted(side.invocations, side.errors, timed, side.slow, quality)
