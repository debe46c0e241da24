"""The cases, one module per part of AWS; importing this package knows them all. How they are run lives outside."""

from contract.cases import (
    alarms,
    deployments,
    endpoints,
    events,
    listings,
    metrics,
    names,
    quotas,
    registry,
    scaling,
    weights,
)

__all__ = [
    "alarms",
    "deployments",
    "endpoints",
    "events",
    "listings",
    "metrics",
    "names",
    "quotas",
    "registry",
    "scaling",
    "weights",
]
