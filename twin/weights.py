"""Weights and instance counts of a live fleet: UpdateEndpointWeightsAndCapacities, and what autoscaling does with it."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from functools import partial
from typing import Any

from twin.configs import require_some_weight
from twin.deployments import NO_CAPACITY
from twin.endpoints import Endpoint, Endpoints
from twin.errors import TwinError, invalid
from twin.fleets import Fleet, as_float32
from twin.world import World

Params = dict[str, Any]


class Weights:
    """Changes weights and counts through the status Updating; both become current at the end."""

    def __init__(self, world: World, endpoints: Endpoints) -> None:
        self._world = world
        self.endpoints = endpoints

    def update(self, params: Params) -> Params:
        """UpdateEndpointWeightsAndCapacities: variants that are not named keep what they have (facts 2.3)."""
        endpoint = self.endpoints.get(params["EndpointName"])
        self.endpoints.require_changeable(endpoint)
        fleet = endpoint.fleet
        if fleet is None:
            raise invalid(f'Endpoint "{endpoint.arn}" has no variants.')
        wishes = params["DesiredWeightsAndCapacities"]
        for wish in wishes:
            _check(fleet, wish)
        wanted = {wish["VariantName"]: wish["DesiredWeight"] for wish in wishes if "DesiredWeight" in wish}
        require_some_weight([wanted.get(name, variant.weight) for name, variant in fleet.variants.items()])
        added = _added(fleet, wishes)
        self._world.ledger.require_quota(endpoint.name, added)
        for wish in wishes:
            variant = fleet.variants[wish["VariantName"]]
            variant.desired_weight = as_float32(wish.get("DesiredWeight", variant.desired_weight))
            variant.desired_count = wish.get("DesiredInstanceCount", variant.desired_count)
        self._begin(endpoint, added)
        return {"EndpointArn": endpoint.arn}

    def resize(self, endpoint: str, variant: str, count: int) -> None:
        """Change one count as AWS does by itself; what is refused now is left to be tried again later."""
        change = {"VariantName": variant, "DesiredInstanceCount": count}
        with suppress(TwinError):
            self.update({"EndpointName": endpoint, "DesiredWeightsAndCapacities": [change]})

    def _begin(self, endpoint: Endpoint, added: Counter[str]) -> None:
        timings, rng = self._world.timings, self._world.rng
        endpoint.change += 1
        endpoint.failure = None
        self.endpoints.enter(endpoint, "Updating")
        if not self._world.ledger.has_capacity(added):
            give_up = partial(self._give_up, endpoint, endpoint.change)
            self._world.agenda.after(timings.varied(timings.no_capacity, rng), give_up)
            return
        self._world.ledger.launch(endpoint.name, added)
        endpoint.extra = added
        duration = timings.scale_out if added else timings.weights
        finish = partial(self._finish, endpoint, endpoint.change)
        self._world.agenda.after(timings.varied(duration, rng), finish)

    def _finish(self, endpoint: Endpoint, change: int) -> None:
        if endpoint.change != change or endpoint.fleet is None:
            return
        self._world.ledger.release(endpoint.name, _surplus(endpoint.fleet))
        endpoint.extra = Counter()
        for variant in endpoint.fleet.variants.values():
            variant.settle()
        self.endpoints.enter(endpoint, "InService")

    def _give_up(self, endpoint: Endpoint, change: int) -> None:
        if endpoint.change != change:
            return
        self.revert(endpoint)
        endpoint.failure = NO_CAPACITY
        self.endpoints.enter(endpoint, "RollingBack")
        timings = self._world.timings
        back = partial(self._back, endpoint, change)
        self._world.agenda.after(timings.varied(timings.weights, self._world.rng), back)

    def _back(self, endpoint: Endpoint, change: int) -> None:
        if endpoint.change == change:
            self.endpoints.enter(endpoint, "InService")

    def revert(self, endpoint: Endpoint) -> None:
        """Forget the weights and counts that were asked for and are not current yet."""
        if endpoint.fleet is not None:
            for variant in endpoint.fleet.variants.values():
                variant.revert()


def _check(fleet: Fleet, wish: Params) -> None:
    name = wish["VariantName"]
    if name not in fleet.variants:
        raise invalid(
            f'The request included variant "{name}" that is not part of the endpoint configuration.'
        )
    if wish.get("DesiredWeight", 0.0) < 0.0:
        raise invalid("DesiredWeight must be at least 0.")
    variant = fleet.variants[name]
    if wish.get("DesiredInstanceCount", variant.least_instances) < min(variant.least_instances, 1):
        # Recalled (facts 2.3): only endpoints of inference components go down to zero instances.
        raise invalid("DesiredInstanceCount must be at least 1.")


def _added(fleet: Fleet, wishes: list[Params]) -> Counter[str]:
    added: Counter[str] = Counter()
    for wish in wishes:
        variant = fleet.variants[wish["VariantName"]]
        more = wish.get("DesiredInstanceCount", variant.count) - variant.count
        if more > 0 and variant.instance_type is not None:
            added[variant.instance_type] += more
    return added


def _surplus(fleet: Fleet) -> Counter[str]:
    surplus: Counter[str] = Counter()
    for variant in fleet.variants.values():
        if variant.instance_type is not None and variant.count > variant.desired_count:
            surplus[variant.instance_type] += variant.count - variant.desired_count
    return surplus
