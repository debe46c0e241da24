"""What DescribeEndpoint and events show of a fleet. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from twin.fleets import Fleet, Variant
from twin.plain import copied

Params = dict[str, Any]


def live_summaries(variants: Iterable[Variant]) -> list[Params]:
    """Return ProductionVariantSummary of each."""
    return [_summary(variant) for variant in variants]


def _summary(variant: Variant) -> Params:
    answer: Params = {
        "VariantName": variant.name,
        "CurrentWeight": variant.weight,
        "DesiredWeight": variant.desired_weight,
        "CurrentInstanceCount": variant.count,
        "DesiredInstanceCount": variant.desired_count,
    }
    for member in ("ManagedInstanceScaling", "RoutingConfig"):
        if member in variant.spec:
            answer[member] = copied(variant.spec[member])
    if "ServerlessConfig" in variant.spec:
        answer["CurrentServerlessConfig"] = copied(variant.spec["ServerlessConfig"])
    if "InstancePools" in variant.spec:
        answer["InstancePools"] = [
            {
                "InstanceType": pool["InstanceType"],
                "CurrentInstanceCount": variant.count if pool["InstanceType"] == variant.instance_type else 0,
            }
            for pool in variant.spec["InstancePools"]
        ]
    return answer


def pending_summary(fleet: Fleet, since: datetime | None) -> Params:
    """Return PendingDeploymentSummary of a fleet that is being built since then."""
    answer: Params = {
        "EndpointConfigName": fleet.config_name,
        "ProductionVariants": [_pending(variant) for variant in fleet.variants.values()],
        "StartTime": since,
    }
    if fleet.shadows:
        answer["ShadowProductionVariants"] = [_pending(variant) for variant in fleet.shadows.values()]
    return answer


def _pending(variant: Variant) -> Params:
    kind = {"InstanceType": variant.spec["InstanceType"]} if "InstanceType" in variant.spec else {}
    return _summary(variant) | kind
