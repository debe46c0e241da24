"""Inference components: models that share the instances of a variant which has no model of its own (facts 2.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from twin.deployments import NO_CAPACITY
from twin.endpoints import Endpoint
from twin.errors import absent, duplicate, invalid, unsupported
from twin.fleets import Variant
from twin.models import Models
from twin.names import checked
from twin.plain import copied
from twin.traffic import Profile
from twin.weights import Weights
from twin.world import World

Params = dict[str, Any]

_WAIT = timedelta(minutes=1)


@dataclass(slots=True)
class Component:
    """One component. `given` is its specification; an adapter has no copies of its own (None)."""

    name: str
    arn: str
    endpoint: Endpoint
    variant: str
    given: Params
    created: datetime
    modified: datetime
    desired: int | None
    copies: int | None
    status: str = "Creating"
    failure: str | None = None


class Components:
    """Components by name; there are no events of them (facts 1.2)."""

    def __init__(self, world: World, models: Models, weights: Weights) -> None:
        self._world = world
        self._models = models
        self._weights = weights
        self._components: dict[str, Component] = {}

    def create(self, params: Params) -> Params:
        """CreateInferenceComponent: Creating for minutes, then InService or Failed."""
        name = checked(params["InferenceComponentName"], "inferenceComponentName")
        arn = self._world.arns.component(name)
        if name in self._components:
            raise duplicate("inference component", arn)
        endpoint = self._weights.endpoints.get(params["EndpointName"])
        given = self._checked(params)
        variant = self._host(endpoint, params, given)
        desired = None if "BaseInferenceComponentName" in given else params["RuntimeConfig"]["CopyCount"]
        self._world.tags.open(arn, params.get("Tags"))
        now = self._world.agenda.now
        component = Component(
            name,
            arn,
            endpoint,
            variant.name,
            copied(given),
            now,
            now,
            desired,
            None if desired is None else 0,
        )
        self._components[name] = component
        endpoint.components.add(name)
        self._begin(component)
        return {"InferenceComponentArn": arn}

    def _checked(self, params: Params) -> Params:
        """Return the specification, one for all instance types."""
        if "Specifications" in params:
            raise unsupported("inference components with a specification for each instance type")
        given: Params = params.get("Specification", {})
        if "BaseInferenceComponentName" in given:
            self._get(given["BaseInferenceComponentName"])
            return given
        if "ModelName" in given:
            self._models.get(given["ModelName"])
        elif "Container" not in given:
            raise invalid("An inference component needs a ModelName or a Container.")
        if "RuntimeConfig" not in params or "ComputeResourceRequirements" not in given:
            raise invalid("An inference component needs a RuntimeConfig and ComputeResourceRequirements.")
        return given

    def _host(self, endpoint: Endpoint, params: Params, given: Params) -> Variant:
        """Return the variant that is to host it; that the endpoint must be InService is recalled."""
        if endpoint.status != "InService" or endpoint.fleet is None:
            raise invalid(f'Endpoint "{endpoint.arn}" is not InService.')
        adapted = self._components.get(given.get("BaseInferenceComponentName", ""))
        name = adapted.variant if adapted is not None else params.get("VariantName", "")
        variant = endpoint.fleet.variants.get(name)
        if variant is None or "ModelName" in variant.spec:
            raise invalid(
                f'Endpoint "{endpoint.arn}" has no variant {name!r} that hosts inference components.'
            )
        return variant

    def _begin(self, component: Component) -> None:
        variant = _hosting(component.endpoint, component.variant)
        if component.desired and variant is not None and variant.count == 0:
            self._weights.resize(component.endpoint.name, variant.name, 1)
        self._finish_later(
            component, self._world.timings.varied(self._world.timings.component, self._world.rng)
        )

    def _finish_later(self, component: Component, delay: timedelta) -> None:
        self._world.agenda.after(delay, partial(self._finish, component))

    def _finish(self, component: Component) -> None:
        """End a change, wait on for instances that are on their way, or fail without them."""
        if component.status not in ("Creating", "Updating"):
            return
        endpoint = component.endpoint
        variant = _hosting(endpoint, component.variant)
        if component.desired and (variant is None or variant.count == 0):
            if endpoint.status in ("Updating", "RollingBack", "SystemUpdating"):
                self._finish_later(component, _WAIT)
                return
            component.failure = NO_CAPACITY
        elif not self._world.profiles.get(self._model_key(component), Profile()).starts:
            component.failure = "The container of the inference component did not pass the ping health check."
        component.status = "InService" if component.failure is None else "Failed"
        component.copies = component.desired if component.failure is None else 0
        component.modified = self._world.agenda.now
        self._release_later(component)

    def _model_key(self, component: Component) -> str:
        name: str = component.given.get("ModelName", component.name)
        return self._models.key(name)

    def scale(self, params: Params) -> Params:
        """UpdateInferenceComponentRuntimeConfig: another number of copies, zero included."""
        component = self._settled(params["InferenceComponentName"])
        if component.desired is None:
            raise invalid("An adapter has no copies of its own.")
        component.desired = params["DesiredRuntimeConfig"]["CopyCount"]
        component.status, component.failure = "Updating", None
        component.modified = self._world.agenda.now
        self._begin(component)
        return {"InferenceComponentArn": component.arn}

    def delete(self, params: Params) -> Params:
        """DeleteInferenceComponent: Deleting at once, gone a little later."""
        component = self._settled(params["InferenceComponentName"])
        component.status, component.modified = "Deleting", self._world.agenda.now
        self._world.agenda.after(self._world.timings.deletion, partial(self._remove, component))
        return {}

    def _remove(self, component: Component) -> None:
        del self._components[component.name]
        component.endpoint.components.discard(component.name)
        self._world.tags.close(component.arn)
        self._release_later(component)

    def _release_later(self, component: Component) -> None:
        release = partial(self._release, component.endpoint, component.variant)
        self._world.agenda.after(self._world.timings.idle_release, release)

    def _release(self, endpoint: Endpoint, name: str) -> None:
        """Give back instances that host no copy, where managed instance scaling allows it (facts 2.3)."""
        variant = _hosting(endpoint, name)
        hosted = (self._components[each] for each in endpoint.components)
        is_idle = not any(each.desired for each in hosted if each.variant == name)
        if variant is None or not is_idle or endpoint.status != "InService":
            return
        if variant.least_instances < variant.count:
            self._weights.resize(endpoint.name, name, variant.least_instances)

    def describe(self, params: Params) -> Params:
        """DescribeInferenceComponent."""
        component = self._get(params["InferenceComponentName"])
        answer = self._summary(component) | {"Specification": _specification(component.given)}
        if component.desired is not None:
            answer["RuntimeConfig"] = {
                "DesiredCopyCount": component.desired,
                "CurrentCopyCount": component.copies,
            }
        if component.failure is not None:
            answer["FailureReason"] = component.failure
        return answer

    def summaries(self, params: Params) -> list[Params]:
        """Return the rows of ListInferenceComponents, of one endpoint or variant if asked."""
        endpoint, variant = params.get("EndpointNameEquals"), params.get("VariantNameEquals")
        return [
            self._summary(component)
            for component in self._components.values()
            if endpoint in (None, component.endpoint.name) and variant in (None, component.variant)
        ]

    def _summary(self, component: Component) -> Params:
        return {
            "InferenceComponentName": component.name,
            "InferenceComponentArn": component.arn,
            "EndpointName": component.endpoint.name,
            "EndpointArn": component.endpoint.arn,
            "VariantName": component.variant,
            "InferenceComponentStatus": component.status,
            "CreationTime": component.created,
            "LastModifiedTime": component.modified,
        }

    def _get(self, name: str) -> Component:
        if name not in self._components:
            raise absent("inference component", self._world.arns.component(name))
        return self._components[name]

    def _settled(self, name: str) -> Component:
        component = self._get(name)
        if component.status not in ("InService", "Failed"):
            raise invalid(f'Cannot update in-progress inference component "{component.arn}".')
        return component


def _hosting(endpoint: Endpoint, name: str) -> Variant | None:
    """Return the live variant of that name; None once an update took it away."""
    return endpoint.fleet.variants.get(name) if endpoint.fleet is not None else None


def _specification(given: Params) -> Params:
    """Return the specification as it is described: an image that was named is one that was deployed."""
    shown: Params = copied(given)
    container = shown.get("Container")
    if container is not None and "Image" in container:
        container["DeployedImage"] = {"SpecifiedImage": container.pop("Image")}
    return shown
