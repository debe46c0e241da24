"""Who owns an endpoint in code: what the tags and names of each tool look like, and how sure it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pointsman.core.ownership import By, Confidence, owner_in_code
from pointsman.policy import Tool
from pointsman.survey import SeenModel, StackResource
from tests.core.sights import sight

STACK = {"aws:cloudformation:stack-name": "ml", "aws:cloudformation:logical-id": "FraudEndpoint"}
CDK_STACK = STACK | {"aws:cloudformation:logical-id": "FraudEndpoint7F3A91C2"}


def owner(tags: dict[str, str] | None = None, **changes: Any) -> tuple[By, Confidence]:
    found = owner_in_code(sight(tags=tags or {}, **changes))
    return found.by, found.confidence


@pytest.mark.parametrize(
    ("tags", "by", "confidence"),
    [
        (STACK, By.CLOUDFORMATION, Confidence.CERTAIN),
        (CDK_STACK, By.CDK, Confidence.GUESS),
        (STACK | {"sagemaker:project-name": "fraud"}, By.PROJECT, Confidence.CERTAIN),
        (STACK | {"ManagedBy": "terraform"}, By.CLOUDFORMATION, Confidence.CERTAIN),
        ({"ManagedBy": "Terraform"}, By.TERRAFORM, Confidence.LIKELY),
        ({"acme:managed-by": "terragrunt"}, By.TERRAFORM, Confidence.LIKELY),
        ({"Terraform": "true"}, By.TERRAFORM, Confidence.LIKELY),
        ({"tf-workspace": "prod"}, By.TERRAFORM, Confidence.LIKELY),
        ({"provisioner": "OpenTofu"}, By.OPENTOFU, Confidence.LIKELY),
        ({"created_by": "pulumi"}, By.PULUMI, Confidence.LIKELY),
        ({"pulumi:project": "ml"}, By.PULUMI, Confidence.LIKELY),
        ({"created-by": "aws cdk"}, By.CDK, Confidence.LIKELY),
        ({"crossplane-kind": "endpoint"}, By.CROSSPLANE, Confidence.CERTAIN),
        ({"services.k8s.aws/namespace": "ml"}, By.ACK, Confidence.CERTAIN),
        ({"sagemaker:project-id": "p-1"}, By.PROJECT, Confidence.CERTAIN),
        ({"sagemaker:domain-arn": "arn"}, By.STUDIO, Confidence.LIKELY),
        ({"sagemaker:is-canvas-resource": "True"}, By.CANVAS, Confidence.CERTAIN),
        ({"sagemaker-sdk:jumpstart-model-id": "mistral"}, By.JUMPSTART, Confidence.CERTAIN),
        ({}, By.UNKNOWN, Confidence.NONE),
    ],
)
def test_tags_tell_the_tool(tags: dict[str, str], by: By, confidence: Confidence) -> None:
    assert owner(tags) == (by, confidence)


@pytest.mark.parametrize(
    "tags",
    [
        {"terraform": "false"},
        {"Terraform": "no"},
        {"team": "terraform-guild"},
        {"ManagedBy": "dana"},
        {"created-by": "dana"},
    ],
)
def test_tags_that_only_sound_alike_tell_nothing(tags: dict[str, str]) -> None:
    assert owner(tags) == (By.UNKNOWN, Confidence.NONE)


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("terraform-2026112014000001230000000a", By.TERRAFORM),
        ("fraud-2026112014000001230000000a", By.TERRAFORM),
        ("pytorch-inference-2026-11-20-14-00-00-000", By.SDK),
        ("canvas-churn-11-20-2026", By.CANVAS),
        ("jumpstart-dft-mistral", By.JUMPSTART),
        ("fraud-3f9ac21", By.PULUMI),
        ("fraud-prod", By.UNKNOWN),
        ("fraud-2026-11", By.UNKNOWN),
        ("fraud-1234567", By.UNKNOWN),
        ("fraud-defaced", By.UNKNOWN),
    ],
)
def test_names_are_a_guess_whether_of_the_endpoint_its_config_or_its_model(name: str, by: By) -> None:
    confidence = Confidence.NONE if by is By.UNKNOWN else Confidence.GUESS
    assert owner(name=name) == (by, confidence)
    assert owner(config_name=name) == (by, confidence)
    assert owner(models=(SeenModel(name),)) == (by, confidence)


def test_names_that_pointsman_made_tell_nothing_of_other_tools() -> None:
    assert owner(config_name="pointsman-fraud-prod-3f9ac21") == (By.UNKNOWN, Confidence.NONE)


def test_the_metadata_of_the_stack_makes_the_cdk_certain_whatever_the_logical_id() -> None:
    seen = sight(tags=STACK, stack=StackResource("ml", "FraudEndpoint", "Ml/Fraud/Endpoint"))
    found = owner_in_code(seen)
    assert (found.by, found.confidence, found.stack) == (By.CDK, Confidence.CERTAIN, "ml")
    assert found.evidence[-1] == "its metadata has aws:cdk:path = Ml/Fraud/Endpoint"


def test_all_the_evidence_is_told_also_what_speaks_for_another() -> None:
    found = owner_in_code(sight(tags=STACK | {"ManagedBy": "terraform"}))
    assert found.evidence == (
        "tag aws:cloudformation:stack-name = ml, logical id FraudEndpoint",
        "tag ManagedBy = terraform",
    )


def test_tags_that_could_not_be_read_are_no_proof_of_anything() -> None:
    found = owner_in_code(sight(tags={}, unread=("sagemaker:ListTags",)))
    assert found.evidence == ("its tags could not be read",)


@pytest.mark.parametrize(
    ("by", "tool"),
    [
        (By.CLOUDFORMATION, Tool.CLOUDFORMATION),
        (By.CDK, Tool.CDK),
        (By.TERRAFORM, Tool.TERRAFORM),
        (By.OPENTOFU, Tool.TERRAFORM),
        (By.PULUMI, Tool.OTHER),
        (By.SDK, Tool.OTHER),
        (By.UNKNOWN, Tool.NONE),
    ],
)
def test_the_policy_has_a_word_for_every_tool(by: By, tool: Tool) -> None:
    assert replace(owner_in_code(sight()), by=by).tool is tool
