"""Compiled policies by endpoint, group and alarm; what cannot be read hurts its own endpoint only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pointsman.errors import Misconfigured, NotFound
from pointsman.policy import EndpointName, ModelGroup
from pointsman.policy_book import PolicyBook, read_policies
from pointsman.policy_json import policy_from_json, policy_to_json
from tests.functions.account import ACCOUNT, ALARM, ENDPOINT, GROUP, OTHER, Json, policy


def with_alarms(alarms: Any) -> Json:
    raw = policy(OTHER)
    raw["plan"]["health"]["alarms"] = alarms
    return raw


def test_a_policy_is_found_by_its_endpoint() -> None:
    assert PolicyBook([policy()], ACCOUNT).get(ENDPOINT).model_package_group == GROUP


def test_an_endpoint_is_found_by_its_exact_name() -> None:
    with pytest.raises(NotFound, match="fraud-prod"):
        PolicyBook([policy()], ACCOUNT).get(EndpointName("fraud-prod"))


def test_several_endpoints_may_follow_one_group_and_one_alarm() -> None:
    book = PolicyBook([policy(), policy(OTHER)], ACCOUNT)
    assert book.for_group(ModelGroup(GROUP)) == [ENDPOINT, OTHER]
    assert book.for_alarm(ALARM) == [ENDPOINT, OTHER]


def test_every_group_is_listed_once_also_where_its_policy_cannot_be_read() -> None:
    other = policy("c") | {"model_package_group": "churn", "schema": 0}
    nameless = {key: value for key, value in policy("d").items() if key != "model_package_group"}
    book = PolicyBook(
        [policy("a"), policy("b"), other, nameless, policy("e") | {"model_package_group": 7}], ACCOUNT
    )
    assert book.groups() == [ModelGroup("fraud-detector"), ModelGroup("churn")]


def test_a_part_of_a_name_finds_nothing() -> None:
    book = PolicyBook([policy()], ACCOUNT)
    assert book.for_group(ModelGroup(GROUP[:-1])) == []
    assert book.for_alarm(ALARM[:-1]) == []


@pytest.mark.parametrize("alarms", [None, 7, ALARM, {ALARM: 1}, True])
def test_alarms_that_cannot_be_read_keep_no_alarm_from_other_endpoints(alarms: Any) -> None:
    assert PolicyBook([with_alarms(alarms), policy()], ACCOUNT).for_alarm(ALARM) == [ENDPOINT]


@pytest.mark.parametrize("raw", [None, 7, "text", [], {}, {"schema": 1}])
def test_what_is_no_policy_at_all_hides_no_other(raw: Any) -> None:
    assert PolicyBook([raw, policy()], ACCOUNT).for_group(ModelGroup(GROUP)) == [ENDPOINT]


@pytest.mark.parametrize("key", [key for key in policy() if key != "endpoint"])
def test_a_policy_that_lacks_something_is_named_when_it_is_asked_for(key: str) -> None:
    raw = {name: value for name, value in policy(OTHER).items() if name != key}
    book = PolicyBook([raw, policy()], ACCOUNT)
    with pytest.raises(Misconfigured, match=OTHER):
        book.get(OTHER)
    assert book.get(ENDPOINT).endpoint == ENDPOINT


@pytest.mark.parametrize("key", list(policy()["plan"]))
def test_a_plan_that_lacks_something_is_named(key: str) -> None:
    raw = policy()
    del raw["plan"][key]
    with pytest.raises(Misconfigured, match=key):
        PolicyBook([raw], ACCOUNT).get(ENDPOINT)


def test_a_policy_of_another_schema_says_what_to_do() -> None:
    with pytest.raises(Misconfigured, match=r"Fraud-Prod.*schema 2.*compile the policies again"):
        PolicyBook([policy() | {"schema": 2}], ACCOUNT).get(ENDPOINT)


def test_what_was_compiled_is_read_back_whole() -> None:
    assert json.loads(json.dumps(policy_to_json(policy_from_json(policy())))) == policy()


class TestFile:
    def test_it_is_read(self, tmp_path: Path) -> None:
        file = tmp_path / "policies.json"
        file.write_text(json.dumps({"policies": [policy()]}))
        assert read_policies(file, ACCOUNT).get(ENDPOINT).endpoint == ENDPOINT

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "{",
            "[]",
            "null",
            "{}",
            '{"policies": null}',
            '{"policies": 7}',
            '{"policies": {"Fraud-Prod": {}}}',
        ],
    )
    def test_one_that_cannot_be_read_is_named(self, tmp_path: Path, text: str) -> None:
        file = tmp_path / "policies.json"
        file.write_text(text)
        with pytest.raises(Misconfigured, match=r"policies\.json cannot be read"):
            read_policies(file, ACCOUNT)

    def test_one_that_is_missing_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(Misconfigured, match=r"nothing\.json"):
            read_policies(tmp_path / "nothing.json", ACCOUNT)
