"""What CloudFormation adds to what is known of an endpoint, and what is left when it does not answer."""

from __future__ import annotations

import pytest

from pointsman.core.ownership import By, Confidence, owner_in_code
from tests.adapters.land import NAME, Land, serving

TAGS = {"aws:cloudformation:stack-name": "ml", "aws:cloudformation:logical-id": "Endpoint"}


@pytest.fixture
def owned() -> Land:
    land = serving()
    land.kernel.stamp_tags(land.call("DescribeEndpoint", EndpointName=NAME)["EndpointArn"], TAGS)
    return land


def test_the_stacks_metadata_tells_the_cdk(owned: Land) -> None:
    owned.stacks.metadata["ml", "Endpoint"] = {"aws:cdk:path": "Ml/Endpoint"}
    found = owner_in_code(owned.look())
    assert (found.by, found.confidence) == (By.CDK, Confidence.CERTAIN)


@pytest.mark.parametrize("refusal", ["", "InternalFailure", "ThrottlingException"])
def test_a_stack_that_is_gone_or_does_not_answer_leaves_the_guess(owned: Land, refusal: str) -> None:
    owned.stacks.refusal = refusal
    sight = owned.look()
    assert (owner_in_code(sight).by, sight.unread) == (By.CLOUDFORMATION, ())


def test_a_missing_permission_is_named(owned: Land) -> None:
    owned.stacks.refusal = "AccessDenied"
    assert owned.look().unread == ("cloudformation:DescribeStackResource",)


def test_a_report_does_not_ask_for_every_stack(owned: Land) -> None:
    owned.stacks.asked.clear()
    owned.look_at_all()
    assert owned.stacks.asked == []
