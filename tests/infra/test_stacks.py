"""Other installations than the usual one, and that the rules over the template can fail."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest

from infra import checks
from infra.context import Context
from infra.names import Names
from infra.stack import PointsmanStack, Shipped
from infra.synth import environments
from pointsman.policy import ModelGroup
from pointsman.triggers import TRIGGERS
from tests.infra.templates import ACCOUNT, CONTEXT, FACTS, RULES, Json, of_type, statements, synthesise
from tests.permissions.actions import GROUP, REGISTRY

# After infra, which names the Node that the CDK starts.
import aws_cdk  # isort: skip
from aws_cdk import aws_sqs as sqs  # isort: skip

ROOT = Path(__file__).resolve().parents[2]
ANYWHERE = replace(CONTEXT, account="", regions=(), topic="people")


@pytest.fixture(scope="module")
def anywhere(tmp_path_factory: pytest.TempPathFactory) -> Json:
    """No account and no Region is named, the topic exists, and the registry is elsewhere. It passes every rule as well."""
    [path] = synthesise(tmp_path_factory.mktemp("cdk"), FACTS, ANYWHERE).glob("*.template.json")
    read: Json = json.loads(path.read_text(encoding="utf-8"))
    return read


def test_an_existing_topic_is_used_as_it_is(anywhere: Json) -> None:
    assert of_type(anywhere, "AWS::SNS::Topic") == of_type(anywhere, "AWS::KMS::Key") == {}
    assert {alarm["AlarmName"] for alarm in of_type(anywhere, "AWS::CloudWatch::Alarm").values()}
    assert '":people"' in json.dumps(of_type(anywhere, "AWS::CloudWatch::Alarm"))


def test_accounts_whose_registry_nobody_names_cannot_send_anything(tmp_path: Path) -> None:
    ours = replace(FACTS, groups=(ModelGroup(GROUP), ModelGroup(GROUP, ACCOUNT)))
    [path] = synthesise(tmp_path, ours).glob("*.template.json")
    assert of_type(json.loads(path.read_text(encoding="utf-8")), "AWS::Events::EventBusPolicy") == {}


def test_the_bus_takes_versions_from_the_registry_and_nothing_else(anywhere: Json) -> None:
    [policy] = of_type(anywhere, "AWS::Events::EventBusPolicy").values()
    statement = policy["Statement"]
    assert policy["EventBusName"] == "default"
    assert REGISTRY in json.dumps(statement["Principal"])
    assert statement["Condition"] == {
        "StringEquals": {
            "events:source": ["aws.sagemaker"],
            "events:detail-type": ["SageMaker Model Package State Change"],
        }
    }


def test_versions_of_the_registry_may_be_read_and_used_but_not_changed(anywhere: Json) -> None:
    there = [
        action
        for policy in statements(anywhere).values()
        for each in policy
        if any(REGISTRY in resource for resource in each.resources)
        for action in each.actions
    ]
    assert set(there) == {
        "sagemaker:CreateModel",
        "sagemaker:DescribeModelPackage",
        "sagemaker:ListModelPackages",
    }


def test_there_is_one_stack_for_each_region() -> None:
    asked = replace(CONTEXT, regions=("eu-west-1", "us-east-1"))
    assert [each.region for each in environments(asked) if each] == ["eu-west-1", "us-east-1"]
    assert environments(ANYWHERE) == [None]


NUMBERS = {
    "eight functions": "AWS::Lambda::Function",
    "five rules": "AWS::Events::Rule",
    "two tables": "AWS::DynamoDB::Table",
    "four queues": "AWS::SQS::Queue",
    "one topic": "AWS::SNS::Topic",
    "eighteen": "AWS::CloudWatch::Alarm",
    "one dashboard": "AWS::CloudWatch::Dashboard",
}
COUNTED = {"eight": 8, "five": 5, "two": 2, "four": 4, "one": 1, "eighteen": 18}


@pytest.mark.parametrize("words", NUMBERS)
def test_the_readme_counts_what_is_created(template: Json, words: str) -> None:
    assert words in (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(of_type(template, NUMBERS[words])) == COUNTED[words.partition(" ")[0]]


@pytest.mark.parametrize("key", [each.name for each in fields(Context)])
def test_the_page_explains_every_key_of_the_context(key: str) -> None:
    assert f"| `{key}` |" in (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")


def test_names_of_roles_fit_in_every_region() -> None:
    longest = max(len(Names("p" * 24).function(each)) for each in TRIGGERS)
    assert longest + len("-ap-southeast-1") <= 64


def test_what_nobody_answered_for_stops_the_synthesis(tmp_path: Path) -> None:
    archive = tmp_path / "functions.zip"
    archive.write_bytes(b"PK\x05\x06" + bytes(18))
    app = aws_cdk.App(outdir=str(tmp_path / "out"), context=RULES)
    checks.watch(app)
    [environment] = environments(CONTEXT)
    stack = PointsmanStack(app, CONTEXT, Shipped(archive, "0" * 64, FACTS), environment)
    sqs.Queue(stack, "Bare")
    with pytest.raises(RuntimeError, match="AwsSolutions-SQS4"):
        app.synth()
