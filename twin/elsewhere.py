"""The registry of another account: groups and versions there, and who may read them from here. Nothing serves there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from random import Random
from typing import Any

from twin.errors import TwinError
from twin.groups import Groups
from twin.names import Arns
from twin.registry import Registry
from twin.world import World

Params = dict[str, Any]


class Elsewhere:
    """A registry in the same Region. A rule over there passes its events on to the bus here."""

    def __init__(self, here: World, account: str) -> None:
        arns = Arns(account, here.arns.region)
        identity = f"arn:aws:sts::{account}:assumed-role/ModelBoard/session"
        rng = Random(f"{here.seed}:durations:{account}")
        world = World(here.seed, here.agenda, arns, here.timings, rng, here.bus.of(arns), identity)
        self._here = here.arns.account
        self._arns = arns
        self.groups = Groups(world)
        self.registry = Registry(world, self.groups)
        self._policies: dict[str, Params] = {}
        self._operations = {
            "CreateModelPackageGroup": self.groups.create,
            "CreateModelPackage": self.registry.create_package,
            "DescribeModelPackage": self.registry.describe,
            "UpdateModelPackage": self.registry.update,
            "DeleteModelPackage": self.registry.delete,
            "PutModelPackageGroupPolicy": self._put_policy,
            "DeleteModelPackageGroupPolicy": self._delete_policy,
        }

    def call(self, operation: str, params: Params) -> Params:
        """Make a call of SageMaker as somebody of that account, in boto3's shapes; raise TwinError as AWS would."""
        return self._operations[operation](params)

    def require(self, action: str, group: str, resource: str) -> None:
        """Raise AccessDeniedException where the policy of the group does not let the account here do that.

        `resource`: what of the group, as in `7` or `*`. That the caller's own policies allow it is taken for granted.
        """
        arn = f"{self._arns.package(group, 0).removesuffix('0')}{resource}"
        policy = self._policies.get(group.lower(), {})
        if not any(self._allows(each, action, arn) for each in policy.get("Statement", ())):
            # IAM's usual wording; how SageMaker words it is recalled, not confirmed.
            raise TwinError(
                "AccessDeniedException",
                f"User from account {self._here} is not authorized to perform: sagemaker:{action} on resource: {arn} "
                f"because no resource-based policy allows the sagemaker:{action} action",
            )

    def _allows(self, statement: Mapping[str, Any], action: str, arn: str) -> bool:
        principals = _each(statement["Principal"]["AWS"])
        is_us = {self._here, f"arn:aws:iam::{self._here}:root"} & set(principals)
        return (
            statement["Effect"] == "Allow"
            and bool(is_us)
            and f"sagemaker:{action}" in _each(statement["Action"])
            and any(fnmatchcase(arn, each.lower()) for each in _each(statement["Resource"]))
        )

    def _put_policy(self, params: Params) -> Params:
        group = self.groups.known(params["ModelPackageGroupName"])
        self._policies[group.lower()] = json.loads(params["ResourcePolicy"])
        return {"ModelPackageGroupArn": self._arns.group(group)}

    def _delete_policy(self, params: Params) -> Params:
        self._policies.pop(self.groups.known(params["ModelPackageGroupName"]).lower(), None)
        return {}


def _each(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
