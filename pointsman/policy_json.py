"""Policies and plans as compiled JSON, and back. What they mean is `policy.py`."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

from pointsman.errors import Misconfigured
from pointsman.policy import (
    METRIC_DELAY,
    After,
    Comparison,
    CustomMetric,
    EndpointName,
    ErrorKind,
    Health,
    Judging,
    ManagedBy,
    OnPatience,
    Owner,
    Plan,
    Policy,
    Serve,
    Strategy,
    Tool,
    Until,
    Validation,
)
from pointsman.policy_alarms import created_from_json, created_to_json
from pointsman.windows import windows_from_json, windows_to_json

SCHEMA = 1


def policy_to_json(policy: Policy) -> dict[str, Any]:
    """Compile a policy to the JSON object that ships in the zip. Durations become whole seconds."""
    return {
        "schema": SCHEMA,
        "endpoint": policy.endpoint,
        "model_package_group": policy.model_package_group,
        "registry_account": policy.registry_account,
        "owner": dataclasses.asdict(policy.owner),
        "plan": plan_to_json(policy.plan),
        "freeze": policy.freeze,
        "metadata": dict(policy.metadata),
        "windows": windows_to_json(policy.windows),
        "after": dataclasses.asdict(policy.after) if policy.after else None,
        "managed_by": dataclasses.asdict(policy.managed_by) if policy.managed_by else None,
    }


def policy_from_json(raw: dict[str, Any]) -> Policy:
    """Read what `policy_to_json` wrote.

    Raises:
        Misconfigured: naming the endpoint (where it can be read) and what is wrong with it.

    """
    try:
        if raw["schema"] != SCHEMA:
            raise Misconfigured(
                f"compiled policy of endpoint {raw.get('endpoint', 'unknown')!r} has schema {raw['schema']!r}, "
                f"not {SCHEMA}: compile the policies again"
            )
        return Policy(
            endpoint=EndpointName(str(raw["endpoint"])),
            model_package_group=str(raw["model_package_group"]),
            owner=Owner(**raw["owner"]),
            plan=plan_from_json(raw["plan"]),
            freeze=str(raw["freeze"]),
            metadata={str(key): str(value) for key, value in raw["metadata"].items()},
            windows=windows_from_json(raw["windows"]),
            after=_after_from_json(raw["after"]),
            managed_by=_managed_by_from_json(raw["managed_by"]),
            registry_account=str(raw["registry_account"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as err:
        name = raw.get("endpoint", "unknown") if isinstance(raw, dict) else "unknown"
        raise Misconfigured(f"compiled policy of endpoint {name!r} cannot be read: {err!r}") from err


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """Plan as JSON; also how a running rollout carries the plan it started with."""
    return {
        "strategy": plan.strategy.value,
        "steps": list(plan.steps),
        "bake_min": _seconds(plan.bake_min),
        "bake_max": _seconds(plan.bake_max),
        "patience": _seconds(plan.patience),
        "on_patience": plan.on_patience.value,
        "watch": _seconds(plan.watch),
        "serve": dataclasses.asdict(plan.serve),
        "health": _health_to_json(plan.health),
        "validation": dataclasses.asdict(plan.validation),
        "gates": list(plan.gates),
        "gate_wait": _seconds(plan.gate_wait),
    }


def plan_from_json(raw: dict[str, Any]) -> Plan:
    """Read what `plan_to_json` wrote. Raises KeyError, TypeError or ValueError where it is broken."""
    return Plan(
        strategy=Strategy(raw["strategy"]),
        steps=tuple(int(step) for step in raw["steps"]),
        bake_min=timedelta(seconds=raw["bake_min"]),
        bake_max=timedelta(seconds=raw["bake_max"]),
        patience=timedelta(seconds=raw["patience"]),
        on_patience=OnPatience(raw["on_patience"]),
        watch=timedelta(seconds=raw["watch"]),
        serve=Serve(**raw["serve"]),
        health=_health_from_json(raw["health"]),
        validation=Validation(**raw["validation"]),
        gates=tuple(int(step) for step in raw["gates"]),
        gate_wait=timedelta(seconds=raw["gate_wait"]),
    )


def _after_from_json(raw: dict[str, Any] | None) -> After | None:
    return After(EndpointName(raw["endpoint"]), Until(raw["until"])) if raw else None


def _managed_by_from_json(raw: dict[str, Any] | None) -> ManagedBy | None:
    return ManagedBy(Tool(raw["tool"]), str(raw["read_by"]), str(raw["read_on"])) if raw else None


def _health_to_json(health: Health) -> dict[str, Any]:
    return {
        "errors": [kind.value for kind in health.errors],
        "max_error_percent": health.max_error_percent,
        "slow_over_ms": round(health.slow_over.total_seconds() * 1000),
        "max_slow_percent": health.max_slow_percent,
        "min_requests": health.min_requests,
        "alarms": list(health.alarms),
        "metric_delay_s": _seconds(health.metric_delay),
        "created": [created_to_json(alarm) for alarm in health.created],
        "comparison": _comparison_to_json(health.comparison),
    }


def _health_from_json(raw: dict[str, Any]) -> Health:
    return Health(
        errors=tuple(ErrorKind(kind) for kind in raw["errors"]),
        max_error_percent=float(raw["max_error_percent"]),
        slow_over=timedelta(milliseconds=raw["slow_over_ms"]),
        max_slow_percent=float(raw["max_slow_percent"]),
        min_requests=int(raw["min_requests"]),
        alarms=tuple(str(name) for name in raw["alarms"]),
        # Plans that were recorded before there was a choice have the delay that there was.
        metric_delay=timedelta(seconds=raw["metric_delay_s"]) if "metric_delay_s" in raw else METRIC_DELAY,
        # A rollout that was opened before alarms could be created has no such key in its plan.
        created=tuple(created_from_json(alarm) for alarm in raw.get("created", ())),
        # Nor has one that began under the judge before this one.
        comparison=_comparison_from_json(raw.get("comparison", {})),
    )


def _comparison_to_json(comparison: Comparison) -> dict[str, Any]:
    return {
        "mode": comparison.mode.value,
        "alpha": comparison.alpha,
        "error_margin_percent": comparison.error_margin_percent,
        "slower_percent": comparison.slower_percent,
        "quality": _metric_to_json(comparison.quality),
        "output_tokens": _metric_to_json(comparison.output_tokens),
        "failures": [_metric_to_json(metric) for metric in comparison.failures],
        "warm_up_s": _seconds(comparison.warm_up),
    }


def _comparison_from_json(raw: dict[str, Any]) -> Comparison:
    if not raw:
        return Comparison()
    return Comparison(
        mode=Judging(raw["mode"]),
        alpha=float(raw["alpha"]),
        error_margin_percent=float(raw["error_margin_percent"]),
        slower_percent=float(raw["slower_percent"]),
        quality=_metric_from_json(raw["quality"]),
        output_tokens=_metric_from_json(raw["output_tokens"]),
        failures=tuple(metric for metric in map(_metric_from_json, raw["failures"]) if metric),
        warm_up=timedelta(seconds=raw["warm_up_s"]),
    )


def _metric_to_json(metric: CustomMetric | None) -> dict[str, Any] | None:
    if metric is None:
        return None
    dimensions = [[name, value] for name, value in metric.dimensions]
    return {"namespace": metric.namespace, "name": metric.name, "dimensions": dimensions}


def _metric_from_json(raw: dict[str, Any] | None) -> CustomMetric | None:
    if not raw:
        return None
    dimensions = tuple((str(name), str(value)) for name, value in raw["dimensions"])
    return CustomMetric(str(raw["namespace"]), str(raw["name"]), dimensions)


def _seconds(duration: timedelta) -> int:
    return round(duration.total_seconds())
