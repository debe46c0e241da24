"""How CloudWatch finds an alarm's state from datapoints, missing ones included. It keeps no state of its own."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from twin.datapoints import Point, period_of, points_of, stat_of
from twin.metrics import Metrics

Params = dict[str, Any]

_COMPARISONS: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A state with its reason; `data` is the JSON text of reasonData."""

    state: str
    reason: str
    data: str | None = None


def evaluated(metrics: Metrics, spec: Params, present: str, now: datetime) -> Finding | None:
    """Return the state the data says, None if that is the `present` one or nothing says otherwise."""
    points = points_of(metrics, spec)
    breaches = _COMPARISONS[spec["ComparisonOperator"]][0]
    threshold = spec["Threshold"]
    verdicts = [None if point.value is None else breaches(point.value, threshold) for point in points]
    state = judged(
        verdicts, spec["EvaluationPeriods"], _needed(spec), spec.get("TreatMissingData", "missing")
    )
    if state is None or state == present:
        return None
    return _finding(state, spec, points, now)


def judged(verdicts: list[bool | None], periods: int, needed: int, missing: str) -> str | None:
    """Return the state for `verdicts` (newest first; True breaches, None is missing) by AWS's tables for missing data.

    `periods` is N and `needed` M of "M out of N"; `missing` is TreatMissingData. None means: keep the state.
    """
    real = [verdict for verdict in verdicts if verdict is not None][:periods]
    breaching = sum(real)
    absent = periods - len(real)
    if missing == "breaching":
        breaching += absent
    if breaching >= needed:
        return "ALARM"
    if absent == 0 or missing in ("breaching", "notBreaching"):
        return "OK"
    if missing == "ignore":
        return "OK" if breaching < len(real) else None
    if not real:
        return "INSUFFICIENT_DATA"
    return "ALARM" if _is_premature_alarm(verdicts, needed) else _unless_waiting(verdicts)


def _is_premature_alarm(verdicts: list[bool | None], needed: int) -> bool:
    """All known points breach, and the oldest is at least M periods old: AWS then does not wait for more."""
    ages = [age for age, verdict in enumerate(verdicts, start=1) if verdict is not None]
    return all(verdict is not False for verdict in verdicts) and max(ages) >= needed


def _unless_waiting(verdicts: list[bool | None]) -> str | None:
    return "OK" if False in verdicts else None


def _finding(state: str, spec: Params, points: list[Point], now: datetime) -> Finding:
    periods = spec["EvaluationPeriods"]
    real = [point for point in points if point.value is not None][:periods]
    data: Params = {
        "version": "1.0",
        "queryDate": _stamp(now),
        **({} if "Metrics" in spec else {"statistic": stat_of(spec)}),
        "period": period_of(spec),
        "recentDatapoints": [point.value for point in reversed(real)],
        "threshold": spec["Threshold"],
    }
    if not real:
        return Finding(state, _missing_reason(state, periods, spec), json.dumps(data, separators=(",", ":")))
    data["startDate"] = _stamp(datetime.fromtimestamp(real[-1].start_minute * 60, UTC))
    if "Metrics" not in spec:
        data["evaluatedDatapoints"] = [
            {"timestamp": _stamp(_start(point)), "sampleCount": float(point.samples), "value": point.value}
            for point in real
        ]
    return Finding(state, _crossed_reason(state, spec, real), json.dumps(data, separators=(",", ":")))


def _missing_reason(state: str, periods: int, spec: Params) -> str:
    plural = "datapoint was" if periods == 1 else "datapoints were"
    if state == "INSUFFICIENT_DATA":
        return f"Insufficient Data: {periods} {plural} unknown."
    treated = "[Breaching]" if spec.get("TreatMissingData") == "breaching" else "[NonBreaching]"
    return f"Threshold Crossed: no datapoints were received for {periods} periods and missing ones were {treated}."


def _crossed_reason(state: str, spec: Params, real: list[Point]) -> str:
    holds, words = _COMPARISONS[spec["ComparisonOperator"]]
    is_alarm = state == "ALARM"
    told = [
        point
        for point in real
        if point.value is not None and holds(point.value, spec["Threshold"]) == is_alarm
    ]
    shown = ", ".join(f"{point.value} ({_start(point):%d/%m/%y %H:%M:%S})" for point in told)
    verb = "was" if len(told) == 1 else "were"
    negation = "" if is_alarm else "not "
    transition = "OK -> ALARM" if is_alarm else "ALARM -> OK"
    needed = _needed(spec)
    least = needed if is_alarm else spec["EvaluationPeriods"] - needed + 1
    return (
        f"Threshold Crossed: {len(told)} out of the last {spec['EvaluationPeriods']} datapoints [{shown}] {verb} "
        f"{negation}{words} the threshold ({float(spec['Threshold'])}) "
        f"(minimum {least} datapoint{'' if least == 1 else 's'} for {transition} transition)."
    )


def _needed(spec: Params) -> int:
    needed: int = spec.get("DatapointsToAlarm") or spec["EvaluationPeriods"]
    return needed


def _start(point: Point) -> datetime:
    return datetime.fromtimestamp(point.start_minute * 60, UTC)


def _stamp(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"
