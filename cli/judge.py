"""`pointsman judge`: the judge of canaries on lines of JSON, so that anybody can check it. Parsing is `judge_lines.py`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Annotated, TextIO

from cyclopts import Parameter

from cli.judge_lines import BadLine, answer_line, minute_of, plan_of
from cli.options import Exit, guarded, say
from pointsman.core.canary_judge import begin, take
from pointsman.core.canary_state import State


def judge(*, jsonl: Annotated[bool, Parameter(negative=())] = False) -> int:
    """Judge canaries from lines of JSON on stdin, one answer a minute on stdout. Needs no account and keeps nothing.

    A start line begins a rollout and has no answer:

        {"type": "start", "alpha": 0.02, "horizon_min": 60, "mode": "adaptive",
         "plan": [{"share": 0.01, "bake_min": 5, "bake_max": 12}, {"share": 0.5, "bake_min": 5, "bake_max": 12}],
         "thresholds_ms": {"p75": 170, "p90": 240, "p99": 800}, "history": {"error_rate": 0.005, "rpm": 1000}}

    `alpha` bounds wrong rollbacks (0.02 without it). `history`, of the baseline before the rollout, and each of its keys, such as
    the requests a minute, may be left out. `error_margin` (0 to 1; 0 without it) says how much more than the baseline's the error
    rate may be. Then one line for each complete minute, in order:

        {"type": "minute", "minute": 1, "stage": 0, "stage_minute": 1, "share": 0.01, "baseline": V, "canary": V}

    V is null where there is no data point, or

        {"invocations": 990, "errors": 5, "latency": {"count": 990}, "quality": {"n": 198, "mean": 0.81},
         "slow": {"p75": 247, "p75x1.1": 190, "p99": 10}}

    `minute` and `stage_minute` begin with 0 or 1. In V `latency` and `quality` may be null (without `latency`, `slow` is of all
    invocations); "p75x1.1" counts requests slower than 1.1 times that threshold. The judge compares errors and "p99" of both
    sides, "p75" of the baseline with "p75x1.1" of the canary, and the quality; where both sides have "output": {"tokens": 51200,
    "milliseconds": 1230000}, sums of the minute, time per output token in place of "p75" and "p99". Each minute
    is answered by {"decision": "continue", "opinion": "NOT_ENOUGH", "sentence": ..., "evidence": ..., "needed": 50,
    "processes": ...}: FAIL is a rollback, PASS is a promote, NOT_ENOUGH and BLIND continue. A promote ends a step in mode
    adaptive, at the last step the rollout; in mode fixed the clock does, and a promote may be ignored. {"type": "end"} ends
    the rollout; others may follow. A line that is not understood ends the program with 2. For example:

        pointsman judge --jsonl

    docs/judge.md has the mathematics.

    Args:
        jsonl: Read and write lines of JSON; there is no other way yet.

    """
    if not jsonl:
        return say("judge", "say --jsonl: lines of JSON are all it reads", Exit.WRONG_USE)
    return guarded("judge", lambda: _judged(sys.stdin, sys.stdout))


def _judged(lines: Iterable[str], out: TextIO) -> int:
    state: State | None = None
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            state, answer = _line(text, state)
        except BadLine as err:
            return say("judge", f"line {number}: {err}", Exit.WRONG_USE)
        if answer:
            out.write(answer + "\n")
            out.flush()
    return Exit.OK


def _line(text: str, state: State | None) -> tuple[State | None, str]:
    try:
        line = json.loads(text)
    except (ValueError, RecursionError) as err:
        raise BadLine(f"not JSON: {err}") from err
    if not isinstance(line, dict):
        raise BadLine("not an object")
    match line.get("type"):
        case "start":
            return begin(plan_of(line)), ""
        case "end":
            return None, ""
        case "minute" if state is not None:
            state, answer = take(state, minute_of(line, len(state.plan.stages)))
            return state, answer_line(answer)
        case "minute":
            raise BadLine("a minute before the start line of its rollout")
        case other:
            raise BadLine(f"type: {other!r} is none of start, minute and end")
