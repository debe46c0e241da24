"""Data that users posted because a rank test or a bare percentage decided wrongly on it, and what a judge may answer.

Where a thread gives numbers they are taken; requests a minute are chosen here, because no thread names them.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.judge.minutes import SLOW_KEYS, Decision, Latency, Minute, Side, Start, StartJudge
from benchmarks.judge.setting import ALPHA
from pointsman.core.canary_evidence import Mode, Stage

LATENCY = {"avg": 120.0, "p50": 100.0, "p75": 150.0, "p90": 220.0, "p99": 500.0}
BACK, HOLD, PROMOTE = Decision.ROLLBACK, Decision.CONTINUE, Decision.PROMOTE


@dataclass(frozen=True, slots=True)
class Posted:
    """Errors a minute on both sides, of so many requests a minute each, and the answers that are right at the end."""

    thread: str
    about: str
    requests: int
    canary: tuple[int, ...]
    baseline: tuple[int, ...]
    right: tuple[Decision, ...]


SETS = (
    Posted(
        "kayenta#426",
        "errors 0,1,2,1,0,0 against none: no pass",
        100,
        (0, 1, 2, 1, 0, 0),
        (0,) * 6,
        (BACK, HOLD),
    ),
    Posted(
        "spinnaker#6278",
        "seven points of 100 and three of 1, against ones: back",
        1_000,
        (100,) * 7 + (1,) * 3,
        (1,) * 10,
        (BACK,),
    ),
    Posted(
        "kayenta#799",
        "the control has no error at all, the candidate 2 %: back",
        1_000,
        (20,) * 10,
        (0,) * 10,
        (BACK,),
    ),
    Posted(
        "kayenta#633",
        "6.5 times higher on eight points: back",
        1_000,
        (33, 31, 36, 30, 32, 34, 29, 35),
        (5, 4, 6, 5, 5, 4, 6, 5),
        (BACK,),
    ),
    Posted("suna#3403", "one 5xx in three requests: decides nothing", 3, (1,), (0,), (HOLD,)),
)


def answered(posted: Posted, start: StartJudge) -> Decision:
    """The last thing that a judge says, or that it goes back; all of it is one stage that lasts as long as the data."""
    length = len(posted.canary)
    history = {
        "error_rate": sum(posted.baseline) / (length * posted.requests),
        "rpm": 2.0 * posted.requests,
        **LATENCY,
    }
    thresholds = {name: LATENCY[name] for name in ("p75", "p90", "p99")}
    plan = (Stage(0.5, length, length),)
    judge = start(Start(ALPHA, length, plan, Mode.ADAPTIVE, thresholds, history))
    said = Decision.CONTINUE
    for minute, (mine, theirs) in enumerate(zip(posted.canary, posted.baseline, strict=True)):
        said = judge.minute(Minute(minute, 0, minute, 0.5, _side(posted, theirs), _side(posted, mine)))
        if said is Decision.ROLLBACK:
            break
    return said


def _side(posted: Posted, errors: int) -> Side:
    """A side whose latency is as it ever was."""
    requests = posted.requests
    parts = {"p75": 0.25, "p90": 0.10, "p99": 0.01}
    slow = {key: int(requests * parts[key[:3]]) for key in SLOW_KEYS}
    latency = Latency(requests, LATENCY["avg"], LATENCY["p50"], LATENCY["p90"], LATENCY["p99"])
    return Side(requests, errors, latency, slow)
