"""Counts of `benchmarks/month.json` times list prices: the table of docs/cost.md. Run: python -m benchmarks.month_cost. It counts nothing itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pointsman.policy import EndpointName, ErrorKind, ErrorsAlarm
from pointsman.policy_alarms import parameters_of

COUNTS = Path(__file__).with_name("month.json")
HOURS = 730
MILLION, GB = 1e6, 1e9
USD: Mapping[str, float] = {
    "lambda_request": 0.20 / MILLION,
    "lambda_gb_s": 0.0000133334,
    "dynamodb_read": 0.125 / MILLION,
    "dynamodb_write": 0.625 / MILLION,
    "sqs_request": 0.40 / MILLION,
    "sns_publish": 0.50 / MILLION,
    "bus_event": 1.00 / MILLION,
    "log_gb": 0.50,
    "metric_month": 0.30,
    "alarm_month": 0.10,
    "key_month": 1.00,
    "metric_read": 0.01 / 1000,
    "cloudwatch_request": 0.01 / 1000,
    "dashboard_month": 3.00,
}
"""List prices of us-east-1; docs/cost.md says where each comes from."""
MEMORY_GB = 0.5
IDLE_S, PASS_S = 0.3, 1.0
"""Assumed: a tick makes three calls, a pass some ten."""
SWEEP_S_PER_ENDPOINT = 0.05
"""Assumed: two calls an endpoint, one after the other."""
PLATFORM_LOG_BYTES = 600
"""Assumed: Lambda's own lines of an invocation, in JSON."""
ALARMS = 18
"""Of the synthesised stack."""
ALARM_OF_A_POLICY = ErrorsAlarm(ErrorKind.SERVER, 5.0, minutes=3, min_requests=20, variant="AllTraffic")
"""Any that a policy defines: each looks at two metrics."""
POLLS_AN_HOUR = 5 * 3600 / 20
"""Lambda holds five long polls of 20 s open on the queue of what is due."""
RELEASES = 4
"""A month and endpoint: one a week."""
Json = dict[str, Any]


def idle_parts(counts: Json) -> dict[str, float]:
    """What an installation costs a month that manages nothing, by part, in USD, without any free tier."""
    hour = counts["idle hour, 1 endpoints"]
    starts = sum(hour["invocations"].values())
    requests = hour["calls"]["sqs:ReceiveMessage"] + POLLS_AN_HOUR
    log = hour["log_bytes"] + starts * PLATFORM_LOG_BYTES
    return {
        "alarms": ALARMS * USD["alarm_month"],
        "metrics": len(hour["metrics_written"]) * USD["metric_month"],
        "key": USD["key_month"],
        "queues": HOURS * requests * USD["sqs_request"],
        "functions": HOURS * _lambda(starts, starts * IDLE_S),
        "logs": HOURS * log / GB * USD["log_gb"],
        "tables": HOURS * hour["dynamodb_read_units"] * USD["dynamodb_read"],
    }


def sweep_of_one(counts: Json) -> float:
    """What the sweep adds a month for each endpoint, in USD: from the difference between two sizes of the fleet."""
    few, many = counts["idle hour, 10 endpoints"], counts["idle hour, 40 endpoints"]
    reads = (many["dynamodb_read_units"] - few["dynamodb_read_units"]) / 30
    sweeps = few["invocations"]["registry_sweep"]
    usd: float = HOURS * (reads * USD["dynamodb_read"] + _lambda(0, sweeps * SWEEP_S_PER_ENDPOINT))
    return usd


def one_release(counts: Json) -> float:
    """What one release adds, in USD, beyond the ticks and sweeps that come anyway; without instances."""
    release, hour = counts["release"], counts["idle hour, 1 endpoints"]
    idle = release["minutes"] / 60
    calls, passes = (
        release["calls"],
        sum(release["invocations"].values()) - idle * sum(hour["invocations"].values()),
    )
    asked = sum(count for name, count in calls.items() if name.startswith("cloudwatch:"))
    messages = release["invocations"]["rollout_due"]
    log = release["log_bytes"] - idle * hour["log_bytes"] + passes * PLATFORM_LOG_BYTES
    usd: float = (
        _lambda(passes, passes * PASS_S)
        + (release["dynamodb_read_units"] - idle * hour["dynamodb_read_units"]) * USD["dynamodb_read"]
        + 2 * release["dynamodb_write_units"] * USD["dynamodb_write"]
        + release["metrics_read"] * USD["metric_read"]
        + (asked - calls["cloudwatch:GetMetricData"]) * USD["cloudwatch_request"]
        + (calls["sqs:SendMessageBatch"] + 2 * messages) * USD["sqs_request"]
        + calls["sns:Publish"] * USD["sns_publish"]
        + release["events_put"] * USD["bus_event"]
        + log / GB * USD["log_gb"]
    )
    return usd


def month(counts: Json, endpoints: int) -> dict[str, float]:
    """A month with so many endpoints, each released `RELEASES` times: idle, sweep, releases, further metrics, in USD."""
    hour, release = counts["idle hour, 1 endpoints"], counts["release"]
    further = len(set(release["metrics_written"]) - set(hour["metrics_written"]))
    return {
        "idle": sum(idle_parts(counts).values()),
        "sweep": endpoints * sweep_of_one(counts),
        "releases": endpoints * RELEASES * one_release(counts),
        "further metrics": further * USD["metric_month"] if endpoints else 0.0,
    }


def created_alarm() -> float:
    """What an alarm that a policy defines costs a month, in USD: CloudWatch bills an alarm by the metrics it looks at."""
    told = parameters_of(EndpointName("any"), ALARM_OF_A_POLICY)
    return sum("MetricStat" in each for each in told["Metrics"]) * USD["alarm_month"]


def tables(counts: Json) -> str:
    """The three tables of docs/cost.md, as Markdown."""
    parts = idle_parts(counts)
    lines = ["| part | USD a month |", "|---|---|"]
    lines += [f"| {name} | {usd:.2f} |" for name, usd in parts.items()]
    lines += [f"| **idle** | **{sum(parts.values()):.2f}** |", ""]
    lines += [
        "| endpoints | idle | sweep | releases | further metrics | USD a month |",
        "|---|---|---|---|---|---|",
    ]
    for endpoints in (0, 10, 1000):
        each = month(counts, endpoints)
        figures = " | ".join(f"{usd:.2f}" for usd in each.values())
        lines.append(f"| {endpoints:,} | {figures} | **{sum(each.values()):.2f}** |")
    lines += [
        "",
        "| alarms that each policy defines | 1 endpoint | 10 endpoints | 1,000 endpoints |",
        "|---|---|---|---|",
    ]
    for alarms in (1, 2, 3):
        sums = " | ".join(f"{alarms * endpoints * created_alarm():.2f}" for endpoints in (1, 10, 1000))
        lines.append(f"| {alarms} | {sums} |")
    return "\n".join(lines) + "\n"


def _lambda(starts: float, seconds: float) -> float:
    return starts * USD["lambda_request"] + seconds * MEMORY_GB * USD["lambda_gb_s"]


def main() -> int:
    """Print the tables."""
    counts = json.loads(COUNTS.read_text(encoding="utf-8"))
    sys.stdout.write(f"{tables(counts)}\none release: {one_release(counts):.4f} USD\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
