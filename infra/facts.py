"""What the template needs to know of the compiled policies: names, and alarms that are to be created. Rules of a release are no business of the template."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pointsman.policy import ModelGroup
from pointsman.policy_alarms import alarms_of
from pointsman.policy_json import policy_from_json

POLICIES = "policies.json"
"""At the root of the zip."""


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """Names from all policies, each once and sorted, and the alarms that they define."""

    endpoints: tuple[str, ...]
    groups: tuple[ModelGroup, ...]
    topics: tuple[str, ...]
    """ARNs of topics that owners named."""
    alarms: Mapping[str, Sequence[dict[str, Any]]] = field(default_factory=dict)
    """By endpoint, where it has any: each as PutMetricAlarm takes it."""


def facts_of(policies: Iterable[Mapping[str, Any]]) -> PolicyFacts:
    """Read compiled policies."""
    every = [dict(each) for each in policies]
    notified = {str(each["owner"].get("notify") or "") for each in every}
    return PolicyFacts(
        endpoints=tuple(sorted({str(each["endpoint"]) for each in every})),
        groups=tuple(sorted({_group(each) for each in every}, key=str)),
        topics=tuple(sorted(notified - {""})),
        alarms={
            policy.endpoint: made for policy in map(policy_from_json, every) if (made := alarms_of(policy))
        },
    )


def _group(policy: Mapping[str, Any]) -> ModelGroup:
    return ModelGroup(str(policy["model_package_group"]), str(policy["registry_account"]))


def facts_in(archive: Path) -> PolicyFacts:
    """Read the policies that a zip carries."""
    with zipfile.ZipFile(archive) as content:
        return facts_of(json.loads(content.read(POLICIES))["policies"])
