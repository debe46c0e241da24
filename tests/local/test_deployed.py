"""Rules and log groups stand as a deployment leaves them, and a rule that is off lets nothing through."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from local.deployed import deploy, rate, rules_of
from local.installation import Installation
from pointsman.triggers import TRIGGERS, Pattern, Schedule

MINUTE = timedelta(minutes=1)


@pytest.fixture
def deployed(empty: Installation) -> Installation:
    deploy(empty)
    empty.dispatcher.is_enabled = rules_of(empty)
    empty.dispatcher.start()
    return empty


@pytest.fixture
def heard(deployed: Installation) -> list[str]:
    """Names of the functions that ran, as they run."""
    names: list[str] = []
    deployed.dispatcher.answered = lambda name, _answer: names.append(name)
    return names


def test_each_trigger_with_a_rule_has_one_that_is_on_and_names_its_function(deployed: Installation) -> None:
    events = deployed.client("events")
    rules = {rule["Name"]: rule for rule in events.list_rules()["Rules"]}

    for trigger in TRIGGERS:
        name = f"pointsman-{trigger.name.replace('_', '-')}"
        if isinstance(trigger.started_by, Pattern):
            assert json.loads(rules[name]["EventPattern"]) == trigger.started_by.pattern
        elif isinstance(trigger.started_by, Schedule):
            assert rules[name]["ScheduleExpression"] == rate(trigger.started_by.every)
        else:
            assert name not in rules
            continue
        assert rules[name]["State"] == "ENABLED"
        [target] = events.list_targets_by_rule(Rule=name)["Targets"]
        assert target["Arn"].endswith(f":function:{name}")


def test_each_function_has_a_log_group(deployed: Installation) -> None:
    groups = deployed.client("logs").describe_log_groups()["logGroups"]

    assert {group["logGroupName"] for group in groups} == {
        f"/aws/lambda/pointsman-{trigger.name.replace('_', '-')}" for trigger in TRIGGERS
    }


def test_a_schedule_that_is_switched_off_stops_and_goes_on_when_it_is_on_again(
    deployed: Installation, heard: list[str]
) -> None:
    events = deployed.client("events")

    events.disable_rule(Name="pointsman-rollout-tick")
    deployed.pass_time(3 * MINUTE)
    assert heard == []

    events.enable_rule(Name="pointsman-rollout-tick")
    deployed.pass_time(MINUTE)
    assert heard == ["rollout_tick"]


@pytest.mark.parametrize("how", ["disable_rule", "delete_rule"])
def test_a_pattern_whose_rule_is_off_or_gone_delivers_nothing(
    deployed: Installation, heard: list[str], how: str
) -> None:
    name = "pointsman-endpoint-changed"
    deployed.client("events").remove_targets(Rule=name, Ids=["function"])
    getattr(deployed.client("events"), how)(Name=name)

    deployed.dispatcher.take({"source": "aws.sagemaker", "detail-type": "SageMaker Endpoint State Change"})
    deployed.pass_time(timedelta(seconds=1))

    assert heard == []


@pytest.mark.parametrize(
    ("every", "said"),
    [
        (MINUTE, "rate(1 minute)"),
        (15 * MINUTE, "rate(15 minutes)"),
        (60 * MINUTE, "rate(1 hour)"),
        (90 * MINUTE, "rate(90 minutes)"),
        (48 * 60 * MINUTE, "rate(2 days)"),
    ],
)
def test_a_period_is_written_as_eventbridge_wants_it(every: timedelta, said: str) -> None:
    assert rate(every) == said


def test_a_period_that_eventbridge_does_not_know_is_an_error() -> None:
    with pytest.raises(ValueError, match="0:00:30"):
        rate(timedelta(seconds=30))
