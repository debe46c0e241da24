"""Which ways there are to ask an endpoint, over all kinds, and what tells that its instances run. Pure."""

from __future__ import annotations

from pointsman.core import idle_async, idle_components, idle_instances
from pointsman.core.idle_finding import Way
from pointsman.core.idle_instances import gpu_of, processor_of
from pointsman.hosted import Hosted, Metric


def ways_of(endpoint: Hosted) -> tuple[Way, ...]:
    """Every way. An asynchronous endpoint has its queue and nothing else; the others are what their variants are."""
    if endpoint.is_async:
        return tuple(idle_async.ways(endpoint))
    return (*idle_instances.ways(endpoint), *idle_components.ways(endpoint))


def asked_by(endpoint: Hosted) -> tuple[Metric, ...]:
    """All that tells of requests."""
    return tuple(metric for way in ways_of(endpoint) for metric in way.metrics)


def signs_of_life(endpoint: Hosted) -> tuple[Metric, ...]:
    """One metric for each variant with instances, which comes in as long as they run."""
    return tuple(processor_of(endpoint, variant) for variant in endpoint.variants if variant.instances)


def signs_of_work(endpoint: Hosted) -> tuple[Metric, ...]:
    """What rises when instances work, whoever asked them and however."""
    return tuple(gpu_of(endpoint, variant) for variant in endpoint.variants if variant.instances)
