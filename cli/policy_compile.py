"""The way from the authored policy to the runtime policy and back. Reading files and wording mistakes do not belong here."""

from __future__ import annotations

from typing import Any

from cli.policy_model import HealthSection, PolicyDocument
from cli.policy_values import format_duration
from pointsman.policy import (
    EndpointName,
    ErrorKind,
    Health,
    OnPatience,
    Owner,
    Plan,
    Policy,
    Serve,
    Strategy,
    Validation,
)


def policy_of(document: PolicyDocument) -> Policy:
    """Runtime policy that the document stands for."""
    return Policy(
        endpoint=EndpointName(document.endpoint),
        model_package_group=document.model_package_group,
        owner=Owner(document.owner.team, document.owner.notify or ""),
        plan=_plan_of(document),
        freeze=document.rollout.freeze or "",
        metadata=dict(document.metadata),
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
        health=_health_of(document.health),
        validation=Validation(document.validation.content_type, document.validation.body),
    )


def _health_of(health: HealthSection) -> Health:
    return Health(
        errors=tuple(ErrorKind(kind) for kind in health.errors.count),
        max_error_percent=health.errors.max_percent,
        slow_over=health.latency.slow_over,
        max_slow_percent=health.latency.max_percent,
        min_requests=health.min_requests,
        alarms=tuple(health.alarms),
    )


def to_authoring(policy: Policy) -> dict[str, Any]:
    """Write a policy as the mapping that its YAML file holds, every key spelled out: the inverse of `policy_of`."""
    plan = policy.plan
    notify = {"notify": policy.owner.notify} if policy.owner.notify else {}
    return {
        "endpoint": str(policy.endpoint),
        "model_package_group": policy.model_package_group,
        "owner": {"team": policy.owner.team, **notify},
        "serve": {"instance_type": plan.serve.instance_type, "instance_count": plan.serve.instance_count},
        "rollout": _rollout_to_authoring(plan, policy.freeze),
        "validation": {"content_type": plan.validation.content_type, "body": plan.validation.body},
        "health": _health_to_authoring(plan.health),
        "watch": format_duration(plan.watch),
        "metadata": dict(policy.metadata),
    }


def _rollout_to_authoring(plan: Plan, freeze: str) -> dict[str, Any]:
    return {
        "strategy": plan.strategy.value,
        "steps": list(plan.steps),
        "bake": {"min": format_duration(plan.bake_min), "max": format_duration(plan.bake_max)},
        "patience": format_duration(plan.patience),
        "on_patience": plan.on_patience.value,
        **({"freeze": freeze} if freeze else {}),
    }


def _health_to_authoring(health: Health) -> dict[str, Any]:
    return {
        "errors": {"count": [kind.value for kind in health.errors], "max_percent": health.max_error_percent},
        "latency": {
            "slow_over": format_duration(health.slow_over),
            "max_percent": health.max_slow_percent,
        },
        "min_requests": health.min_requests,
        "alarms": list(health.alarms),
    }
