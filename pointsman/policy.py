"""The runtime policy: frozen, read from compiled JSON. How people write it (YAML, checks, messages) lives in `cli/policy_file.py`."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, NewType

from pointsman.errors import Misconfigured

EndpointName = NewType("EndpointName", str)
Version = NewType("Version", int)

SCHEMA = 1


class Strategy(StrEnum):
    """How a version is carried out. Stored: never rename a value."""

    CANARY = "canary"


class OnPatience(StrEnum):
    """What happens when the evidence stays too thin for longer than the policy's patience."""

    ROLLBACK = "rollback"
    HOLD = "hold"


class ErrorKind(StrEnum):
    """Which failed requests count as errors; each is one CloudWatch metric (facts/aws.md, 3.1)."""

    SERVER = "5xx"
    MODEL = "model_error"
    CLIENT = "4xx"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns the endpoint, and the SNS topic that hears of its decisions (empty: the installation's topic)."""

    team: str
    notify: str = ""


@dataclass(frozen=True, slots=True)
class Serve:
    """How a candidate is served: `instance_count` is the least it gets; a larger live fleet is matched."""

    instance_type: str
    instance_count: int


@dataclass(frozen=True, slots=True)
class Validation:
    """The first request a candidate must answer before it takes traffic."""

    content_type: str = "application/json"
    body: str = "{}"


@dataclass(frozen=True, slots=True)
class Health:
    """What is tolerated: percentages of the candidate's own requests, over at least `min_requests` of them."""

    errors: tuple[ErrorKind, ...]
    max_error_percent: float
    slow_over: timedelta
    max_slow_percent: float
    min_requests: int
    alarms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What one rollout does from start to end. A running rollout keeps the plan it started with."""

    strategy: Strategy
    steps: tuple[int, ...]
    bake_min: timedelta
    bake_max: timedelta
    patience: timedelta
    on_patience: OnPatience
    watch: timedelta
    serve: Serve
    health: Health
    validation: Validation = field(default_factory=Validation)


@dataclass(frozen=True, slots=True)
class Policy:
    """One endpoint's policy. `freeze` holds the reason why nothing automatic moves forward (empty: not frozen)."""

    endpoint: EndpointName
    model_package_group: str
    owner: Owner
    plan: Plan
    freeze: str = ""
    metadata: dict[str, str] = field(default_factory=dict)


def policy_to_json(policy: Policy) -> dict[str, Any]:
    """Compile a policy to the JSON object that ships in the zip. Durations become whole seconds."""
    return {
        "schema": SCHEMA,
        "endpoint": policy.endpoint,
        "model_package_group": policy.model_package_group,
        "owner": dataclasses.asdict(policy.owner),
        "plan": plan_to_json(policy.plan),
        "freeze": policy.freeze,
        "metadata": dict(policy.metadata),
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
    )


def _health_to_json(health: Health) -> dict[str, Any]:
    return {
        "errors": [kind.value for kind in health.errors],
        "max_error_percent": health.max_error_percent,
        "slow_over_ms": round(health.slow_over.total_seconds() * 1000),
        "max_slow_percent": health.max_slow_percent,
        "min_requests": health.min_requests,
        "alarms": list(health.alarms),
    }


def _health_from_json(raw: dict[str, Any]) -> Health:
    return Health(
        errors=tuple(ErrorKind(kind) for kind in raw["errors"]),
        max_error_percent=float(raw["max_error_percent"]),
        slow_over=timedelta(milliseconds=raw["slow_over_ms"]),
        max_slow_percent=float(raw["max_slow_percent"]),
        min_requests=int(raw["min_requests"]),
        alarms=tuple(str(name) for name in raw["alarms"]),
    )


def _seconds(duration: timedelta) -> int:
    return round(duration.total_seconds())
