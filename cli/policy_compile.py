"""The way from the authored policy to the runtime policy and back. Reading files and wording mistakes do not belong here."""

from __future__ import annotations

from datetime import date
from typing import Any

from cli.policy_alarms import names_of, to_entries
from cli.policy_health import HealthSection
from cli.policy_judge import metric_to_authoring
from cli.policy_model import ManagedBySection, PolicyDocument
from cli.policy_rollout import AfterSection, WindowsSection
from cli.policy_values import format_duration
from cli.policy_windows import format_window, parse_window
from pointsman.policy import (
    After,
    Comparison,
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
from pointsman.windows import Windows


def policy_of(document: PolicyDocument) -> Policy:
    """Runtime policy that the document stands for."""
    return Policy(
        endpoint=EndpointName(document.endpoint),
        model_package_group=document.model_package_group,
        owner=Owner(document.owner.team, document.owner.notify or ""),
        plan=_plan_of(document),
        freeze=document.rollout.freeze or "",
        metadata=dict(document.metadata),
        windows=_windows_of(document.rollout.windows),
        after=_after_of(document.rollout.after),
        managed_by=_managed_by_of(document.managed_by),
        registry_account=document.registry_account or "",
    )


def _plan_of(document: PolicyDocument) -> Plan:
    rollout = document.rollout
    return Plan(
        strategy=Strategy(rollout.strategy),
        steps=tuple(rollout.steps),
        bake_min=rollout.bake.min,
        bake_max=rollout.bake.max,
        patience=rollout.patience,
        on_patience=OnPatience(rollout.on_patience),
        watch=document.watch,
        serve=Serve(document.serve.instance_type, document.serve.instance_count),
        health=_health_of(EndpointName(document.endpoint), document.health),
        validation=Validation(document.validation.content_type, document.validation.body),
        gates=tuple(sorted(rollout.approve_before)),
        gate_wait=rollout.approval_wait,
    )


def _windows_of(section: WindowsSection | None) -> Windows | None:
    if section is None:
        return None
    return Windows(
        timezone=section.timezone,
        open=tuple(parse_window(text) for text in section.open),
        holidays=tuple(sorted(date.fromisoformat(text) for text in section.holidays)),
    )


def _after_of(section: AfterSection | None) -> After | None:
    return After(EndpointName(section.endpoint), Until(section.until)) if section else None


def _managed_by_of(section: ManagedBySection | None) -> ManagedBy | None:
    return ManagedBy(Tool(section.tool), section.read_by or "", section.read_on or "") if section else None


def _health_of(endpoint: EndpointName, health: HealthSection) -> Health:
    return Health(
        errors=tuple(ErrorKind(kind) for kind in health.errors.count),
        max_error_percent=health.errors.max_percent,
        slow_over=health.latency.slow_over,
        max_slow_percent=health.latency.max_percent,
        min_requests=health.min_requests,
        metric_delay=health.metric_delay,
        alarms=tuple(names_of(endpoint, health.alarms)),
        created=tuple(entry.defined() for entry in health.alarms if not isinstance(entry, str)),
        comparison=_comparison_of(health),
    )


def _comparison_of(health: HealthSection) -> Comparison:
    quality, tokens = health.quality, health.latency.output_tokens
    return Comparison(
        mode=Judging(health.judge.mode),
        alpha=health.judge.alpha,
        error_margin_percent=health.errors.margin_percent,
        slower_percent=health.latency.margin_percent,
        quality=quality.metric_of() if quality else None,
        output_tokens=tokens.metric_of() if tokens else None,
        failures=tuple(metric.metric_of() for metric in health.errors.metrics),
        warm_up=health.judge.warm_up,
    )


def to_authoring(policy: Policy) -> dict[str, Any]:
    """Write a policy as the mapping that its YAML file holds, every key spelled out: the inverse of `policy_of`."""
    plan = policy.plan
    return {
        "endpoint": str(policy.endpoint),
        "model_package_group": policy.model_package_group,
        **_given(registry_account=policy.registry_account),
        "owner": {"team": policy.owner.team, **_given(notify=policy.owner.notify)},
        **_given(managed_by=_managed_by_to_authoring(policy.managed_by)),
        "serve": {"instance_type": plan.serve.instance_type, "instance_count": plan.serve.instance_count},
        "rollout": _rollout_to_authoring(policy),
        "validation": {"content_type": plan.validation.content_type, "body": plan.validation.body},
        "health": _health_to_authoring(policy.endpoint, plan.health),
        "watch": format_duration(plan.watch),
        "metadata": dict(policy.metadata),
    }


def _rollout_to_authoring(policy: Policy) -> dict[str, Any]:
    plan, after = policy.plan, policy.after
    return {
        "strategy": plan.strategy.value,
        "steps": list(plan.steps),
        "bake": {"min": format_duration(plan.bake_min), "max": format_duration(plan.bake_max)},
        "patience": format_duration(plan.patience),
        "on_patience": plan.on_patience.value,
        "approve_before": list(plan.gates),
        "approval_wait": format_duration(plan.gate_wait),
        **_given(
            windows=_windows_to_authoring(policy.windows),
            after={"endpoint": str(after.endpoint), "until": after.until.value} if after else None,
            freeze=policy.freeze,
        ),
    }


def _managed_by_to_authoring(managed_by: ManagedBy | None) -> dict[str, Any] | None:
    if managed_by is None:
        return None
    return {
        "tool": managed_by.tool.value,
        **_given(read_by=managed_by.read_by, read_on=managed_by.read_on),
    }


def _windows_to_authoring(windows: Windows | None) -> dict[str, Any] | None:
    if windows is None:
        return None
    return {
        "timezone": windows.timezone,
        "open": [format_window(window) for window in windows.open],
        "holidays": [day.isoformat() for day in windows.holidays],
    }


def _health_to_authoring(endpoint: EndpointName, health: Health) -> dict[str, Any]:
    comparison = health.comparison
    return {
        "errors": {
            "count": [kind.value for kind in health.errors],
            "max_percent": health.max_error_percent,
            "margin_percent": comparison.error_margin_percent,
            "metrics": [metric_to_authoring(metric) for metric in comparison.failures],
        },
        "latency": {
            "slow_over": format_duration(health.slow_over),
            "max_percent": health.max_slow_percent,
            "margin_percent": comparison.slower_percent,
            **_given(output_tokens=metric_to_authoring(comparison.output_tokens)),
        },
        **_given(quality=metric_to_authoring(comparison.quality)),
        "judge": {
            "mode": comparison.mode.value,
            "alpha": comparison.alpha,
            "warm_up": format_duration(comparison.warm_up),
        },
        "min_requests": health.min_requests,
        "metric_delay": format_duration(health.metric_delay),
        "alarms": to_entries(endpoint, health),
    }


def _given(**keys: object) -> dict[str, Any]:
    """Keys that are not written where nothing stands behind them."""
    return {key: value for key, value in keys.items() if value}
