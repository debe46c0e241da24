"""Which registry a call is about: this account's or, by the account in an ARN, another one's. Versions live in registry."""

from __future__ import annotations

from typing import Any

from twin.elsewhere import Elsewhere
from twin.errors import absent
from twin.registry import Registry
from twin.world import World

Params = dict[str, Any]


class Registries:
    """The account's own registry, and those of other accounts by their number."""

    def __init__(self, world: World, own: Registry) -> None:
        self._world = world
        self._own = own
        self._elsewhere: dict[str, Elsewhere] = {}

    def of(self, account: str) -> Elsewhere:
        """Return the registry of another account; it is there once it is asked for."""
        return self._elsewhere.setdefault(account, Elsewhere(self._world, account))

    def describe(self, params: Params) -> Params:
        """DescribeModelPackage."""
        return self._holder("DescribeModelPackage", params["ModelPackageName"]).describe(params)

    def summaries(self, params: Params) -> list[Params]:
        """Return the rows of ListModelPackages."""
        group = params.get("ModelPackageGroupName", "")
        return self._holder("ListModelPackages", f"{group}/*").summaries(params)

    def find(self, name_or_arn: str) -> Params | None:
        """Return a package wherever it is, whoever may read it; None if there is none."""
        there = self._elsewhere.get(_account_of(name_or_arn))
        return (there.registry if there else self._own).find(name_or_arn)

    def usable(self, name_or_arn: str) -> Params:
        """Return a package that a model is to be made of; raise where there is none, or where it may not be used."""
        package = self._holder("CreateModel", name_or_arn).find(name_or_arn)
        if package is None:
            raise absent("model package", name_or_arn)
        return package

    def _holder(self, action: str, name_or_arn: str) -> Registry:
        account = _account_of(name_or_arn)
        if account in {"", self._world.arns.account}:
            return self._own
        group, _, resource = name_or_arn.partition("/")[2].partition("/")
        there = self.of(account)
        there.require(action, group, resource)
        return there.registry


def _account_of(name_or_arn: str) -> str:
    return name_or_arn.split(":")[4] if name_or_arn.startswith("arn:") else ""
