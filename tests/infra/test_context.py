"""What an installation may be told: what is not known is refused with what is."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from infra.context import Context, context_of
from infra.errors import NotDeployable

ROLES = {"execution_roles": ["serving"]}


def test_what_is_not_given_has_a_value() -> None:
    assert context_of(ROLES) == Context(execution_roles=("serving",))


def test_keys_of_the_cdk_itself_are_left_alone() -> None:
    theirs = {"@aws-cdk/core:checkSecretUsage": True, "aws:cdk:bundling-stacks": ["**"], "cdk-migrate": 1}
    assert context_of(ROLES | theirs) == context_of(ROLES)


@pytest.mark.parametrize("key", ["regoins", "Prefix", "region", "retention"])
def test_an_unknown_key_is_refused_with_the_known_ones(key: str) -> None:
    with pytest.raises(NotDeployable) as refused:
        context_of(ROLES | {key: "x"})
    said = str(refused.value)
    assert f"{key} is no key" in said
    assert all(each.name in said for each in fields(Context))


def test_a_key_that_there_was_is_refused_with_what_takes_its_place() -> None:
    with pytest.raises(
        NotDeployable,
        match=r"registry_accounts is no key of the context any more.*each policy.*`registry_account`",
    ):
        context_of(ROLES | {"registry_accounts": []})


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("prefix", "Pointsman"),
        ("prefix", "p" * 30),
        ("prefix", "a--b"),
        ("account", "1234"),
        ("account", 123456789012),
        ("regions", ["everywhere"]),
        ("regions", 7),
        ("topic", "arn:aws:sns:eu-west-1:111122223333:people"),
        ("log_retention_days", 91),
        ("log_retention_days", True),
        ("log_retention_days", "long"),
        ("execution_roles", ["*"]),
        ("execution_roles", ["arn:aws:iam::111122223333:role/serving"]),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_could(key: str, given: Any) -> None:
    with pytest.raises(NotDeployable, match=f"{key} must be"):
        context_of(ROLES | {key: given})


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(NotDeployable, match=r"regoins is no key.*prefix must be.*account must be"):
        context_of(ROLES | {"regoins": [], "prefix": "!", "account": "1"})


def test_without_a_role_to_pass_no_model_could_be_made() -> None:
    with pytest.raises(NotDeployable, match="execution_roles names no role"):
        context_of({})


@pytest.mark.parametrize(
    "given", ["eu-west-1,us-east-1", '["eu-west-1", "us-east-1"]', ["eu-west-1", "us-east-1"]]
)
def test_lists_can_be_given_on_the_command_line(given: Any) -> None:
    assert context_of(ROLES | {"regions": given}).regions == ("eu-west-1", "us-east-1")


def test_days_can_be_given_on_the_command_line() -> None:
    assert context_of(ROLES | {"log_retention_days": "30"}).log_retention_days == 30
