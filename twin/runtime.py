"""SageMaker Runtime: InvokeEndpoint, the way a client calls a model. Each call counts like any other request."""

from __future__ import annotations

from random import Random
from typing import Any

from twin.endpoints import Endpoints
from twin.errors import TwinError
from twin.fleets import Fleet, Variant
from twin.routing import routed
from twin.serving import Serving
from twin.traffic import Profile, Request
from twin.world import World

Params = dict[str, Any]

_BYTES_PER_TOKEN = 4
_GENERATED_TOKENS = 20


class Runtime:
    """Invokes endpoints by weight or by TargetVariant, at weight 0 too (facts 2.3)."""

    def __init__(self, world: World, endpoints: Endpoints, serving: Serving) -> None:
        self._world = world
        self._endpoints = endpoints
        self._serving = serving
        self._rng = Random(f"{world.seed}:invoke")

    def invoke(self, params: Params) -> Params:
        """InvokeEndpoint; ModelError 424, ServiceUnavailable 503 from a dead variant, ValidationError."""
        name = params["EndpointName"]
        endpoint = self._endpoints.find(name)
        if endpoint is None or endpoint.fleet is None:
            account = self._world.arns.account
            raise TwinError("ValidationError", f"Endpoint {name} of account {account} not found.")
        if "InferenceComponentName" in params:
            raise TwinError(
                "ValidationError", "The twin does not do this yet: invoke an inference component."
            )
        variant = self._variant(endpoint.fleet, params.get("TargetVariant"))
        request = Request(
            at=self._world.agenda.now,
            context_tokens=len(params.get("Body", b"")) // _BYTES_PER_TOKEN,
            generated_tokens=_GENERATED_TOKENS,
        )
        if not self._serving.serve(name, variant, request, self._rng):
            raise self._failure(variant)
        return {
            "Body": b'{"predictions": [0.5]}',
            "ContentType": params.get("Accept", "application/json"),
            "InvokedProductionVariant": variant.name,
        }

    def _variant(self, fleet: Fleet, target: str | None) -> Variant:
        if target is not None and target not in fleet.variants:
            raise TwinError("ValidationError", f"Target variant {target} was not found in the endpoint.")
        variant = fleet.variants[target] if target is not None else routed(fleet, self._rng)
        if variant is None:
            raise TwinError("ServiceUnavailable", "No variant of the endpoint takes traffic.", 503)
        if "ModelName" not in variant.spec:
            raise TwinError("ValidationError", "An inference component must be named for this endpoint.")
        return variant

    def _failure(self, variant: Variant) -> TwinError:
        if self._world.profiles.get(variant.model_key, Profile()).dead:
            return TwinError("ServiceUnavailable", "The request has failed due to a temporary failure.", 503)
        return TwinError(
            "ModelError",
            'Received server error (500) from primary with message "internal error". '
            "See the CloudWatch logs of the endpoint for more information.",
            424,
        )
