"""Which kinds an endpoint is of, read off the shapes of its config and its models. What a kind means is `core/eligibility.py`. Pure.

Nothing is passed over: a member that SageMaker answers and that is not listed here becomes a trait of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pointsman.survey import Kind, Trait

Json = Mapping[str, Any]

GROUP_VERSION = re.compile(r":model-package/[^/]+/[0-9]+$")
"""Where a version of a group differs from a package of the Marketplace."""

ANSWER = frozenset({"ResponseMetadata"})
CONFIG_MEMBERS = frozenset(
    {
        "EndpointConfigName",
        "EndpointConfigArn",
        "CreationTime",
        "ProductionVariants",
        "ShadowProductionVariants",
    }
    | {"AsyncInferenceConfig", "DataCaptureConfig", "KmsKeyId", "ExecutionRoleArn", "VpcConfig"}
    | {"EnableNetworkIsolation", "MetricsConfig"}
)
UNTRIED_IN_CONFIG = {
    "ExplainerConfig": "an explainer (Clarify)",
    "CrossRegionTrafficConfig": "requests of other Regions (cross-Region traffic)",
}
VARIANT_MEMBERS = frozenset(
    {"VariantName", "ModelName", "InitialInstanceCount", "InstanceType", "InitialVariantWeight"}
    | {"ServerlessConfig", "InstancePools", "VariantInstanceProvisionTimeoutInSeconds", "VolumeSizeInGB"}
    | {"ModelDataDownloadTimeoutInSeconds", "ContainerStartupHealthCheckTimeoutInSeconds"}
    | {"EnableSSMAccess", "InferenceAmiVersion", "CoreDumpConfig", "RoutingConfig"}
)
UNTRIED_IN_VARIANT = {
    "AcceleratorType": "an Elastic Inference accelerator",
    "CapacityReservationConfig": "a capacity reservation",
    "AcceleratorPartitionLayouts": "a partitioned accelerator",
    "ManagedInstanceScaling": "instances that SageMaker scales by itself",
}
MODEL_MEMBERS = frozenset(
    {"ModelName", "ModelArn", "CreationTime", "PrimaryContainer", "Containers", "InferenceExecutionConfig"}
    | {"ExecutionRoleArn", "VpcConfig", "EnableNetworkIsolation", "DeploymentRecommendation"}
)
CONTAINER_MEMBERS = frozenset(
    {"ContainerHostname", "Image", "Mode", "ModelDataUrl", "ModelDataSource", "Environment"}
    | {"ModelPackageName", "MultiModelConfig"}
)
UNTRIED_IN_CONTAINER = {
    "ImageConfig": "access to a private registry, which a version does not take over",
    "AdditionalModelDataSources": "further model data, which a version does not take over",
    "InferenceSpecificationName": "one of several specifications of its package, which a version does not take over",
    "ContainerMetricsConfig": "metrics of its container, which a version does not take over",
}
ROUTINGS = frozenset({"RANDOM", "LEAST_OUTSTANDING_REQUESTS"})
UNTRIED_ROUTINGS = frozenset({"PREFIX_AWARE", "KV_AWARE"})


def config_traits(config: Json | None) -> tuple[Trait, ...]:
    """Traits that a DescribeEndpointConfig answer shows; None: the config was deleted. How many variants there are is not among them."""
    if config is None:
        return (Trait(Kind.CONFIG_DELETED),)
    return tuple(_of_config(config))


def model_traits(name: str, model: Json) -> tuple[Trait, ...]:
    """Traits that the DescribeModel answer of the model of that name shows."""
    return tuple(_of_model(name, model))


def containers_of(model: Json) -> list[Json]:
    """SageMaker answers with a primary container or with a list of them."""
    primary = model.get("PrimaryContainer")
    return [*([primary] if primary else []), *(model.get("Containers") or [])]


def package_of(model: Json) -> str:
    """ARN of the package that a DescribeModel answer was made from; empty where it was not."""
    return next(
        (str(each["ModelPackageName"]) for each in containers_of(model) if each.get("ModelPackageName")), ""
    )


def _of_config(config: Json) -> Iterator[Trait]:
    if config.get("ShadowProductionVariants"):
        yield Trait(Kind.SHADOW)
    if config.get("AsyncInferenceConfig"):
        yield Trait(Kind.ASYNC)
    if (config.get("DataCaptureConfig") or {}).get("EnableCapture"):
        yield Trait(Kind.CAPTURE)
    yield from _beyond("its endpoint config", config, CONFIG_MEMBERS | ANSWER, UNTRIED_IN_CONFIG)
    for variant in config["ProductionVariants"]:
        yield from _of_variant(variant)


def _of_variant(variant: Json) -> Iterator[Trait]:
    name = str(variant["VariantName"])
    if variant.get("ServerlessConfig"):
        yield Trait(Kind.SERVERLESS, name)
    elif not variant.get("ModelName"):
        yield Trait(Kind.COMPONENTS, name)
    elif str(variant.get("InstanceType", "")).startswith("ml.inf1."):
        yield Trait(Kind.INF1, name)
    elif variant.get("InstancePools"):
        yield Trait(Kind.POOLS, name)
    # Components are hosted on instances that SageMaker scales: there it is the ordinary case.
    known = VARIANT_MEMBERS if variant.get("ModelName") else VARIANT_MEMBERS | {"ManagedInstanceScaling"}
    yield from _beyond(f"variant {name}", variant, known, UNTRIED_IN_VARIANT)
    routing = (variant.get("RoutingConfig") or {}).get("RoutingStrategy")
    if routing in UNTRIED_ROUTINGS:
        yield Trait(Kind.UNTRIED, f"variant {name}", f"the routing {routing}")
    elif routing and routing not in ROUTINGS:
        yield Trait(Kind.UNKNOWN, f"variant {name}", f"the routing {routing}")


def _of_model(name: str, model: Json) -> Iterator[Trait]:
    containers = containers_of(model)
    package = package_of(model)
    is_direct = (model.get("InferenceExecutionConfig") or {}).get("Mode") == "Direct"
    if len(containers) > 1:
        yield Trait(Kind.DIRECT if is_direct else Kind.PIPELINE, name, str(len(containers)))
    if any(each.get("Mode") == "MultiModel" for each in containers):
        yield Trait(Kind.MULTI_MODEL, name)
    if package and not GROUP_VERSION.search(package):
        yield Trait(Kind.MARKETPLACE, name, package)
    yield from _beyond(f"model {name}", model, MODEL_MEMBERS | ANSWER, {})
    for container in containers:
        yield from _beyond(f"model {name}", container, CONTAINER_MEMBERS, UNTRIED_IN_CONTAINER)


def _beyond(where: str, shape: Json, known: frozenset[str], untried: Mapping[str, str]) -> Iterator[Trait]:
    """What is set beside the ordinary: known but never tried, or not known at all."""
    for member, value in shape.items():
        if member in known or value in (None, [], {}, ""):
            continue
        if member in untried:
            yield Trait(Kind.UNTRIED, where, untried[member])
        else:
            yield Trait(Kind.UNKNOWN, where, f"the setting {member}")
