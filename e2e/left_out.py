"""What of a template ministack cannot take, and what proves it instead. Nothing else is left out, and what is left out is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Resources of one type, all of them or those that have a property, and why they are not deployed."""

    type: str
    why: str
    having: str = ""

    def takes(self, resource: Mapping[str, Any]) -> bool:
        """Whether a resource is one of them."""
        return bool(resource["Type"] == self.type) and (
            not self.having or self.having in resource.get("Properties", {})
        )


TABLE = (
    LeftOut(
        "AWS::Events::EventBusPolicy",
        "ministack knows no such type. It lets a registry in another account send events; template tests hold it.",
    ),
    LeftOut(
        "AWS::CloudWatch::Alarm",
        "ministack's alarms know no metric math. The same properties make the alarm in the twin, where it guards the rollout.",
        having="Metrics",
    ),
)


def prune(template: Json) -> tuple[Json, dict[str, Json]]:
    """A template without what cannot be taken, and that, by logical id. Dependencies on it go too."""
    out = {
        name: each for name, each in template["Resources"].items() if any(row.takes(each) for row in TABLE)
    }
    kept = {name: _without(each, out) for name, each in template["Resources"].items() if name not in out}
    return {**template, "Resources": kept}, out


def _without(resource: Json, out: Mapping[str, Json]) -> Json:
    named = resource.get("DependsOn")
    if named is None:
        return resource
    names = [named] if isinstance(named, str) else named
    left = [name for name in names if name not in out]
    rest = {key: value for key, value in resource.items() if key != "DependsOn"}
    return {**rest, "DependsOn": left} if left else rest
