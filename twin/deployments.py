"""Whole fleets coming and going: CreateEndpoint, UpdateEndpoint, DeleteEndpoint. Weights and counts change elsewhere."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

from twin.autoscaling import Autoscaling
from twin.configs import Configs, require_some_weight
from twin.endpoints import Endpoint, Endpoints
from twin.errors import duplicate, invalid, unsupported
from twin.fleets import Fleet
from twin.names import checked
from twin.plain import copied
from twin.traffic import Profile
from twin.world import World

Params = dict[str, Any]

NO_CAPACITY = "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error."


def _unhealthy(variant: str) -> str:
    return (
        f"The primary container for production variant {variant} did not pass the ping health check. "
        "Please check CloudWatch logs for this endpoint."
    )


class Deployments:
    """Builds new fleets beside old ones, and switches over when they are ready."""

    def __init__(
        self, world: World, configs: Configs, endpoints: Endpoints, autoscaling: Autoscaling
    ) -> None:
        self._world = world
        self._configs = configs
        self._endpoints = endpoints
        self._autoscaling = autoscaling

    def create(self, params: Params) -> Params:
        """CreateEndpoint: Creating for minutes, then InService or Failed."""
        name = checked(params["EndpointName"], "endpointName")
        arn = self._world.arns.endpoint(name)
        if self._endpoints.find(name) is not None:
            raise duplicate("endpoint", arn)
        fleet = self._configs.fleet(params["EndpointConfigName"])
        self._world.ledger.require_quota(name, fleet.instances())
        now = self._world.agenda.now
        endpoint = Endpoint(name, arn, fleet.config_name, created=now, modified=now)
        endpoint.deployment = copied(params.get("DeploymentConfig")) or None
        self._world.tags.open(arn, params.get("Tags"))
        self._launch(endpoint, fleet)
        self._endpoints.add(endpoint)
        return {"EndpointArn": arn}

    def update(self, params: Params) -> Params:
        """UpdateEndpoint all at once: a whole new fleet beside the old one, whatever differs (facts 2.2)."""
        endpoint = self._endpoints.get(params["EndpointName"])
        deployment = params.get("DeploymentConfig")
        if params.get("RetainDeploymentConfig"):
            deployment = endpoint.deployment
        _require_all_at_once(deployment)
        self._endpoints.require_changeable(endpoint, repair=True)
        fleet = self._configs.fleet(params["EndpointConfigName"])
        if fleet.config_name == endpoint.config_name and endpoint.status == "InService":
            # That AWS refuses this, and in which words, is recalled (facts 2.1).
            raise invalid(f'Cannot update endpoint "{endpoint.arn}" with the same endpoint configuration.')
        self._require_scalable_kept(endpoint, fleet)
        _require_no_way_to_serverless(endpoint, fleet)
        if params.get("RetainAllVariantProperties"):
            excluded = params.get("ExcludeRetainedVariantProperties", [])
            _retain(endpoint, fleet, {entry["VariantPropertyType"] for entry in excluded})
        require_some_weight([variant.weight for variant in fleet.variants.values()])
        self._world.ledger.require_quota(endpoint.name, fleet.instances())
        endpoint.failure = None
        endpoint.deployment = copied(deployment) or endpoint.deployment
        self._launch(endpoint, fleet)
        self._endpoints.enter(endpoint, "Updating")
        return {"EndpointArn": endpoint.arn}

    def _require_scalable_kept(self, endpoint: Endpoint, fleet: Fleet) -> None:
        live = endpoint.fleet.variants if endpoint.fleet is not None else {}
        for name in sorted(self._autoscaling.registered(endpoint.name)):
            old, new = live.get(name), fleet.variants.get(name)
            if old is not None and (new is None or new.instance_type != old.instance_type):
                # The rule is confirmed (facts 2.4), the wording recalled.
                raise invalid(
                    f'The variant(s) "[{name}]" must be deregistered as scalable target with AWS Auto Scaling before '
                    "they can be removed or have their instance type updated."
                )

    def _launch(self, endpoint: Endpoint, fleet: Fleet) -> None:
        endpoint.pending = fleet
        endpoint.pending_since = self._world.agenda.now
        endpoint.change += 1
        reason, delay = self._fate(fleet)
        endpoint.launched = reason != NO_CAPACITY
        if endpoint.launched:
            self._world.ledger.launch(endpoint.name, fleet.instances())
        self._world.agenda.after(delay, partial(self._finish, endpoint, endpoint.change, reason))

    def _fate(self, fleet: Fleet) -> tuple[str | None, timedelta]:
        """Return why the fleet will not come up (None: it will), and when that shows."""
        timings, rng = self._world.timings, self._world.rng
        if not self._world.ledger.has_capacity(fleet.instances()):
            return NO_CAPACITY, timings.varied(timings.no_capacity, rng)
        for variant in (*fleet.variants.values(), *fleet.shadows.values()):
            if not self._world.profiles.get(variant.model_key, Profile()).starts:
                return _unhealthy(variant.name), timings.health_check
        return None, timings.varied(timings.fleet, rng)

    def _finish(self, endpoint: Endpoint, change: int, reason: str | None) -> None:
        if endpoint.change != change:
            return
        if reason is not None:
            self.drop_pending(endpoint)
            endpoint.failure = reason
            self._endpoints.enter(endpoint, "InService" if endpoint.fleet is not None else "Failed")
            return
        if endpoint.fleet is not None:
            self._world.ledger.release(endpoint.name, endpoint.fleet.instances())
        endpoint.fleet, endpoint.pending = endpoint.pending, None
        if endpoint.fleet is not None:
            endpoint.config_name = endpoint.fleet.config_name
        self._endpoints.enter(endpoint, "InService")

    def drop_pending(self, endpoint: Endpoint) -> None:
        """Give up the fleet that is being built, and whatever change is running."""
        endpoint.change += 1
        if endpoint.pending is not None and endpoint.launched:
            self._world.ledger.release(endpoint.name, endpoint.pending.instances())
        self._world.ledger.release(endpoint.name, endpoint.extra)
        endpoint.pending, endpoint.extra = None, Counter()

    def delete(self, params: Params) -> Params:
        """DeleteEndpoint: Deleting at once, gone a little later; its scalable targets go with it (facts 2.4)."""
        endpoint = self._endpoints.get(params["EndpointName"])
        self._endpoints.require_deletable(endpoint)
        self._autoscaling.forget(endpoint.name)
        fleet, endpoint.fleet = endpoint.fleet, None
        self._world.ledger.release(endpoint.name, fleet.instances() if fleet is not None else Counter())
        endpoint.change += 1
        self._endpoints.enter(endpoint, "Deleting")
        timings = self._world.timings
        self._world.agenda.after(timings.deletion, partial(self._endpoints.remove, endpoint))
        return {}


def _require_all_at_once(deployment: Params | None) -> None:
    """Refuse every deployment but the one that is the default: blue/green, all at once, the old fleet ended at once."""
    policy = (deployment or {}).get("BlueGreenUpdatePolicy", {})
    routing = policy.get("TrafficRoutingConfiguration", {"Type": "ALL_AT_ONCE"})
    others = (deployment or {}).keys() - {"BlueGreenUpdatePolicy"}
    if others or routing["Type"] != "ALL_AT_ONCE" or policy.get("TerminationWaitInSeconds"):
        raise unsupported("UpdateEndpoint with a DeploymentConfig that is more than ALL_AT_ONCE")


def _require_no_way_to_serverless(endpoint: Endpoint, fleet: Fleet) -> None:
    """Refuse to make an endpoint on instances serverless (facts 2.3; the wording is recalled)."""
    live = endpoint.fleet.instances().total() if endpoint.fleet is not None else 0
    if live and any("ServerlessConfig" in variant.spec for variant in fleet.variants.values()):
        raise invalid(f'Endpoint "{endpoint.arn}" on instances cannot be converted to serverless.')


def _retain(endpoint: Endpoint, fleet: Fleet, excluded: set[str]) -> None:
    """Carry live counts and weights over to variants of the same name, those `excluded` excepted (facts 2.2)."""
    live = endpoint.fleet.variants if endpoint.fleet is not None else {}
    for name, variant in fleet.variants.items():
        if name not in live:
            continue
        if "DesiredInstanceCount" not in excluded:
            variant.desired_count = live[name].desired_count
        if "DesiredWeight" not in excluded:
            variant.desired_weight = live[name].desired_weight
        variant.settle()
