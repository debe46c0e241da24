"""Model package groups: what versions are gathered under. The versions themselves live in registry."""

from __future__ import annotations

from typing import Any

from twin.errors import absent, duplicate
from twin.names import checked
from twin.plain import copied
from twin.world import World

Params = dict[str, Any]

_IN_SUMMARY = (
    "ModelPackageGroupName",
    "ModelPackageGroupArn",
    "ModelPackageGroupDescription",
    "CreationTime",
    "ModelPackageGroupStatus",
)


class Groups:
    """Groups by name, complete as soon as they are made."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._groups: dict[str, Params] = {}

    def create(self, params: Params) -> Params:
        """CreateModelPackageGroup."""
        name = checked(params["ModelPackageGroupName"], "modelPackageGroupName")
        arn = self._world.arns.group(name)
        if name in self._groups:
            raise duplicate("model package group", arn)
        self._world.tags.open(arn, params.get("Tags"))
        group = {
            "ModelPackageGroupName": name,
            "ModelPackageGroupArn": arn,
            "CreationTime": self._world.agenda.now,
            "CreatedBy": self._world.user(),
            "ModelPackageGroupStatus": "Completed",
        }
        if "ModelPackageGroupDescription" in params:
            group["ModelPackageGroupDescription"] = params["ModelPackageGroupDescription"]
        self._groups[name] = group
        return {"ModelPackageGroupArn": arn}

    def describe(self, params: Params) -> Params:
        """DescribeModelPackageGroup, by name or ARN."""
        answer: Params = copied(self._groups[self.known(params["ModelPackageGroupName"])])
        return answer

    def known(self, name_or_arn: str) -> str:
        """Return the name of the group; ValidationException if there is none. An ARN is lower-cased (facts 1.3)."""
        if not name_or_arn.startswith("arn:"):
            if name_or_arn in self._groups:
                return name_or_arn
            raise absent("model package group", self._world.arns.group(name_or_arn))
        for known, group in self._groups.items():
            if group["ModelPackageGroupArn"] == name_or_arn.lower():
                return known
        raise absent("model package group", name_or_arn)

    def remove(self, name: str) -> None:
        """Forget a group."""
        self._world.tags.close(self._groups.pop(name)["ModelPackageGroupArn"])

    def summaries(self, params: Params) -> list[Params]:
        """Return the rows of ListModelPackageGroups; groups of other accounts there are none."""
        if params.get("CrossAccountFilterOption") == "CrossAccount":
            return []
        return [
            {member: group[member] for member in _IN_SUMMARY if member in group}
            for group in self._groups.values()
        ]

    def all(self) -> list[Params]:
        """Return every group as it is described."""
        return list(self._groups.values())
