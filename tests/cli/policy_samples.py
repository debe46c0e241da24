"""A short right policy, values at the edge of what is allowed, and values beyond it."""

from __future__ import annotations

import copy
from typing import Any

RIGHT: dict[str, Any] = {
    "endpoint": "x",
    "model_package_group": "x-models",
    "owner": {"team": "team-x"},
    "serve": {"instance_type": "ml.g5.2xlarge", "instance_count": 2},
    "rollout": {"steps": [1, 5, 25, 50, 100], "bake": {"min": "10m", "max": "1h"}},
    "health": {
        "errors": {"max_percent": 1.0},
        "latency": {"slow_over": "2s", "max_percent": 5},
    },
}


def having(path: str, value: object) -> dict[str, Any]:
    """Build a right policy that holds `value` at `path`."""
    data = copy.deepcopy(RIGHT)
    section = data
    *around, last = path.split(".")
    for key in around:
        section = section.setdefault(key, {})
    section[last] = value
    return data


ALLOWED: list[tuple[str, object]] = [
    ("endpoint", "a" * 63),
    ("rollout.steps", [100]),
    ("rollout.steps", [*range(1, 20), 100]),
    ("rollout.bake", {"min": "1m", "max": "1m"}),
    ("rollout.patience", "1h"),
    ("rollout.freeze", "quarter end, until the 3rd"),
    ("owner.notify", "arn:aws:sns:eu-west-1:123456789012:ml-alerts"),
    ("watch", "0s"),
    ("watch", "7d"),
    ("health.latency.slow_over", "1ms"),
    ("health.latency.slow_over", "60s"),
    ("health.errors.max_percent", 0),
    ("health.errors.count", ["5xx", "model_error", "4xx"]),
    ("health.alarms", [f"alarm {number}" for number in range(50)]),
    ("metadata", {"classification": "internal", "cost centre": "4711"}),
    ("validation", {"content_type": "text/csv", "body": "not, json"}),
    ("validation", {"content_type": "text/csv", "body": "x" * 65_536}),
    ("serve.instance_count", 400),
    ("rollout.approve_before", []),
    ("rollout.approve_before", [100, 1]),
    ("rollout.approval_wait", "1m"),
    ("rollout.approval_wait", "14d"),
    ("rollout.after", {"endpoint": "staging"}),
    ("rollout.windows", {"timezone": "UTC", "open": ["Mon-Sun 00:00-24:00"]}),
    ("managed_by", {"tool": "none"}),
    ("managed_by", {"tool": "cdk", "read_by": "Dana Müller", "read_on": "2028-02-29"}),
]
"""Path and value."""

