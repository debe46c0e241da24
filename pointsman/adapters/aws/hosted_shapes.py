"""Answers of Search, DescribeEndpoint, DescribeEndpointConfig and DescribeModel to what is known of an endpoint. Pure: shapes in, values out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pointsman.adapters.aws.survey_traits import containers_of
from pointsman.hosted import Component, Hosted, HostedVariant
from pointsman.policy import EndpointName

Json = Mapping[str, Any]


def endpoint_of(body: Json) -> Hosted:
    """An endpoint as Search or DescribeEndpoint has it. What only its config tells is empty."""
    shadows = [_variant(each, is_shadow=True) for each in body.get("ShadowProductionVariants") or ()]
    return Hosted(
        name=EndpointName(str(body["EndpointName"])),
        status=str(body["EndpointStatus"]),
        made=body["CreationTime"],
        changed=body["LastModifiedTime"],
        config_name=str(body.get("EndpointConfigName", "")),
        variants=(*(_variant(each) for each in body.get("ProductionVariants") or ()), *shadows),
        tags={str(each["Key"]): str(each["Value"]) for each in body.get("Tags") or ()},
    )


def models_of(config: Json) -> list[str]:
    """Names of the models that a config names, each once."""
    variants = [*config["ProductionVariants"], *(config.get("ShadowProductionVariants") or ())]
    return list(dict.fromkeys(str(each["ModelName"]) for each in variants if each.get("ModelName")))


def with_config(endpoint: Hosted, config: Json, models: Mapping[str, Json]) -> Hosted:
    """The endpoint with what its config and its models tell."""
    written = {
        str(each["VariantName"]): each
        for each in [*config["ProductionVariants"], *(config.get("ShadowProductionVariants") or ())]
    }
    return replace(
        endpoint,
        variants=tuple(_with(each, written.get(each.name, {}), models) for each in endpoint.variants),
        is_async=bool(config.get("AsyncInferenceConfig")),
        is_described=True,
    )


def component_of(row: Json) -> Component:
    """A row of ListInferenceComponents."""
    return Component(
        str(row["InferenceComponentName"]),
        str(row["VariantName"]),
        str(row.get("InferenceComponentStatus", "")),
        row.get("LastModifiedTime") or row["CreationTime"],
    )


def _variant(body: Json, *, is_shadow: bool = False) -> HostedVariant:
    pools = {
        str(pool["InstanceType"]): int(pool.get("CurrentInstanceCount", 0))
        for pool in body.get("InstancePools") or ()
    }
    scaling = body.get("ManagedInstanceScaling") or {}
    return HostedVariant(
        name=str(body["VariantName"]),
        instances=int(body.get("CurrentInstanceCount", sum(pools.values()))),
        is_serverless=bool(body.get("CurrentServerlessConfig")),
        is_shadow=is_shadow,
        by_type=pools,
        has_pools=bool(pools),
        may_scale_to_zero=scaling.get("MinInstanceCount") == 0,
    )


def _with(variant: HostedVariant, written: Json, models: Mapping[str, Json]) -> HostedVariant:
    kind = str(written.get("InstanceType") or "")
    model = models.get(str(written.get("ModelName") or ""), {})
    is_direct = (model.get("InferenceExecutionConfig") or {}).get("Mode") == "Direct"
    names = [str(each.get("ContainerHostname") or "") for each in containers_of(model)] if is_direct else []
    return replace(
        variant,
        by_type=variant.by_type or ({kind: variant.instances} if kind else {}),
        is_serverless=variant.is_serverless or bool(written.get("ServerlessConfig")),
        hosts_components=bool(written) and not written.get("ModelName"),
        containers=tuple(name for name in names if name),
    )
