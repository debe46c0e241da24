"""SageMaker models: what a container runs. Only approved package versions become one (facts 4)."""

from __future__ import annotations

from typing import Any

from twin.errors import absent, duplicate, invalid
from twin.names import checked
from twin.plain import copied
from twin.registries import Registries
from twin.world import World

Params = dict[str, Any]


class Models:
    """Models by name."""

    def __init__(self, world: World, registry: Registries) -> None:
        self._world = world
        self._registry = registry
        self._models: dict[str, Params] = {}

    def create(self, params: Params) -> Params:
        """CreateModel; ValidationException for a taken name and for a package that is absent or not approved."""
        name = checked(params["ModelName"], "modelName")
        arn = self._world.arns.model(name)
        if name in self._models:
            raise duplicate("model", arn)
        for container in containers_of(params):
            self._require_approved(container.get("ModelPackageName"))
        model: Params = copied({member: value for member, value in params.items() if member != "Tags"})
        model.setdefault("EnableNetworkIsolation", False)
        self._world.tags.open(arn, params.get("Tags"))
        self._models[name] = model | {"ModelArn": arn, "CreationTime": self._world.agenda.now}
        return {"ModelArn": arn}

    def _require_approved(self, package_name: str | None) -> None:
        if package_name is None:
            return
        package = self._registry.usable(package_name)
        if "ModelPackageVersion" in package and package["ModelApprovalStatus"] != "Approved":
            # The exact wording is recalled, not confirmed (facts 11).
            raise invalid(
                f'Cannot create model with model package "{package["ModelPackageArn"]}": its approval status is '
                f"{package['ModelApprovalStatus']}, it must be Approved."
            )

    def describe(self, params: Params) -> Params:
        """DescribeModel: everything that was given, tags excepted."""
        answer: Params = copied(self.get(params["ModelName"]))
        return answer

    def get(self, name: str) -> Params:
        """Return the model as stored; ValidationException if there is none."""
        if name not in self._models:
            raise absent("model", self._world.arns.model(name))
        return self._models[name]

    def summaries(self, params: Params) -> list[Params]:
        """Return the rows of ListModels."""
        del params
        members = ("ModelName", "ModelArn", "CreationTime")
        return [{member: model[member] for member in members} for model in self._models.values()]

    def delete(self, params: Params) -> Params:
        """DeleteModel."""
        model = self.get(params["ModelName"])
        del self._models[params["ModelName"]]
        self._world.tags.close(model["ModelArn"])
        return {}

    def is_from_marketplace(self, name: str) -> bool:
        """Say whether a container of the model comes from a package outside a group, as the Marketplace sells them."""
        packages = [
            self._registry.find(container.get("ModelPackageName", ""))
            for container in containers_of(self.get(name))
        ]
        return any(package is not None and "ModelPackageVersion" not in package for package in packages)

    def key(self, name: str) -> str:
        """Return what profiles and tallies know a model by: its package's ARN, or its name without a package."""
        for container in containers_of(self._models.get(name, {})):
            package = self._registry.find(container.get("ModelPackageName", ""))
            if package is not None:
                arn: str = package["ModelPackageArn"]
                return arn
        return name


def containers_of(model: Params) -> list[Params]:
    """Return the containers of a model, one or a pipeline of them."""
    primary = model.get("PrimaryContainer")
    return [primary] if primary else list(model.get("Containers", []))
