"""Alarms with the settings that a release depends on, composite ones with their children."""

from typing import Any

import pytest

from pointsman.adapters.aws.alarm_details import AlarmDetails
from pointsman.core.guard_alarms import AlarmDetail
from pointsman.errors import Denied
from tests.adapters.answers import Answering, denied
from tests.functions.account import ALARM, ENDPOINT
from tests.functions.world import Here


def metric(name: str, **more: Any) -> dict[str, Any]:
    return {
        "AlarmName": name,
        "StateValue": "OK",
        "Namespace": "AWS/SageMaker",
        "MetricName": "Invocation5XXErrors",
        "Dimensions": [{"Name": "EndpointName", "Value": ENDPOINT}],
        "Statistic": "Average",
        "Period": 60,
        "EvaluationPeriods": 3,
        "Threshold": 0.1,
        "ComparisonOperator": "GreaterThanThreshold",
    } | more


def composite(name: str, rule: str, **more: Any) -> dict[str, Any]:
    return {"AlarmName": name, "StateValue": "OK", "AlarmRule": rule} | more


def read(*answers: Any, mutes: Any = None, names: tuple[str, ...] = ("a",)) -> dict[str, AlarmDetail]:
    client = Answering(
        describe_alarms=list(answers), list_alarm_mute_rules=[mutes or {"AlarmMuteRuleSummaries": []}]
    )
    return AlarmDetails(client).read(names)  # type: ignore[arg-type]


def test_an_alarm_says_how_it_takes_missing_data_and_whether_it_acts() -> None:
    found = read({"MetricAlarms": [metric("a", TreatMissingData="breaching", ActionsEnabled=False)]})

    assert (found["a"].missing_data, found["a"].acts, found["a"].suppressed) == ("breaching", False, "")
    assert found["a"].kind == "metric"


def test_what_is_not_said_is_cloudwatchs_default() -> None:
    found = read({"MetricAlarms": [metric("a")]})

    assert (found["a"].missing_data, found["a"].acts) == ("missing", True)


def test_one_that_does_not_exist_is_left_out() -> None:
    assert read({"MetricAlarms": [], "CompositeAlarms": []}) == {}


def test_a_composite_alarm_brings_its_children() -> None:
    found = read(
        {"CompositeAlarms": [composite("a", 'ALARM("b") OR ALARM("gone")')]}, {"MetricAlarms": [metric("b")]}
    )

    assert set(found) == {"a"}
    assert [child.seen.name for child in found["a"].children] == ["b"]


def test_suppressed_and_muted_actions_are_told() -> None:
    suppressed = read({"CompositeAlarms": [composite("a", 'ALARM("b")', ActionsSuppressedBy="Alarm")]}, {})
    rules = {"AlarmMuteRuleSummaries": [{"AlarmMuteRuleArn": "arn:aws:cloudwatch:x:1:alarm-mute-rule:night"}]}
    muted = read({"MetricAlarms": [metric("a")]}, mutes=rules)

    assert suppressed["a"].suppressed == "has its actions suppressed by Alarm"
    assert "is muted by rule" in muted["a"].suppressed


def test_who_may_not_read_mute_rules_is_not_told_of_any() -> None:
    found = read({"MetricAlarms": [metric("a")]}, mutes=denied("cloudwatch:ListAlarmMuteRules"))

    assert found["a"].suppressed == ""


def test_when_it_is_late_nobody_asks_for_mute_rules() -> None:
    client = Answering(describe_alarms=[{"MetricAlarms": [metric("a")]}], list_alarm_mute_rules=[{}])

    found = AlarmDetails(client, lambda: True).read(("a",))  # type: ignore[arg-type]

    assert set(found) == {"a"}
    assert client.asked["list_alarm_mute_rules"] == []


def test_a_missing_permission_is_told() -> None:
    with pytest.raises(Denied, match="DescribeAlarms"):
        read(denied("cloudwatch:DescribeAlarms"))


def test_in_the_account_the_policys_alarm_is_found(here: Here) -> None:
    found = AlarmDetails(here.wire.client("cloudwatch")).read((ALARM, "another"))

    assert set(found) == {ALARM}
