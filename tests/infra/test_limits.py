"""AWS's limits: names give way to their beginnings, and what does not fit is refused before anything is written."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from cli.policy_file import policy_from_text
from infra.errors import NotDeployable
from infra.facts import PolicyFacts, facts_of
from infra.limits import (
    MOST_OF_A_POLICY,
    policy_size,
    require_patterns_fit,
    require_policies_fit,
    require_resources_fit,
    widened,
)
from infra.names import Place
from infra.narrowing import narrow
from infra.permissions import all_grants
from infra.scope import LONGEST, Scope, scope_of
from pointsman.policy import EndpointName, ModelGroup, Owner
from pointsman.policy_json import policy_to_json
from pointsman.triggers import TRIGGERS, Pattern, Trigger
from tests.cli.policy_samples import RIGHT
from tests.infra.templates import ACCOUNT, CONTEXT, synthesise
from tests.permissions.actions import REGISTRY
from tests.permissions.policies import matches


def many(count: int, accounts: tuple[str, ...] = ("",)) -> PolicyFacts:
    """Policies of as many endpoints, each with its own long name and group, in the registries of these accounts in turn."""
    names = [f"{'abcdefghij'[each % 10]}-team-{each:04}-recommendations-production" for each in range(count)]
    groups = (ModelGroup(f"{name}-models", accounts[each % len(accounts)]) for each, name in enumerate(names))
    return PolicyFacts(tuple(names), tuple(groups), ())


def reach(facts: PolicyFacts, place: Place = LONGEST) -> Scope:
    return scope_of(CONTEXT, facts, place, LONGEST.arn("kms", f"key/{'0' * 36}"))


@pytest.mark.parametrize("count", [1, 20, 100, 1_000])
def test_every_policy_fits_however_many_endpoints_there_are(count: int) -> None:
    sizes = {name: policy_size(grants) for name, grants in all_grants(reach(many(count))).items()}
    assert max(sizes.values()) <= MOST_OF_A_POLICY


ELSEWHERE = tuple(str(444455556660 + each) for each in range(8))


@pytest.mark.parametrize("accounts", [ELSEWHERE[:1], ("", *ELSEWHERE[:1]), ("", *ELSEWHERE[:2])])
def test_it_fits_with_registries_in_other_accounts(accounts: tuple[str, ...]) -> None:
    sizes = {name: policy_size(grants) for name, grants in all_grants(reach(many(1_000, accounts))).items()}
    assert max(sizes.values()) <= MOST_OF_A_POLICY


def test_a_group_is_granted_in_the_account_that_its_policy_names_and_in_no_other() -> None:
    facts = PolicyFacts(("a",), (ModelGroup("ours"), ModelGroup("theirs", REGISTRY)), ())
    arns = reach(facts, Place("aws", "us-east-1", ACCOUNT)).package_arns()
    assert arns == (
        f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model-package/ours/*",
        f"arn:aws:sagemaker:us-east-1:{REGISTRY}:model-package/theirs/*",
    )


def test_a_policy_may_name_its_own_account() -> None:
    scope = reach(PolicyFacts(("a",), (ModelGroup("g", ACCOUNT),), ()), Place("aws", "us-east-1", ACCOUNT))
    assert (set(scope.registries), scope.accounts_elsewhere()) == ({""}, ())


def test_a_thousand_policies_are_synthesised_and_said_to_be_granted_by_the_beginnings_of_their_names(
    tmp_path: Path,
) -> None:
    facts = many(1_000)
    out = synthesise(tmp_path, facts)
    [template] = out.glob("*.template.json")
    assert len(json.loads(template.read_text(encoding="utf-8"))["Resources"]) <= 500
    said = "".join(each.read_text(encoding="utf-8") for each in out.glob("*.json"))
    assert "do not fit in an IAM policy by name" in said


def test_a_few_endpoints_are_granted_by_name() -> None:
    scope = reach(many(10))
    assert scope.endpoints.patterns == tuple(sorted(many(10).endpoints))
    assert widened(scope) == []


def test_many_are_granted_by_beginnings_that_cover_each_and_are_as_long_as_they_can_be() -> None:
    scope, facts = reach(many(1_000)), many(1_000)
    patterns = scope.endpoints.patterns
    assert all(any(matches(each, name) for each in patterns) for name in facts.endpoints)
    assert "*" not in patterns
    assert len(widened(scope)) == 2
    assert scope.endpoints.letters is not None
    longer = {name[: scope.endpoints.letters + 1] for name in facts.endpoints}
    assert len(longer) > len(patterns)


def test_names_are_in_lower_case_as_in_arns() -> None:
    assert reach(PolicyFacts(("Fraud-Prod",), (ModelGroup("g"),), ())).endpoints.patterns == ("fraud-prod",)


def test_a_short_name_stays_whole_among_beginnings() -> None:
    names = ["ab", *(f"abcdef{each}" for each in range(100))]
    assert narrow(names, around=50, budget=400).patterns == ("ab", "abcdef*")


def test_no_budget_ends_in_a_lone_star() -> None:
    assert narrow(["alpha", "beta"], around=50, budget=1).patterns == ("a*", "b*")


def test_too_many_registries_are_refused_with_what_to_do() -> None:
    with pytest.raises(NotDeployable, match="fewer accounts in `registry_account`"):
        require_policies_fit(all_grants(reach(many(1_000, ("", *ELSEWHERE)))))


def test_too_many_topics_are_refused_with_what_to_do() -> None:
    topics = tuple(f"arn:aws:sns:us-east-1:111122223333:team-{each:03}" for each in range(200))
    with pytest.raises(NotDeployable, match=r"rollout_due|alarm_changed|model_package_changed") as refused:
        require_policies_fit(all_grants(reach(replace(many(5), topics=topics))))
    assert "owner.notify" in str(refused.value)


def test_too_many_resources_are_refused_with_what_to_do() -> None:
    require_resources_fit("pointsman", 500)
    with pytest.raises(NotDeployable, match=r"501 resources.*another prefix"):
        require_resources_fit("pointsman", 501)


def test_patterns_fit_and_one_that_is_too_long_is_refused() -> None:
    require_patterns_fit(TRIGGERS)
    long = Trigger("alarm_changed", Pattern({"detail": {"alarmName": ["x" * 2_048]}}), timedelta(seconds=1))
    with pytest.raises(NotDeployable, match="2,048"):
        require_patterns_fit([long])


def test_the_names_in_compiled_policies_are_found() -> None:
    plain = policy_from_text(yaml.safe_dump(RIGHT))
    policies = [
        policy_to_json(replace(plain, endpoint=EndpointName("c"), registry_account="1")),
        policy_to_json(replace(plain, endpoint=EndpointName("b"), owner=Owner("t", "arn:topic"))),
        policy_to_json(replace(plain, endpoint=EndpointName("a"))),
    ]
    groups = (ModelGroup("x-models", "1"), ModelGroup("x-models"))
    assert facts_of(policies) == PolicyFacts(("a", "b", "c"), groups, ("arn:topic",))
