"""How endpoints on instances with models of their own are asked: by variant, by container, by instance type of a pool. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from pointsman.core.idle_finding import Way
from pointsman.hosted import INSTANCES, Hosted, HostedVariant, Metric


def of_variant(
    endpoint: Hosted, variant: HostedVariant, *more: tuple[str, str]
) -> tuple[tuple[str, str], ...]:
    """The dimensions of a variant, and whatever stands beside them."""
    return (("EndpointName", endpoint.name), ("VariantName", variant.name), *more)


def requests_of(endpoint: Hosted, variant: HostedVariant) -> Metric:
    """Requests of a variant: what rules most endpoints out."""
    return Metric("Invocations", of_variant(endpoint, variant))


def ways(endpoint: Hosted) -> Iterator[Way]:
    """Every variant that has a model of its own."""
    for variant in endpoint.serving:
        if not variant.hosts_components:
            yield _way(endpoint, variant)


def _way(endpoint: Hosted, variant: HostedVariant) -> Way:
    """Since a deployment its requests may also be counted under the config's name (facts/aws.md, 2.2)."""
    plain = requests_of(endpoint, variant)
    by_config = Metric(
        "Invocations", of_variant(endpoint, variant, ("EndpointConfigName", endpoint.config_name))
    )
    if variant.containers:
        chosen = tuple(
            Metric("Invocations", of_variant(endpoint, variant, ("ContainerName", name)))
            for name in variant.containers
        )
        return Way(f"the containers of variant {variant.name}", chosen, (plain, by_config))
    if variant.has_pools:
        by_type = tuple(
            Metric("Invocations", of_variant(endpoint, variant, ("InstanceType", kind)))
            for kind in variant.by_type
        )
        return Way(f"variant {variant.name}", (plain, *by_type), (by_config,), any_will_do=True)
    return Way(f"variant {variant.name}", (plain,), (by_config,))


def processor_of(endpoint: Hosted, variant: HostedVariant) -> Metric:
    """Mean use of its processors: instances that run report it whether they are asked or not."""
    return Metric("CPUUtilization", of_variant(endpoint, variant), "Average", INSTANCES)


def gpu_of(endpoint: Hosted, variant: HostedVariant, stat: str = "Maximum") -> Metric:
    """Use of its GPUs, 100 for each GPU of an instance. There is none where there are no GPUs."""
    return Metric("GPUUtilization", of_variant(endpoint, variant), stat, INSTANCES)