REFUSED: list[tuple[str, object, str]] = [
    ("endpoint", "under_score", "endpoint"),
    ("endpoint", "ends-", "endpoint"),
    ("endpoint", "a" * 64, "endpoint"),
    ("endpoint", "x\n", "endpoint"),
    ("endpoint", 7, "endpoint"),
    ("model_package_group", "", "model_package_group"),
    ("owner.team", "", "owner.team"),
    ("owner.team", "two\nlines", "owner.team"),
    ("owner.notify", "arn:aws:sns:eu-west-1:123456789012:orders.fifo", "owner.notify"),
    ("owner.notify", "", "owner.notify"),
    ("serve.instance_type", "g5.2xlarge", "serve.instance_type"),
    ("serve.instance_count", 0, "serve.instance_count"),
    ("serve.instance_count", True, "serve.instance_count"),
    ("serve.instance_count", "2", "serve.instance_count"),
    ("serve.instance_count", 2.0, "serve.instance_count"),
    ("rollout.strategy", "linear", "rollout.strategy"),
    ("rollout.steps", [], "rollout.steps"),
    ("rollout.steps", 100, "rollout.steps"),
    ("rollout.steps", [*range(1, 21), 100], "rollout.steps"),
    ("rollout.steps", [0, 100], "rollout.steps[0]"),
    ("rollout.steps", [True, 100], "rollout.steps[0]"),
    ("rollout.steps", [5, 5, 100], "rollout.steps[1]"),
    ("rollout.steps", [1, 101], "rollout.steps[1]"),
    ("rollout.bake.min", "59s", "rollout.bake.min"),
    ("rollout.bake.min", "2h", "rollout.bake.max"),
    ("rollout.bake.min", "10m5ms", "rollout.bake.min"),
    ("rollout.bake.max", 3600, "rollout.bake.max"),
    ("rollout.patience", "59m", "rollout.patience"),
    ("rollout.patience", "15d", "rollout.patience"),
    ("rollout.on_patience", "promote", "rollout.on_patience"),
    ("rollout.freeze", True, "rollout.freeze"),
    ("rollout.freeze", "", "rollout.freeze"),
    ("watch", "7d1s", "watch"),
    ("health.min_requests", 0, "health.min_requests"),
    ("health.errors.max_percent", 100.1, "health.errors.max_percent"),
    ("health.errors.max_percent", -1, "health.errors.max_percent"),
    ("health.errors.max_percent", False, "health.errors.max_percent"),
    ("health.errors.max_percent", float("nan"), "health.errors.max_percent"),
    ("health.errors.count", [], "health.errors.count"),
    ("health.errors.count", ["5xx", "5xx"], "health.errors.count[1]"),
    ("health.errors.count", ["3xx"], "health.errors.count[0]"),
    ("health.latency.slow_over", "0s", "health.latency.slow_over"),
    ("health.latency.slow_over", "60s1ms", "health.latency.slow_over"),
    ("health.alarms", ["a" * 256], "health.alarms[0]"),
    ("health.alarms", [""], "health.alarms[0]"),
    ("health.alarms", ["a", "a"], "health.alarms[1]"),
    ("health.alarms", ["arn:aws:cloudwatch:eu-west-1:1:alarm:a"], "health.alarms[0]"),
    ("health.alarms", [str(number) for number in range(51)], "health.alarms"),
    ("metadata", {str(number): "" for number in range(51)}, "metadata"),
    ("metadata", {"k" * 129: ""}, "metadata['" + "k" * 59 + "...]"),
    ("metadata", {"ticket": 12}, "metadata.ticket"),
    ("metadata", {"ticket": None}, "metadata.ticket"),
    ("metadata", {"ticket": "v" * 257}, "metadata.ticket"),
    ("metadata", {"ticket": "<b>"}, "metadata.ticket"),
    ("metadata", {"aws:x": "y"}, "metadata['aws:x']"),
    ("metadata", {"Pointsman:owner": "y"}, "metadata['Pointsman:owner']"),
    ("validation", {"body": "{"}, "validation.body"),
    ("validation", {"content_type": "text/csv", "body": "x" * 65_537}, "validation.body"),
    ("validation", {"content_type": "text/csv\r\nx: y", "body": ""}, "validation.content_type"),
    ("health", "good", "health"),
    ("stepz", 1, "stepz"),
    ("rollout.step", [100], "rollout.step"),
    ("rollout.approve_before", [30], "rollout.approve_before[0]"),
    ("rollout.approve_before", [25, 25], "rollout.approve_before[1]"),
    ("rollout.approve_before", ["25"], "rollout.approve_before[0]"),
    ("rollout.approve_before", 25, "rollout.approve_before"),
    ("rollout.approve_before", None, "rollout.approve_before"),
    ("rollout.approval_wait", "59s", "rollout.approval_wait"),
    ("rollout.approval_wait", "14d1s", "rollout.approval_wait"),
    ("rollout.after", {}, "rollout.after.endpoint"),
    ("rollout.after", "staging", "rollout.after"),
    ("rollout.after", {"endpoint": "staging", "until": "released"}, "rollout.after.until"),
    ("rollout.after", {"endpoint": "X"}, "rollout.after.endpoint"),
    ("rollout.windows", None, "rollout.windows"),
    ("rollout.windows", {"timezone": "UTC"}, "rollout.windows.open"),
    ("rollout.freeze", None, "rollout.freeze"),
    ("owner.notify", None, "owner.notify"),
    ("managed_by", None, "managed_by"),
    ("managed_by", {}, "managed_by.tool"),
    ("managed_by", {"tool": "pulumi"}, "managed_by.tool"),
    ("managed_by", {"tool": "cdk", "read_by": "dana"}, "managed_by.read_by"),
    ("managed_by", {"tool": "cdk", "read_on": "2026-11-24"}, "managed_by.read_on"),
    ("managed_by", {"tool": "cdk", "read_by": "dana", "read_on": "2026-11-31"}, "managed_by.read_on"),
    ("managed_by", {"tool": "cdk", "read_by": "", "read_on": "2026-11-24"}, "managed_by.read_by"),
]
"""Path, value, and where `policy check` says that it is wrong."""
