"""Mute rules: listed under the alarms that they mute, at work in their window alone, told with an alarm's change."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.twin.cloud import Cloud, refused

SAMPLE = Path(__file__).parents[2] / "events" / "alarm_changed--metric-muted.json"


def mute(cloud: Cloud, *alarms: str, after: int = 0, lasts: str = "PT1H", name: str = "night") -> None:
    begins = cloud.kernel.now + timedelta(minutes=after)
    schedule = {"Expression": f"at({begins:%Y-%m-%dT%H:%M})", "Duration": lasts}
    cloud.watch(
        "PutAlarmMuteRule",
        Name=name,
        Rule={"Schedule": schedule},
        MuteTargets={"AlarmNames": list(alarms)},
    )


def listed(cloud: Cloud, **given: Any) -> list[tuple[str, str]]:
    found = cloud.watch("ListAlarmMuteRules", **given)["AlarmMuteRuleSummaries"]
    return [(rule["AlarmMuteRuleArn"].rpartition(":")[2], rule["Status"]) for rule in found]


def test_a_rule_is_scheduled_then_active_then_expired(live: Cloud) -> None:
    mute(live, "p99", after=5, lasts="PT1H30M")

    assert listed(live) == [("night", "SCHEDULED")]
    live.pass_minutes(5)
    assert listed(live) == [("night", "ACTIVE")]
    live.pass_minutes(90)
    assert listed(live) == [("night", "EXPIRED")]


def test_rules_are_listed_by_alarm_and_status(live: Cloud) -> None:
    mute(live, "p99", "5xx")
    mute(live, "5xx", after=60, name="later")

    assert listed(live, AlarmName="p99") == [("night", "ACTIVE")]
    assert listed(live, AlarmName="5xx", Statuses=["SCHEDULED"]) == [("later", "SCHEDULED")]
    assert listed(live, AlarmName="another") == []


def test_a_rule_put_again_is_replaced_and_one_deleted_is_gone(live: Cloud) -> None:
    mute(live, "p99")
    mute(live, "5xx")
    assert listed(live, AlarmName="p99") == []

    live.watch("DeleteAlarmMuteRule", AlarmMuteRuleName="night")
    assert listed(live) == []


def test_an_event_of_a_muted_alarm_says_so_in_the_documented_shape(live: Cloud) -> None:
    live.watch(
        "PutMetricAlarm",
        AlarmName="p99",
        Namespace="Ours",
        MetricName="p99",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="ignore",
    )
    live.watch("SetAlarmState", AlarmName="p99", StateValue="OK", StateReason="set by the test")
    mute(live, "p99")
    live.watch("SetAlarmState", AlarmName="p99", StateValue="ALARM", StateReason="set by the test")
    live.pass_minutes(1 / 30)

    before, muted = [event["detail"] for event in live.events if event["source"] == "aws.cloudwatch"]
    documented = json.loads(SAMPLE.read_text(encoding="utf-8"))["detail"]["muteDetail"]
    assert "muteDetail" not in before
    assert muted["muteDetail"].keys() == documented.keys()
    assert (
        muted["muteDetail"]["mutedByArn"] == "arn:aws:cloudwatch:us-east-1:111122223333:alarm-mute-rule:night"
    )


@pytest.mark.parametrize(
    "schedule",
    [
        {"Expression": "cron(0 22 * * *)", "Duration": "PT8H"},
        {"Expression": "at(2026-11-20T22:00)", "Duration": "PT8H", "Timezone": "Europe/Berlin"},
        {"Expression": "at(2026-11-20T22:00)", "Duration": "eight hours"},
    ],
)
def test_what_the_twin_does_not_know_is_refused(live: Cloud, schedule: dict[str, str]) -> None:
    error = refused(lambda: live.watch("PutAlarmMuteRule", Name="night", Rule={"Schedule": schedule}))
    assert error.code == "ValidationError"
    assert listed(live) == []
