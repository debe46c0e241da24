"""Synthesises installations with a small zip in place of the real one, and reads what is in a template."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.context import Context
from infra.facts import PolicyFacts
from infra.stack import Shipped
from infra.synth import add_stacks
from pointsman.policy import ModelGroup
from tests.permissions.actions import ENDPOINT, GROUP, REGISTRY
from tests.permissions.policies import Statement

# After infra, which names the Node that the CDK starts.
import aws_cdk  # isort: skip

Json = dict[str, Any]
ACCOUNT, REGION = "111122223333", "us-east-1"
FACTS = PolicyFacts((ENDPOINT,), (ModelGroup(GROUP), ModelGroup(GROUP, REGISTRY)), ())
"""Two policies could name these: one group of our own registry, and one of another account's."""
CONTEXT = Context(account=ACCOUNT, regions=(REGION,), execution_roles=("execution",))
RULES = {"@aws-cdk/core:validateAgainstDefaultRules": True}


def synthesise(folder: Path, facts: PolicyFacts, context: Context = CONTEXT) -> Path:
    """Synthesise as `make synth` does. Returns the folder of the assembly."""
    archive = folder / "functions.zip"
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("functions/__init__.py", "")
    app = aws_cdk.App(outdir=str(folder / "out"), context=RULES)
    add_stacks(app, context, Shipped(archive, "0" * 64, facts))
    app.synth()
    return folder / "out"


def of_type(template: Mapping[str, Any], kind: str) -> dict[str, Json]:
    """Properties of every resource of a type, by logical id."""
    return {
        name: resource.get("Properties", {})
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def statements(template: Mapping[str, Any]) -> dict[str, list[Statement]]:
    """What each function may do, by the name of its trigger."""
    found = {}
    for function in of_type(template, "AWS::Lambda::Function").values():
        role = template["Resources"][function["Role"]["Fn::GetAtt"][0]]["Properties"]
        [policy] = role["Policies"]
        trigger = function["FunctionName"].removeprefix("pointsman-").replace("-", "_")
        found[trigger] = [_statement(each) for each in policy["PolicyDocument"]["Statement"]]
    return found


def _statement(raw: Json) -> Statement:
    return Statement(raw["Sid"], _texts(raw["Action"]), _texts(raw["Resource"]), raw.get("Condition", {}))


def _texts(value: Any) -> tuple[str, ...]:
    every = value if isinstance(value, list) else [value]
    return tuple(concrete(each) for each in every)


def concrete(value: Any) -> str:
    """A string of a template in the account and Region of the tests."""
    match value:
        case str():
            return value
        case {"Ref": "AWS::Partition"}:
            return "aws"
        case {"Fn::Join": [between, parts]}:
            return str(between).join(concrete(part) for part in parts)
        case {"Fn::GetAtt": [name, "Arn"]}:
            return f"the ARN of {name}"
        case {"Ref": name}:
            return f"the id of {name}"
        case _:
            raise AssertionError(f"not known here: {value}")
