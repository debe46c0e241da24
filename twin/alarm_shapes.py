"""What DescribeAlarms and alarm events show of an alarm. Nothing is decided here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from twin.datapoints import period_of, stat_of
from twin.plain import copied
from twin.rules import Rule

Params = dict[str, Any]

CREATION_REASON = "Unchecked: Initial alarm creation"


@dataclass(slots=True)
class Alarm:
    """One alarm. `spec` is what it was put with; a composite alarm has a `rule`, a metric alarm an id for its metric."""

    name: str
    arn: str
    spec: Params
    configured: datetime
    changed: datetime
    metric_id: str = ""
    rule: Rule | None = None
    state: str = "INSUFFICIENT_DATA"
    reason: str = CREATION_REASON
    reason_data: str | None = None


def stamp(when: datetime) -> str:
    """Return a time as alarm events write it (facts 1.3)."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"


def state_of(alarm: Alarm) -> Params:
    """Return the state as an event shows it."""
    state: Params = {"reason": alarm.reason, "timestamp": stamp(alarm.changed), "value": alarm.state}
    if alarm.reason_data is not None:
        state["reasonData"] = alarm.reason_data
    return state


def configuration_of(alarm: Alarm) -> Params:
    """Return the configuration as an event shows it."""
    spec = alarm.spec
    shown: Params = {}
    if "AlarmDescription" in spec:
        shown["description"] = spec["AlarmDescription"]
    if alarm.rule is not None:
        return shown | {"alarmRule": spec["AlarmRule"]}
    if "Metrics" in spec:
        return shown | {"metrics": [_query(each) for each in spec["Metrics"]]}
    stat = _stat(spec, period_of(spec), stat_of(spec))
    return shown | {"metrics": [{"id": alarm.metric_id, "metricStat": stat, "returnData": True}]}


def _query(each: Params) -> Params:
    shown = {"id": each["Id"], "returnData": each.get("ReturnData", True)}
    shown |= {name.lower(): each[name] for name in ("Expression", "Label") if name in each}
    if "MetricStat" in each:
        source = each["MetricStat"]
        shown["metricStat"] = _stat(source["Metric"], source["Period"], source["Stat"])
    return shown


def _stat(metric: Params, period: int, stat: str) -> Params:
    dimensions = {entry["Name"]: entry["Value"] for entry in metric.get("Dimensions", [])}
    named = {"dimensions": dimensions, "name": metric["MetricName"], "namespace": metric["Namespace"]}
    return {"metric": named, "period": period, "stat": stat}


def described(alarm: Alarm) -> Params:
    """Return the alarm as DescribeAlarms shows it."""
    answer: Params = {
        "ActionsEnabled": True,
        "OKActions": [],
        "AlarmActions": [],
        "InsufficientDataActions": [],
        **({"Dimensions": []} if alarm.rule is None else {}),
        **copied(alarm.spec),
        "AlarmArn": alarm.arn,
        "AlarmConfigurationUpdatedTimestamp": alarm.configured,
        "StateValue": alarm.state,
        "StateReason": alarm.reason,
        "StateUpdatedTimestamp": alarm.changed,
        "StateTransitionedTimestamp": alarm.changed,
    }
    if alarm.reason_data is not None:
        answer["StateReasonData"] = alarm.reason_data
    return answer
