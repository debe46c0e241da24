"""Endpoint configurations: immutable recipes of a fleet. What runs from them lives in endpoints."""

from __future__ import annotations

from typing import Any

from twin.errors import absent, duplicate, invalid
from twin.fleets import Fleet, Variant, as_float32
from twin.models import Models
from twin.names import checked
from twin.plain import copied
from twin.world import World

Params = dict[str, Any]

MOST_VARIANTS = 10


class Configs:
    """Endpoint configurations by name."""

    def __init__(self, world: World, models: Models) -> None:
        self._world = world
        self._models = models
        self._configs: dict[str, Params] = {}

    def create(self, params: Params) -> Params:
        """CreateEndpointConfig; ValidationException for a taken name, an absent model, or weights that are all zero."""
        name = checked(params["EndpointConfigName"], "endpointConfigName")
        arn = self._world.arns.config(name)
        if name in self._configs:
            raise duplicate("endpoint configuration", arn)
        config: Params = copied({member: value for member, value in params.items() if member != "Tags"})
        self._check_variants(config["ProductionVariants"])
        for variant in config["ProductionVariants"] + config.get("ShadowProductionVariants", []):
            variant.setdefault("InitialVariantWeight", 1.0)
            variant["InitialVariantWeight"] = as_float32(variant["InitialVariantWeight"])
        self._world.tags.open(arn, params.get("Tags"))
        self._configs[name] = config | {"EndpointConfigArn": arn, "CreationTime": self._world.agenda.now}
        return {"EndpointConfigArn": arn}

    def _check_variants(self, variants: list[Params]) -> None:
        if not 1 <= len(variants) <= MOST_VARIANTS:
            raise invalid(f"An endpoint configuration has 1 to {MOST_VARIANTS} production variants.")
        names = [checked(variant["VariantName"], "variantName") for variant in variants]
        if len(set(names)) != len(names):
            raise invalid("Production variant names must be unique within an endpoint configuration.")
        for variant in variants:
            if "ModelName" in variant:
                self._models.get(variant["ModelName"])
            if variant.get("InitialInstanceCount", 1) < 1:
                raise invalid("InitialInstanceCount must be at least 1.")
        require_some_weight([variant.get("InitialVariantWeight", 1.0) for variant in variants])

    def get(self, name: str) -> Params:
        """Return the configuration as stored; ValidationException if there is none."""
        if name not in self._configs:
            raise absent("endpoint configuration", self._world.arns.config(name))
        return self._configs[name]

    def find(self, name: str) -> Params:
        """Return the configuration as stored, empty once it was deleted under a live endpoint."""
        return self._configs.get(name, {})

    def describe(self, params: Params) -> Params:
        """DescribeEndpointConfig: everything that was given, tags excepted."""
        answer: Params = copied(self.get(params["EndpointConfigName"]))
        return answer

    def summaries(self, params: Params) -> list[Params]:
        """Return the rows of ListEndpointConfigs."""
        del params
        members = ("EndpointConfigName", "EndpointConfigArn", "CreationTime")
        return [{member: config[member] for member in members} for config in self._configs.values()]

    def delete(self, params: Params) -> Params:
        """DeleteEndpointConfig."""
        config = self.get(params["EndpointConfigName"])
        del self._configs[params["EndpointConfigName"]]
        self._world.tags.close(config["EndpointConfigArn"])
        return {}

    def fleet(self, name: str) -> Fleet:
        """Return a new fleet as the configuration's Initial* values describe it."""
        specs = self.get(name)["ProductionVariants"]
        return Fleet(name, {spec["VariantName"]: self._variant(spec) for spec in specs})

    def _variant(self, spec: Params) -> Variant:
        count = spec.get("InitialInstanceCount", 1) if "InstanceType" in spec else 0
        weight = spec["InitialVariantWeight"]
        return Variant(
            name=spec["VariantName"],
            model_key=self._models.key(str(spec.get("ModelName", spec["VariantName"]))),
            instance_type=spec.get("InstanceType"),
            count=count,
            weight=weight,
            desired_count=count,
            desired_weight=weight,
            serverless=spec.get("ServerlessConfig"),
        )


def require_some_weight(weights: list[float]) -> None:
    """Raise ValidationException if every weight is zero. That AWS refuses this is recalled (facts 11)."""
    if not any(weight > 0.0 for weight in weights):
        raise invalid("At least one production variant must have a weight greater than zero.")
