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
