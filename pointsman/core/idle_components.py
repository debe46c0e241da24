"""How inference components are asked: each under its own name, wherever it runs (facts/aws.md, 2.5 and 3.1). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from pointsman.core.idle_finding import Way
from pointsman.hosted import Hosted, Metric


def ways(endpoint: Hosted) -> Iterator[Way]:
    """Every component that stands on it; also requests that found no instance, which somebody sent all the same."""
    for component in endpoint.components:
        dimensions = (("InferenceComponentName", component.name),)
        yield Way(
            f"component {component.name}",
            (Metric("Invocations", dimensions),),
            (Metric("NoCapacityInvocationFailures", dimensions),),
        )


def is_empty(endpoint: Hosted) -> bool:
    """Whether it can host components and hosts none: there is nothing that could be asked."""
    return (
        any(variant.hosts_components for variant in endpoint.serving)
        and all(variant.hosts_components for variant in endpoint.serving)
        and not endpoint.components
    )
