"""The first policy of an endpoint as a file: what is proposed there is what `policy check` takes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from cli.adopt_yaml import notes_of, policy_mapping, policy_text
from cli.policy_file import policy_from_text
from pointsman.core.draft import Draft, Given, draft
from tests.core.sights import past, sight


def drafted(variant: str = "AllTraffic", rpm: float = 100.0) -> Draft:
    """What is proposed where no alarm looks at an endpoint with so many requests a minute."""
    [usual] = sight().variants
    live = replace(usual, name=variant)
    return draft(sight(alarms=(), variants=(live,)), past(rpm=rpm), Given("fraud-detector", "payments-risk"))


@pytest.mark.parametrize("variant", ["AllTraffic", "main"])
def test_alarms_that_the_deployment_is_to_create_are_read_back_as_they_were_proposed(variant: str) -> None:
    proposed = drafted(variant)
    policy = policy_from_text(policy_text(proposed, ()))

    assert policy.plan.health.created == tuple(each.value for each in proposed.created)
    assert [each.variant for each in policy.plan.health.created] == [variant, variant]


def test_they_stand_on_a_line_each_with_what_they_rest_on_and_without_what_is_usual() -> None:
    text = policy_text(drafted(), ())

    assert "    - {create: errors, over_percent: 10.0}\n" in text
    assert "    - {create: latency, over: " in text
    assert "variant:" not in text
    assert "variant: main" in policy_text(drafted("main"), ())
    [note] = [said for path, said in notes_of(drafted()).items() if path == "health.alarms[create errors]"]
    assert "the deployment creates this one" in note


def test_the_same_is_told_as_data() -> None:
    [errors, latency] = json.loads(json.dumps(policy_mapping(drafted())))["health"]["alarms"]

    assert errors == {"create": "errors", "over_percent": 10.0}
    assert latency["percentile"] == 90.0


def test_with_too_few_requests_for_any_none_is_proposed() -> None:
    assert policy_mapping(drafted(rpm=5.0))["health"]["alarms"] == []


def test_an_alarm_of_slow_requests_is_later_than_what_the_judge_calls_slow() -> None:
    policy = policy_from_text(policy_text(drafted(), ()))
    [_errors, latency] = policy.plan.health.created

    assert getattr(latency, "over", timedelta()) == 2 * policy.plan.health.slow_over
