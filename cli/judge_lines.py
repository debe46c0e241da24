"""The lines that `pointsman judge --jsonl` reads and writes, to and from what the judge takes. It judges nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pointsman.core.canary_evidence import Minute, Mode, Output, Plan, Quality, Side, Stage
from pointsman.core.canary_judge import Answer
from pointsman.core.canary_means import QUALITY, TPOT
from pointsman.core.canary_tracks import Sums
from pointsman.core.canary_words import Reading

SLOW_KEYS = frozenset({"p75", "p75x1.1", "p99"})
"""What is read of `slow`; the rest of its keys is left alone."""
MOST_STAGES = 20
ALPHA = 0.02


class BadLine(Exception):
    """A line that is not what is expected; the text says what is wrong with it."""


def plan_of(line: Mapping[str, Any]) -> Plan:
    """Read a start line. Raises BadLine."""
    stages = [_stage(each) for each in _list(line, "plan")]
    if not 1 <= len(stages) <= MOST_STAGES:
        raise BadLine(f"plan: from 1 to {MOST_STAGES} steps, not {len(stages)}")
    mode = line.get("mode", Mode.FIXED.value)
    if mode not in set(Mode):
        raise BadLine(f"mode: {mode!r} is neither fixed nor adaptive")
    history = line.get("history") or {}
    if not isinstance(history, dict):
        raise BadLine("history: not an object")
    return Plan(
        tuple(stages),
        _between(line, "alpha", (1e-6, 0.5), ALPHA),
        int(_between(line, "horizon_min", (1, 100_000), 60)),
        _between(history, "error_rate", (0, 1), 0.0),
        _between(history, "rpm", (0, 1e9), 0.0),
        _between(line, "error_margin", (0, 1), 0.0),
    )


def minute_of(line: Mapping[str, Any], stages: int) -> Minute:
    """Read a minute line of a rollout with so many stages. Raises BadLine."""
    stage = _count(line, "stage")
    if stage >= stages:
        raise BadLine(f"stage: {stage} is not below {stages}, the steps of the plan")
    share = _between(line, "share", (1e-6, 1 - 1e-6), None)
    return Minute(
        _count(line, "minute"),
        stage,
        _count(line, "stage_minute"),
        share,
        _side(line, "baseline"),
        _side(line, "canary"),
    )


def answer_line(answer: Answer) -> str:
    """Return an answer as one line of JSON."""
    readings = {}
    for reading in answer.readings:
        told: dict[str, Any] = {"e": _rounded(reading.e_value)} | _counts(reading, reading.step)
        told["lately"] = {"minutes": reading.lately.minutes} | _counts(reading, reading.lately.sums)
        if reading.name != QUALITY.name:
            told["tolerated_times"] = _rounded(reading.tolerated_times)
            told["tolerated_points"] = _rounded(reading.tolerated_points)
        if reading.bad is not None:
            bad = reading.bad
            told["proof"] = {"e": _rounded(bad.e_value), "times": bad.times, "points": _rounded(bad.points)}
        readings[reading.name] = told
    return json.dumps(
        {
            "decision": answer.decision,
            "opinion": answer.opinion.value,
            "sentence": answer.sentence,
            "evidence": _rounded(answer.evidence),
            "needed": _rounded(answer.needed),
            "processes": readings,
        }
    )


def _counts(reading: Reading, sums: Sums) -> dict[str, float]:
    """What a process counts, by what it is called in a line."""
    if reading.name == QUALITY.name:
        return {
            "requests": sums.requests,
            "lost": _rounded(sums.bad / sums.requests) if sums.requests else 0.0,
        }
    of, bad = ("tokens", "milliseconds") if reading.name == TPOT.name else ("requests", "bad")
    return {
        of: sums.requests,
        bad: sums.bad,
        f"baseline_{of}": sums.baseline_requests,
        f"baseline_{bad}": sums.baseline_bad,
    }


def _stage(document: object) -> Stage:
    if not isinstance(document, dict):
        raise BadLine("plan: a step is an object with share, bake_min and bake_max")
    least, most = _count(document, "bake_min"), _count(document, "bake_max")
    if most < least:
        raise BadLine(f"plan: bake_max {most} is below bake_min {least}")
    return Stage(_between(document, "share", (1e-6, 1 - 1e-6), None), least, most)


def _side(line: Mapping[str, Any], key: str) -> Side | None:
    document = line.get(key)
    if document is None:
        return None
    if not isinstance(document, dict):
        raise BadLine(f"{key}: neither null nor an object")
    requests, errors = _count(document, "invocations"), _count(document, "errors")
    if errors > requests:
        raise BadLine(f"{key}: {errors} errors of {requests} invocations")
    latency = document.get("latency")
    timed = _count(latency, "count") if isinstance(latency, dict) else requests
    slow = _slow(document.get("slow") or {}, timed, key)
    quality, output = _quality(document.get("quality")), _output(document.get("output"))
    return Side(requests, errors, timed, slow, quality, output)


def _slow(document: object, timed: int, key: str) -> dict[str, int]:
    if not isinstance(document, dict):
        raise BadLine(f"{key}.slow: not an object")
    slow = {name: _count(document, name) for name in SLOW_KEYS & set(document)}
    if most := sorted(name for name, bad in slow.items() if bad > timed):
        raise BadLine(f"{key}.slow: {slow[most[0]]} of {timed} requests are slower than {most[0]}")
    return slow


def _quality(document: object) -> Quality | None:
    if document is None:
        return None
    if not isinstance(document, dict):
        raise BadLine("quality: neither null nor an object")
    scored = _count(document, "n")
    return Quality(_between(document, "mean", (-1e6, 1e6), None), scored) if scored else None


def _output(document: object) -> Output | None:
    if document is None:
        return None
    if not isinstance(document, dict):
        raise BadLine("output: neither null nor an object")
    return Output(_count(document, "tokens"), _between(document, "milliseconds", (0, 1e15), None))


def _list(line: Mapping[str, Any], key: str) -> list[object]:
    found = line.get(key)
    if not isinstance(found, list):
        raise BadLine(f"{key}: a list is needed")
    return found


def _count(line: Mapping[str, Any], key: str) -> int:
    """Return a count. CloudWatch's are decimals, and estimated where they come from its percentile ranks."""
    return round(_between(line, key, (0, 1e15), None))


def _between(line: Mapping[str, Any], key: str, limits: tuple[float, float], default: float | None) -> float:
    found = default if line.get(key) is None else line[key]
    if isinstance(found, bool) or not isinstance(found, int | float) or not limits[0] <= found <= limits[1]:
        raise BadLine(f"{key}: a number from {limits[0]:g} to {limits[1]:g} is needed, not {found!r}")
    return float(found)


def _rounded(number: float) -> float:
    return float(f"{number:.6g}")
