"""What the next deploy of each tool would undo, and the text that keeps it."""

from __future__ import annotations

import pytest

from pointsman.core.handover import KEEP, advice
from pointsman.core.ownership import By, Confidence, Ownership
from pointsman.policy import EndpointName

ENDPOINT = EndpointName("chat-llm.eu")


def recipes(by: By, **known: str) -> str:
    told = advice(Ownership(by, Confidence.CERTAIN, **known), ENDPOINT, "chat-group")  # type: ignore[arg-type]
    return "\n".join(f"{each.title}\n{each.text}" for each in told.recipes)


@pytest.mark.parametrize("by", By)
def test_every_tool_has_advice_without_a_gap_in_it(by: By) -> None:
    told = advice(Ownership(by, Confidence.CERTAIN), ENDPOINT)
    text = " ".join([*told.undoes, *(each.text for each in told.recipes)])
    assert "<<" not in text
    assert "{reset}" not in text
    assert all(each.text == each.text.strip("\n") and each.title for each in told.recipes)
    assert told.undoes[0].startswith(
        "After its first rollout the endpoint runs on a config that Pointsman made"
    )
    assert told.undoes[-1] == KEEP


@pytest.mark.parametrize("by", By)
def test_what_would_be_undone_names_config_instances_weights_and_the_missing_protection(by: By) -> None:
    told = " ".join(advice(Ownership(by, Confidence.CERTAIN), ENDPOINT).undoes)
    for lost in ("config", "number of instances", "weights", "without bake or alarms", "tags stay"):
        assert lost in told


@pytest.mark.parametrize("by", [By.TERRAFORM, By.OPENTOFU])
def test_terraform_is_told_to_ignore_the_configs_name_in_the_block_of_that_name(by: By) -> None:
    text = recipes(by)
    assert 'resource "aws_sagemaker_endpoint" "chat_llm_eu" {' in text
    assert "ignore_changes = [endpoint_config_name]" in text


def test_cloudformation_gets_its_own_names_a_parameter_ssm_and_the_way_out() -> None:
    text = recipes(By.CLOUDFORMATION, stack="ml", logical_id="FraudEndpoint")
    assert "--stack-name ml " in text
    assert "  FraudEndpoint:\n    Type: AWS::SageMaker::Endpoint" in text
    assert "EndpointConfigName: !Ref EndpointConfigName" in text
    assert '"{{resolve:ssm:/endpoints/chat-llm.eu/config}}"' in text
    assert "DeletionPolicy: Retain" in text


def test_the_cdk_gets_its_constructs() -> None:
    text = recipes(By.CDK, stack="ml")
    assert "cdk deploy ml --parameters EndpointConfigName=$(aws sagemaker describe-endpoint " in text
    assert "RemovalPolicy.RETAIN" in text


def test_what_reconciles_by_itself_is_said_to_do_so_in_the_middle_of_a_rollout() -> None:
    for by in (By.CROSSPLANE, By.ACK):
        told = " ".join(advice(Ownership(by, Confidence.CERTAIN), ENDPOINT).undoes)
        assert "in the middle of a rollout" in told


def test_a_project_is_said_to_start_on_the_same_approval() -> None:
    told = " ".join(advice(Ownership(By.PROJECT, Confidence.CERTAIN), ENDPOINT).undoes)
    assert "starts on the same approval as Pointsman does" in told


def test_scripts_are_told_to_register_in_the_group_instead() -> None:
    assert 'model_package_group_name="chat-group"' in recipes(By.SDK)
