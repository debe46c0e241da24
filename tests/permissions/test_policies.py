"""The little IAM that the permission test judges with, and that it sees both what is missing and what is too much."""

from __future__ import annotations

import pytest

from tests.permissions.actions import Known, Use, arn, uses_of
from tests.permissions.policies import Statement, matches, refused, unused

ENDPOINT = arn("sagemaker", "endpoint/fraud-prod")
SEE = Statement("See", ("sagemaker:DescribeEndpoint",), (ENDPOINT,))
SEEN = Use("sagemaker:DescribeEndpoint", ENDPOINT)
MAKE = Statement(
    "Make",
    ("sagemaker:CreateModel",),
    (arn("sagemaker", "model/pointsman-*"),),
    {"Null": {"aws:RequestTag/pointsman:rollout": "false"}},
)
MADE = arn("sagemaker", "model/pointsman-made")
TAGGED = (("aws:RequestTag/pointsman:rollout", "present"),)


@pytest.mark.parametrize(
    ("pattern", "value", "is_matched"),
    [
        ("*", "anything:at/all", True),
        ("endpoint/a*", "endpoint/abc", True),
        ("endpoint/a?", "endpoint/ab", True),
        ("endpoint/a?", "endpoint/abc", False),
        ("endpoint/A", "endpoint/a", False),
        ("a.c", "abc", False),
    ],
)
def test_wildcards_are_those_of_iam(pattern: str, value: str, is_matched: bool) -> None:  # noqa: FBT001
    assert matches(pattern, value) is is_matched


def test_what_is_granted_and_used_is_fine_from_both_sides() -> None:
    assert (refused([SEE], [SEEN]), unused([SEE], [SEEN])) == ([], set())


def test_a_statement_that_is_taken_away_is_noticed() -> None:
    assert refused([], [SEEN]) == [SEEN]


def test_a_statement_that_is_added_is_noticed() -> None:
    assert unused([SEE, MAKE], [SEEN]) == {("Make", "sagemaker:CreateModel"), ("Make", MAKE.resources[0])}


def test_an_action_or_resource_that_is_added_is_noticed() -> None:
    wide = Statement("See", (*SEE.actions, "sagemaker:DeleteEndpoint"), (ENDPOINT, "*:other"))
    assert unused([wide], [SEEN]) == {("See", "sagemaker:DeleteEndpoint"), ("See", "*:other")}


@pytest.mark.parametrize(("context", "is_refused"), [(TAGGED, False), ((), True)])
def test_a_condition_must_hold(context: tuple[tuple[str, str], ...], is_refused: bool) -> None:  # noqa: FBT001
    use = Use("sagemaker:CreateModel", MADE, context)
    assert bool(refused([MAKE], [use])) is is_refused


def test_an_update_asks_for_the_endpoint_and_for_the_config() -> None:
    params = {"EndpointName": "Fraud-Prod", "EndpointConfigName": "fraud-cfg"}
    needed = uses_of("sagemaker", "UpdateEndpoint", params, Known(frozenset({"Fraud-Prod"})))
    assert [use.resource for use in needed] == [ENDPOINT, arn("sagemaker", "endpoint-config/existing")]


def test_an_endpoint_without_a_policy_keeps_its_name_and_is_refused() -> None:
    [use] = uses_of("sagemaker", "DescribeEndpoint", {"EndpointName": "Other"}, Known())
    assert refused([SEE], [use]) == [use]


def test_making_a_model_asks_for_its_tags_and_its_role() -> None:
    tags = [{"Key": "pointsman:rollout", "Value": "x"}]
    role = "arn:aws:iam::111122223333:role/serving"
    params = {"ModelName": "pointsman-x", "Tags": tags, "ExecutionRoleArn": role}
    needed = uses_of("sagemaker", "CreateModel", params, Known())
    assert [use.action for use in needed] == ["sagemaker:CreateModel", "sagemaker:AddTags", "iam:PassRole"]


def test_a_transaction_asks_for_each_of_its_parts() -> None:
    items = [{"Put": {"TableName": "a"}}, {"ConditionCheck": {"TableName": "b"}}]
    needed = uses_of("dynamodb", "TransactWriteItems", {"TransactItems": items}, Known())
    assert [use.action for use in needed] == ["dynamodb:PutItem", "dynamodb:ConditionCheckItem"]


def test_a_call_that_the_table_of_actions_does_not_know_is_refused_by_every_policy() -> None:
    [use] = uses_of("sagemaker", "StopTime", {}, Known())
    assert refused([SEE, MAKE], [use]) == [use]


@pytest.mark.parametrize(
    ("context", "is_allowed"), [((("k", "a"),), True), ((("k", "b"),), False), ((), True)]
)
def test_a_condition_for_all_values_holds_where_there_is_none(
    context: tuple[tuple[str, str], ...],
    is_allowed: bool,  # noqa: FBT001 - a case
) -> None:
    statement = Statement("S", ("s:A",), ("r",), {"ForAllValues:StringEquals": {"k": "a"}})
    assert statement.allows(Use("s:A", "r", context)) is is_allowed
