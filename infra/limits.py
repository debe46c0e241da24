"""AWS's limits on what the stack is made of, checked before anything is written, with what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from infra.errors import NotDeployable
from infra.grants import Grant
from infra.scope import Scope
from pointsman.triggers import Pattern, Trigger

MOST_OF_A_POLICY = 10_240
"""Characters of all inline policies of a role, white space left out."""
MOST_OF_A_PATTERN = 2_048
MOST_RESOURCES = 500
MOST_OF_A_TEMPLATE = 1_000_000
"""Bytes. CloudFormation counts 1 MB; whether that is 1,000,000 or 1,048,576 is not said."""
MOST_AT_ONCE = 2_500
"""Resources that an operation creates, changes or deletes in the nested stacks of a stack (CloudFormation's quotas)."""


def require_policies_fit(grants: Mapping[str, Sequence[Grant]]) -> None:
    """Raise NotDeployable where a role's policy is too long. The grants are to be those of the longest place there is."""
    for function, each in grants.items():
        size = policy_size(each)
        if size > MOST_OF_A_POLICY:
            raise NotDeployable(
                f"the permissions of function {function} take {size:,} characters, and IAM allows "
                f"{MOST_OF_A_POLICY:,}: name fewer topics in `owner.notify` of the policies, fewer execution_roles or "
                "fewer accounts in `registry_account`, or deploy part of the policies under another prefix"
            )


def policy_size(grants: Sequence[Grant]) -> int:
    """Characters of a policy, as IAM counts them."""
    return len(
        json.dumps(
            {"Version": "2012-10-17", "Statement": [_written(each) for each in grants]}, separators=(",", ":")
        )
    )


def require_patterns_fit(triggers: Sequence[Trigger]) -> None:
    """Raise NotDeployable where an event pattern is too long."""
    for trigger in triggers:
        if isinstance(trigger.started_by, Pattern):
            size = len(json.dumps(trigger.started_by.pattern, separators=(",", ":")))
            if size > MOST_OF_A_PATTERN:
                raise NotDeployable(
                    f"the event pattern of {trigger.name} takes {size:,} characters, and EventBridge allows "
                    f"{MOST_OF_A_PATTERN:,}: shorten it in pointsman/triggers.py"
                )


def require_resources_fit(stack: str, count: int) -> None:
    """Raise NotDeployable where a stack has too many resources."""
    if count > MOST_RESOURCES:
        raise NotDeployable(
            f"stack {stack} has {count} resources, and CloudFormation allows {MOST_RESOURCES}: deploy part of the "
            "policies under another prefix"
        )


def require_alarms_fit(bucket: int, resources: Sequence[Mapping[str, Any]]) -> None:
    """Raise NotDeployable where a nested stack has too many alarms, or too large a template, as the CDK writes it."""
    for found, most, what in (
        (len(resources), MOST_RESOURCES, "alarms"),
        (alarms_size(resources), MOST_OF_A_TEMPLATE, "bytes of template"),
    ):
        if found > most:
            raise NotDeployable(
                f"nested stack {bucket} of the policies' alarms has {found:,} {what}, and CloudFormation allows "
                f"{most:,}: define fewer alarms in health.alarms of the policies, or deploy part of the policies under "
                "another prefix"
            )


def alarms_size(resources: Sequence[Mapping[str, Any]]) -> int:
    """Bytes of a template of these alarms as the CDK writes it. Their ids have 21 characters."""
    return len(json.dumps({"Resources": {f"{at:021}": each for at, each in enumerate(resources)}}, indent=1))


def many_at_once(alarms: int) -> list[str]:
    """What one deployment cannot do in one go, in words."""
    if alarms <= MOST_AT_ONCE:
        return []
    said = (
        f"The policies define {alarms:,} alarms, and CloudFormation creates, changes or deletes at most {MOST_AT_ONCE:,} "
        "resources of nested stacks in one deployment: add, change or remove the definitions in several deployments."
    )
    return [said]


def widened(scope: Scope) -> list[str]:
    """What is granted by the beginning of the name because the names do not fit, in words."""
    found = []
    groups = [(_groups_of(account), narrowed) for account, narrowed in scope.registries.items()]
    for what, narrowed in (("endpoints", scope.endpoints), *groups):
        if narrowed.letters is not None:
            found.append(
                f"The {what} of the policies do not fit in an IAM policy by name: the functions may reach every one "
                f"whose name begins with one of {len(narrowed.patterns)} beginnings of {narrowed.letters} letters."
            )
    return found


def _groups_of(account: str) -> str:
    return f"model package groups in account {account}" if account else "model package groups"


def _written(grant: Grant) -> dict[str, Any]:
    written: dict[str, Any] = {
        "Sid": grant.sid,
        "Effect": "Allow",
        "Action": list(grant.actions),
        "Resource": list(grant.resources),
    }
    return written | ({"Condition": grant.conditions} if grant.conditions else {})
