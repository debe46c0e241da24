"""A policy that holds every key, and for each key another value: what every test over all fields goes through."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterator
from typing import Any

import yaml

from cli.policy_file import policy_from_text
from pointsman.policy import Policy

CREATED = {
    "create": "errors",
    "over_percent": 5.0,
    "count": "5xx",
    "minutes": 3,
    "min_requests": 20,
    "variant": "blue",
}


def own(metric: str) -> dict[str, Any]:
    """A metric of the application. New each time: YAML would write a shared one as an alias."""
    dimensions = {"EndpointName": "{endpoint}", "VariantName": "{variant}"}
    return {"namespace": "Fraud", "metric": metric, "dimensions": dimensions}


FULL: dict[str, Any] = {
    "endpoint": "fraud-prod",
    "model_package_group": "fraud",
    "registry_account": "444455556666",
    "owner": {"team": "risk", "notify": "arn:aws:sns:eu-west-1:123456789012:risk"},
    "managed_by": {"tool": "terraform", "read_by": "dana", "read_on": "2026-11-24"},
    "serve": {"instance_type": "ml.c7i.large", "instance_count": 2},
    "rollout": {
        "strategy": "canary",
        "steps": [1, 5, 25, 50, 100],
        "bake": {"min": "10m", "max": "1h"},
        "patience": "6h",
        "on_patience": "rollback",
        "approve_before": [25],
        "approval_wait": "23h",
        "windows": {
            "timezone": "Europe/Berlin",
            "open": ["Mon-Thu 09:00-16:00", "Sat,Sun 10:00-24:00"],
            "holidays": ["2026-12-24"],
        },
        "after": {"endpoint": "fraud-staging", "until": "promoted"},
        "freeze": "quarter end",
    },
    "validation": {"content_type": "text/csv", "body": "1,2"},
    "health": {
        "errors": {"count": ["5xx"], "max_percent": 1.0, "margin_percent": 0.125, "metrics": [own("Empty")]},
        "latency": {
            "slow_over": "2s",
            "max_percent": 5.0,
            "margin_percent": 20.0,
            "output_tokens": own("Tokens"),
        },
        "quality": own("Score"),
        "judge": {"mode": "decide", "alpha": 0.02, "warm_up": "5m"},
        "min_requests": 50,
        "metric_delay": "2m",
        "alarms": ["fraud-p99", CREATED],
    },
    "watch": "22h",
    "metadata": {"ticket": "ML-1"},
}

VARIATIONS: dict[str, Any] = {
    "endpoint": "Fraud-Prod",
    "model_package_group": "fraud-2",
    "registry_account": "044455556666",
    "owner.team": "payments",
    "owner.notify": "arn:aws:sns:eu-west-1:123456789012:other",
    "managed_by.tool": "none",
    "managed_by.read_by": "bob",
    "managed_by.read_on": "2026-11-25",
    "serve.instance_type": "ml.c7i.xlarge",
    "serve.instance_count": 3,
    "rollout.steps": [2, 5, 25, 50, 100],
    "rollout.bake.min": "11m",
    "rollout.bake.max": "59m",
    "rollout.patience": "7h",
    "rollout.on_patience": "hold",
    "rollout.approve_before": [25, 100],
    "rollout.approval_wait": "21h",
    "rollout.windows.timezone": "UTC",
    "rollout.windows.open": ["Mon-Thu 09:00-16:00"],
    "rollout.windows.holidays": ["2026-12-24", "2026-12-25"],
    "rollout.after.endpoint": "fraud-canary",
    "rollout.after.until": "watched",
    "rollout.freeze": "moving house",
    "validation.content_type": "text/plain",
    "validation.body": "1,3",
    "health.errors.count": ["5xx", "4xx"],
    "health.errors.max_percent": 1.125,
    "health.errors.margin_percent": 0.25,
    "health.errors.metrics": [own("Refused")],
    "health.latency.slow_over": "2s1ms",
    "health.latency.max_percent": 4.0,
    "health.latency.margin_percent": 30.0,
    "health.latency.output_tokens.namespace": "Other",
    "health.latency.output_tokens.metric": "Others",
    "health.latency.output_tokens.dimensions": {"Variant": "{variant}"},
    "health.quality.namespace": "Other",
    "health.quality.metric": "Others",
    "health.quality.dimensions": {"Variant": "{variant}"},
    "health.judge.mode": "report",
    "health.judge.alpha": 0.01,
    "health.judge.warm_up": "6m",
    "health.min_requests": 51,
    "health.metric_delay": "3m",
    "health.alarms": ["fraud-p99", CREATED, {"create": "latency", "over": "3s"}],
    "watch": "0s",
    "metadata": {"ticket": "ML-2"},
}
"""Every key but `rollout.strategy`, of which there is one."""

LEFT_OUT = (
    "registry_account", "owner.notify", "managed_by", "rollout.windows", "rollout.after", "rollout.freeze",
    "health.latency.output_tokens", "health.quality",
)  # fmt: skip
"""Keys whose absence has a meaning of its own."""


def full_policy() -> Policy:
    """Policy that holds every key."""
    return _policy(FULL)


def varied(key: str) -> Policy:
    """The same, but with another value behind one key."""
    return _policy(_set(key, VARIATIONS[key]))


def without(key: str) -> Policy:
    """The same without one key."""
    return _policy(_set(key, None))


def fields_of(value: object, around: str = "") -> Iterator[tuple[str, object]]:
    """Every single value of a runtime policy, with its path."""
    if not dataclasses.is_dataclass(value):
        yield around, value
        return
    for each in dataclasses.fields(value):
        yield from fields_of(getattr(value, each.name), f"{around}.{each.name}".lstrip("."))


def _set(key: str, value: object) -> dict[str, Any]:
    data = copy.deepcopy(FULL)
    section = data
    *around, last = key.split(".")
    for name in around:
        section = section[name]
    if value is None:
        del section[last]
    else:
        section[last] = value
    return data


def _policy(data: dict[str, Any]) -> Policy:
    return policy_from_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))
