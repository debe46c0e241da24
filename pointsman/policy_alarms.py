"""Alarms that a policy asks for and the deployment creates: their names, and what CloudWatch is to be told. Whether one exists is seen elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, assert_never

from pointsman.policy import CreatedAlarm, EndpointName, ErrorKind, ErrorsAlarm, Health, LatencyAlarm, Policy

Json = dict[str, Any]
METRIC_OF = {
    ErrorKind.SERVER: "Invocation5XXErrors",
    ErrorKind.MODEL: "InvocationModelErrors",
    ErrorKind.CLIENT: "Invocation4XXErrors",
}
NAMESPACE = "AWS/SageMaker"
PERIOD_S = 60
USUAL_VARIANT = "AllTraffic"
USUAL_MINUTES, LEAST_REQUESTS = 3, 20
"""Where a definition says nothing else."""
ONE_MICROSECOND = timedelta(microseconds=1)


def alarm_name(endpoint: EndpointName, alarm: CreatedAlarm) -> str:
    """Name of a created alarm, such as `pointsman/chat-llm/5xx` or `pointsman/chat-llm/p99`.

    It begins as models and configs do, whatever the installation's prefix: a policy that is compiled names the alarm
    without knowing where it will be deployed. The slashes keep it apart from an installation's own alarms, which
    begin with `<prefix>-`.
    """
    return f"{made_for(endpoint)}{metric_name(alarm)}"


def made_for(endpoint: str) -> str:
    """How the names of all alarms begin that a deployment creates for an endpoint."""
    return f"pointsman/{endpoint}/"


def metric_name(alarm: CreatedAlarm) -> str:
    """What is watched, in short: `5xx`, `p99`. A policy has one alarm on each."""
    match alarm:
        case ErrorsAlarm():
            return alarm.kind.value
        case LatencyAlarm():
            return f"p{alarm.percentile:g}"
        case _:
            assert_never(alarm)


def created_names(endpoint: EndpointName, health: Health) -> dict[str, CreatedAlarm]:
    """Every alarm that the deployment creates for an endpoint, by its name."""
    return {alarm_name(endpoint, alarm): alarm for alarm in health.created}


def alarm_words(alarm: CreatedAlarm) -> str:
    """When it fires: `more than 2 % of the requests fail (5xx), in each of 3 minutes with at least 20 requests`."""
    minutes = "in one minute" if alarm.minutes == 1 else f"in each of {alarm.minutes} minutes"
    match alarm:
        case ErrorsAlarm():
            bad = f"more than {alarm.over_percent:g} % of the requests fail ({alarm.kind.value})"
        case LatencyAlarm():
            bad = f"{metric_name(alarm)} of the latency is above {alarm.over.total_seconds():g} s"
        case _:
            assert_never(alarm)
    return f"{bad}, {minutes} with at least {alarm.min_requests} requests"


def parameters_of(endpoint: EndpointName, alarm: CreatedAlarm) -> Json:
    """What PutMetricAlarm takes; CloudFormation's AWS::CloudWatch::Alarm has the same keys.

    Minutes without data are good ones. The judge deals with silence itself, and in the last step of each release the
    serving variant has no requests: an alarm that took this for bad would end every release, and one that kept its
    state would stay in ALARM, and hold the endpoint, for as long as nobody asks it.
    """
    expression, metrics, threshold, label = _math(endpoint, alarm)
    return {
        "AlarmName": alarm_name(endpoint, alarm),
        "AlarmDescription": (
            f"Guards releases on endpoint {endpoint}, variant {alarm.variant}: {alarm_words(alarm)}. Pointsman takes a "
            "release back when it fires. It is created from health.alarms of the policy: change it there."
        ),
        "Metrics": [{"Id": "guard", "Expression": expression, "Label": label, "ReturnData": True}, *metrics],
        "EvaluationPeriods": alarm.minutes,
        "DatapointsToAlarm": alarm.minutes,
        "Threshold": threshold,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
    }


def alarms_of(policy: Policy) -> list[Json]:
    """Everything that is to be created for a policy, as PutMetricAlarm takes it."""
    return [parameters_of(policy.endpoint, alarm) for alarm in policy.plan.health.created]


def created_to_json(alarm: CreatedAlarm) -> Json:
    """Definition as compiled JSON."""
    common = {"minutes": alarm.minutes, "min_requests": alarm.min_requests, "variant": alarm.variant}
    match alarm:
        case ErrorsAlarm():
            return {"create": "errors", "kind": alarm.kind.value, "over_percent": alarm.over_percent} | common
        case LatencyAlarm():
            over_ms = round(alarm.over / timedelta(milliseconds=1))
            return {"create": "latency", "percentile": alarm.percentile, "over_ms": over_ms} | common
        case _:
            assert_never(alarm)


def created_from_json(raw: Mapping[str, Any]) -> CreatedAlarm:
    """Read what `created_to_json` wrote. Raises KeyError, TypeError or ValueError where it is broken."""
    minutes, least, variant = int(raw["minutes"]), int(raw["min_requests"]), str(raw["variant"])
    if raw["create"] == "errors":
        return ErrorsAlarm(ErrorKind(raw["kind"]), float(raw["over_percent"]), minutes, least, variant)
    if raw["create"] == "latency":
        over = timedelta(milliseconds=raw["over_ms"])
        return LatencyAlarm(float(raw["percentile"]), over, minutes, least, variant)
    raise ValueError(f"no alarm is created on {raw['create']!r}")


def _math(endpoint: EndpointName, alarm: CreatedAlarm) -> tuple[str, list[Json], float, str]:
    """Expression, metrics, threshold and label. Latencies are in microseconds (facts/aws.md, 3.1)."""
    where = (endpoint, alarm.variant)
    match alarm:
        case ErrorsAlarm():
            metrics = [
                _metric("failed", METRIC_OF[alarm.kind], "Sum", where),
                _metric("requests", "Invocations", "Sum", where),
            ]
            share = f"IF(requests >= {alarm.min_requests}, 100 * failed / requests, 0)"
            return share, metrics, alarm.over_percent, f"{alarm.kind.value} percent"
        case LatencyAlarm():
            percentile = metric_name(alarm)
            metrics = [
                _metric("slow", "ModelLatency", percentile, where),
                _metric("requests", "ModelLatency", "SampleCount", where),
            ]
            guarded = f"IF(requests >= {alarm.min_requests}, slow, 0)"
            return guarded, metrics, alarm.over / ONE_MICROSECOND, f"{percentile} in microseconds"
        case _:
            assert_never(alarm)


def _metric(name: str, metric: str, stat: str, where: tuple[EndpointName, str]) -> Json:
    endpoint, variant = where
    dimensions = [{"Name": "EndpointName", "Value": str(endpoint)}, {"Name": "VariantName", "Value": variant}]
    return {
        "Id": name,
        "MetricStat": {
            "Metric": {"Namespace": NAMESPACE, "MetricName": metric, "Dimensions": dimensions},
            "Period": PERIOD_S,
            "Stat": stat,
        },
        "ReturnData": False,
    }
