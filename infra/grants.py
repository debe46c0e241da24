"""A grant: what a function may do, to what, and why. Which there are is in `permissions.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aws_cdk import aws_iam as iam


@dataclass(frozen=True, slots=True)
class Grant:
    """One statement of a policy, with its reason.

    `done_by` names who makes the call where it is not our code; such a call shows up in no test.
    """

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    why: str
    conditions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    done_by: str = ""


def statement(grant: Grant) -> iam.PolicyStatement:
    """The same for CloudFormation."""
    return iam.PolicyStatement(
        sid=grant.sid,
        actions=list(grant.actions),
        resources=list(grant.resources),
        conditions={operator: dict(keys) for operator, keys in grant.conditions.items()} or None,
    )
