"""Alarms with the settings that a release depends on, composite ones with their children."""

from datetime import datetime
from typing import Any

import pytest

from pointsman.adapters.aws.alarm_details import AlarmDetails
from pointsman.core.guard_alarms import AlarmDetail
from pointsman.errors import Denied
from tests.adapters.answers import Answering, denied
from tests.core.builders import MINUTE, NOW
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
    return AlarmDetails(client).read(names, NOW)  # type: ignore[arg-type]


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

    found = AlarmDetails(client, lambda: True).read(("a",), NOW)  # type: ignore[arg-type]

    assert set(found) == {"a"}
    assert client.asked["list_alarm_mute_rules"] == []


def test_a_missing_permission_is_told() -> None:
    with pytest.raises(Denied, match="DescribeAlarms"):
        read(denied("cloudwatch:DescribeAlarms"))


def test_in_the_account_the_policys_alarm_is_found(here: Here) -> None:
    found = AlarmDetails(here.wire.client("cloudwatch")).read((ALARM, "another"), here.kernel.now)

    assert set(found) == {ALARM}


def samples(number: int, *moments: datetime) -> dict[str, Any]:
    return {"Id": f"m{number}", "Timestamps": list(moments), "Values": [1.0 for _ in moments]}


def started(*results: dict[str, Any], alarms: list[dict[str, Any]] | None = None) -> tuple[AlarmDetail, ...]:
    silent = [metric("a", StateValue="INSUFFICIENT_DATA", EvaluationPeriods=2)]
    client = Answering(
        describe_alarms=[{"MetricAlarms": silent if alarms is None else alarms}],
        get_metric_data=[{"MetricDataResults": list(results)}],
    )
    return AlarmDetails(client).at_start(("a",), NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("minutes_ago", "has_data"), [(6, False), (5, True), (4, True), (3, False), (1, False)]
)
def test_only_what_must_have_been_evaluated_by_now_is_data(minutes_ago: int, has_data: bool) -> None:  # noqa: FBT001 - it is what is expected
    [alarm] = started(samples(0, NOW - minutes_ago * MINUTE))

    assert alarm.has_data is has_data


def test_an_alarm_on_two_metrics_has_data_when_both_have() -> None:
    both = [
        {
            "Id": name,
            "MetricStat": {"Metric": {"Namespace": "Ours", "MetricName": name}, "Period": 60, "Stat": "Sum"},
        }
        for name in ("errors", "requests")
    ]
    alarms = [metric("a", StateValue="INSUFFICIENT_DATA") | {"Metrics": both}]
    del alarms[0]["MetricName"]
    recent = NOW - 4 * MINUTE

    assert started(samples(0, recent), samples(1, recent), alarms=alarms)[0].has_data
    assert not started(samples(0, recent), samples(1), alarms=alarms)[0].has_data


def test_of_an_alarm_that_is_evaluated_no_data_is_asked() -> None:
    client = Answering(describe_alarms=[{"MetricAlarms": [metric("a")]}])

    [alarm] = AlarmDetails(client).at_start(("a",), NOW)  # type: ignore[arg-type]

    assert not alarm.has_data


def test_data_that_cannot_be_read_is_a_gap_of_a_plan_and_stops_a_start() -> None:
    client = Answering(
        describe_alarms=[{"MetricAlarms": [metric("a", StateValue="INSUFFICIENT_DATA")]}],
        get_metric_data=[denied("cloudwatch:GetMetricData")],
        list_alarm_mute_rules=[{}],
    )

    assert not AlarmDetails(client).read(("a",), NOW)["a"].has_data  # type: ignore[arg-type]
    with pytest.raises(Denied, match="GetMetricData"):
        AlarmDetails(client).at_start(("a",), NOW)  # type: ignore[arg-type]
