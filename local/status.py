"""What a local world looks like now: time, endpoints, open rollouts, what is planned to fail. It changes nothing."""

from __future__ import annotations

from typing import Any

from local.faulting import planned
from local.installation import Installation
from local.running import Running
from pointsman.core.lane import Lane
from pointsman.policy import EndpointName

Json = dict[str, Any]


def status(world: Running) -> Json:
    """Times are ISO 8601 in UTC; `speed` is virtual seconds per real second; `rollout` is null at rest."""
    here = world.here
    return {
        "now": here.kernel.now.isoformat(),
        "speed": world.speed,
        "seed": world.seed,
        "endpoints": endpoints(world),
        "records": len(here.heard.records),
        "messages": len(here.heard.told),
        "dead_letters": here.dead_letters.count(),
        "planned_faults": planned(here),
    }


def endpoints(world: Running) -> list[Json]:
    """Every endpoint, by name, with what is open on it. One that a policy names and that is not there counts as well."""
    here = world.here
    pages = here.client("sagemaker").get_paginator("list_endpoints").paginate()
    standing = {each["EndpointName"]: each["EndpointStatus"] for page in pages for each in page["Endpoints"]}
    followed = set(here.policies.endpoints())
    return [
        {
            "endpoint": name,
            "status": standing.get(name),
            "variants": _variants(here, name) if name in standing else [],
            "requests_per_minute": world.load.rate(name),
            "has_policy": name in followed,
            "rollout": _rollout(here.world.store.get_lane(EndpointName(name))) if name in followed else None,
        }
        for name in sorted(standing.keys() | followed)
    ]


def _variants(here: Installation, endpoint: str) -> list[Json]:
    described = here.client("sagemaker").describe_endpoint(EndpointName=endpoint)
    return [
        {
            "variant": each["VariantName"],
            "weight": each.get("CurrentWeight"),
            "instances": each.get("CurrentInstanceCount"),
        }
        for each in described.get("ProductionVariants", [])
    ]


def _rollout(lane: Lane) -> Json | None:
    rollout = lane.rollout
    if rollout is None:
        return None
    return {
        "id": rollout.id,
        "version": rollout.version,
        "phase": rollout.phase.value,
        "hold": rollout.hold.value if rollout.hold else None,
        "share_percent": rollout.share_bps / 100,
    }
