"""How asynchronous endpoints are asked: by a queue. They publish no `Invocations`; the queue's length and what became of its requests tell. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from pointsman.core.idle_finding import Way
from pointsman.core.idle_instances import of_variant
from pointsman.hosted import Hosted, Metric

OUTCOMES = ("InvocationsProcessed", "InvocationFailures", "ExpiredRequests", "RequestDownloadFailures")
"""What becomes of a request. They are recalled to exist only where there were requests, so their absence proves nothing."""


def ways(endpoint: Hosted) -> Iterator[Way]:
    """The queue, which is the endpoint's, and its variants' outcomes. Either may be counted by endpoint or by variant."""
    of_endpoint = (("EndpointName", endpoint.name),)
    backlog = Metric("ApproximateBacklogSize", of_endpoint, "Maximum")
    places = (of_endpoint, *(of_variant(endpoint, variant) for variant in endpoint.serving))
    outcomes = tuple(Metric(name, dimensions) for dimensions in places for name in OUTCOMES)
    counted = tuple(Metric("Invocations", of_variant(endpoint, variant)) for variant in endpoint.serving)
    yield Way("its queue", (backlog,), (*outcomes, *counted))
