"""The policies of docs/deploy.md that are attached in a registry's account: each says what the stack and the handlers go by."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.patterns import matches
from pointsman.triggers import TRIGGERS, Pattern
from tests.docs.blocks import ROOT, blocks_of
from tests.functions.account import sample

OURS, THEIRS = "111122223333", "444455556666"
BUS = f"arn:aws:events:eu-west-1:{OURS}:event-bus/default"
SHOWN: list[dict[str, Any]] = [
    json.loads("\n".join(block.lines)) for block in blocks_of(ROOT / "docs" / "deploy.md", "json")
]
STATEMENTS: list[dict[str, Any]] = [
    each for shown in SHOWN for each in shown.get("Statement", [shown] if "Sid" in shown else [])
]


def doing(action: str) -> dict[str, Any]:
    """The one statement that allows an action."""
    [found] = [each for each in STATEMENTS if action in each["Action"]]
    return found


def test_the_rule_over_there_passes_on_what_starts_the_function_and_nothing_of_other_groups() -> None:
    [pattern] = [each for each in SHOWN if "detail-type" in each]
    [trigger] = [each for each in TRIGGERS if each.name == "model_package_changed"]
    assert isinstance(trigger.started_by, Pattern)
    event = sample("model_package_changed--approved.json")
    assert matches(pattern, event)
    assert matches(trigger.started_by.pattern, event)
    assert not matches(pattern, event | {"detail": {"ModelPackageGroupName": "another"}})


def test_events_go_to_the_bus_here_by_a_role_over_there_that_may_do_nothing_else() -> None:
    [target] = [each for each in SHOWN if "RoleArn" in each]
    assert target["Arn"] == BUS
    assert target["RoleArn"].split(":")[4] == THEIRS
    assert doing("events:PutEvents")["Resource"] == BUS
    assert doing("events:PutEvents")["Action"] == "events:PutEvents"
    assert doing("sts:AssumeRole")["Principal"] == {"Service": "events.amazonaws.com"}
    assert THEIRS in json.dumps(doing("sts:AssumeRole")["Condition"])


@pytest.mark.parametrize("action", ["ecr:BatchGetImage", "s3:GetObject", "kms:Decrypt"])
def test_what_a_version_needs_is_let_to_the_role_of_the_model_and_to_nobody_else(action: str) -> None:
    assert doing(action)["Principal"] == {"AWS": f"arn:aws:iam::{OURS}:role/serving"}


def test_no_statement_lets_everybody_in() -> None:
    assert not [each for each in STATEMENTS if "*" in json.dumps(each.get("Principal", {}))]
