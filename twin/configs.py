"""Endpoint configurations: immutable recipes of a fleet. What runs from them lives in endpoints."""

from __future__ import annotations

from typing import Any

from twin.errors import absent, duplicate, invalid
from twin.fleets import Fleet, Variant, as_float32
from twin.kinds import check_kind
from twin.models import Models
from twin.names import checked
from twin.plain import copied
from twin.world import World

Params = dict[str, Any]


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
        check_kind(config, self._models)
        for variant in config["ProductionVariants"] + config.get("ShadowProductionVariants", []):
            variant["InitialVariantWeight"] = as_float32(variant.get("InitialVariantWeight", 1.0))
        require_some_weight([variant["InitialVariantWeight"] for variant in config["ProductionVariants"]])
        self._world.tags.open(arn, params.get("Tags"))
        self._configs[name] = config | {"EndpointConfigArn": arn, "CreationTime": self._world.agenda.now}
        return {"EndpointConfigArn": arn}

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
        config = self.get(name)
        variants, shadows = config["ProductionVariants"], config.get("ShadowProductionVariants", [])
        return Fleet(
            name,
            {spec["VariantName"]: self._variant(spec) for spec in variants},
            {spec["VariantName"]: self._variant(spec) for spec in shadows},
        )

    def _variant(self, spec: Params) -> Variant:
        count = spec.get("InitialInstanceCount", 1) if "ServerlessConfig" not in spec else 0
        weight = spec["InitialVariantWeight"]
        return Variant(
            name=spec["VariantName"],
            model_key=self._models.key(str(spec.get("ModelName", spec["VariantName"]))),
            instance_type=_first_type(spec),
            count=count,
            weight=weight,
            desired_count=count,
            desired_weight=weight,
            spec=spec,
        )


def _first_type(spec: Params) -> str | None:
    """Return the instance type, with pools that of the highest priority, which is the lowest number; None if serverless."""
    pools = sorted(spec.get("InstancePools", []), key=lambda pool: int(pool["Priority"]))
    chosen: str | None = pools[0]["InstanceType"] if pools else spec.get("InstanceType")
    return chosen


def require_some_weight(weights: list[float]) -> None:
    """Raise ValidationException if every weight is zero. That AWS refuses this is recalled (facts 11)."""
    if not any(weight > 0.0 for weight in weights):
        raise invalid("At least one production variant must have a weight greater than zero.")
