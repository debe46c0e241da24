"""Whether the registries of other accounts let themselves be read, as far as the caller can tell. It is a part of `doctor_checks.py`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cli.doctor_findings import Finding, State, checked
from pointsman.adapters.aws.inspection import Inspection
from pointsman.policy import ModelGroup

MOST = 25
"""So many groups are looked at, so that a person does not wait for hundreds."""


def registries(inspection: Inspection, about: dict[str, Any]) -> Iterator[Finding]:
    """One finding a group in another account. It is read as the caller: the functions may be let in where you are not."""
    groups = [ModelGroup(str(each["group"]), str(each["account"])) for each in about.get("registries", ())]
    for group in groups[:MOST]:
        yield _registry(inspection, group)
    if len(groups) > MOST:
        said = f"{len(groups) - MOST} more groups in other accounts were not looked at"
        yield Finding("registries", State.NOT_READ, said, "see GroupsFailed and the errors of registry-sweep")


def _registry(inspection: Inspection, group: ModelGroup) -> Finding:
    what = f"group {group.name} in the registry of account {group.account}"

    def look() -> Finding:
        inspection.group(group)
        return Finding(what, State.OK, "can be read")

    return checked(what, look, "make it there, or mend model_package_group or registry_account of the policy")
