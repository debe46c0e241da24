"""Alarms as a veto, through the handlers: what can protect nothing holds a rollout before it begins, and a mute is heeded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pointsman.core.phases import Cause, Hold, Phase
from tests.functions.account import ALARM, ENDPOINT, VARIANT, alarm
from tests.functions.test_call_counts import calls_of
from tests.functions.world import Here

MUTED_EVENT = "alarm_changed--metric-muted.json"
DUE = "rollout_due--message.json"
ON_OURS = [{"Name": "EndpointName", "Value": ENDPOINT}]
READS_ALARMS = ("cloudwatch", "DescribeAlarms")
IN_VAIN = [
    (
        {"Dimensions": [*ON_OURS, {"Name": "VariantName", "Value": "other"}]},
        "variant other, which the endpoint",
    ),
    ({"Dimensions": ON_OURS}, "names no variant"),
    ({"Statistic": "Average"}, "never gets above 1000"),
    ({"Period": 300, "EvaluationPeriods": 24}, "for which no step is held long enough"),
    (
        {"TreatMissingData": "breaching"},
        "would end the release: in the last step variant stable has no requests",
    ),
]


def mute(here: Here, minutes: int, *names: str) -> None:
    """Mute alarms from now on for so long."""
    schedule = {"Expression": f"at({here.kernel.now:%Y-%m-%dT%H:%M})", "Duration": f"PT{minutes}M"}
    rule = {
        "Name": "deploy-window",
        "Rule": {"Schedule": schedule},
        "MuteTargets": {"AlarmNames": list(names)},
    }
    here.kernel.call("cloudwatch", "PutAlarmMuteRule", rule)


def put(here: Here, **changes: Any) -> None:
    here.kernel.call("cloudwatch", "PutMetricAlarm", alarm(ALARM) | changes)


def mute_calls(calls: list[tuple[str, str]]) -> int:
    return calls.count(("cloudwatch", "ListAlarmMuteRules"))


@pytest.mark.parametrize(("changes", "said"), IN_VAIN, ids=range(len(IN_VAIN)))
def test_an_alarm_that_is_no_veto_holds_the_rollout_until_it_is_mended(
    here: Here, changes: dict[str, Any], said: str
) -> None:
    put(here, **changes)
    here.set_alarm("OK")
    here.approve()
    here.due()

    assert (here.phase(), here.rollout().hold) == (Phase.PENDING, Hold.PREFLIGHT)
    reason = here.records()[-1].facts()["reason"]
    assert said in reason
    assert reason.startswith(f"alarm {ALARM} ")

    put(here)
    here.due()
    assert here.phase() is Phase.PREPARING


def test_an_alarm_without_data_although_there_is_some_holds_it_until_it_is_evaluated(here: Here) -> None:
    here.kernel.advance(timedelta(minutes=5))
    here.approve()
    here.set_alarm("INSUFFICIENT_DATA")
    calls = calls_of(here, DUE)

    assert (here.phase(), here.rollout().hold) == (Phase.PENDING, Hold.PREFLIGHT)
    assert "INSUFFICIENT_DATA although what it watches has data" in here.records()[-1].facts()["reason"]
    assert calls.count(("cloudwatch", "GetMetricData")) == 1

    here.kernel.advance(timedelta(minutes=1))
    here.due()
    assert here.phase() is Phase.PREPARING


def test_an_alarm_on_what_nobody_reports_yet_holds_nothing(here: Here) -> None:
    put(here, Namespace="Business", MetricName="Complaints", Dimensions=[])
    here.set_alarm("INSUFFICIENT_DATA")
    here.approve()
    here.due()

    assert here.phase() is Phase.PREPARING


def test_a_pass_before_the_start_reads_alarms_twice_and_a_later_one_once(here: Here) -> None:
    here.approve()
    assert calls_of(here, DUE)[:8].count(READS_ALARMS) == 2
    here.drive_to(Phase.BAKING)

    calls = calls_of(here, DUE)
    assert calls.count(READS_ALARMS) == 1
    assert mute_calls(calls) == 0


def test_a_muted_alarm_takes_nothing_back_until_the_mute_is_over(baking: Here) -> None:
    mute(baking, 10, ALARM)
    baking.fire()
    baking.deliver(MUTED_EVENT)

    assert (baking.phase(), baking.rollout().hold) == (Phase.BAKING, Hold.ALARM_FIRING)
    assert baking.weights()[VARIANT] == 50
    assert (
        f"alarm {ALARM} is in ALARM and is muted by rule deploy-window"
        in baking.records()[-1].facts()["reason"]
    )

    baking.kernel.advance(timedelta(minutes=9))
    baking.due()
    assert baking.phase() is Phase.BAKING

    baking.kernel.advance(timedelta(minutes=1))
    baking.due()
    assert (baking.phase(), baking.rollout().cause) == (Phase.ROLLING_BACK, Cause.ALARM)


def test_a_muted_alarm_that_is_quiet_again_lets_it_go_on(baking: Here) -> None:
    mute(baking, 600, ALARM)
    baking.set_alarm("ALARM")
    baking.deliver(MUTED_EVENT)
    assert baking.rollout().hold is Hold.ALARM_FIRING

    baking.drive_to(Phase.SUCCEEDED)


def test_a_mute_of_another_alarm_is_none(baking: Here) -> None:
    mute(baking, 10, "another")
    baking.set_alarm("ALARM")
    baking.deliver(MUTED_EVENT)

    assert baking.phase() is Phase.ROLLING_BACK


def test_mutes_that_cannot_be_read_are_none(baking: Here) -> None:
    mute(baking, 10, ALARM)
    baking.set_alarm("ALARM")
    baking.break_calls(("cloudwatch", "ListAlarmMuteRules"))
    baking.deliver(MUTED_EVENT)

    assert baking.phase() is Phase.ROLLING_BACK


def test_a_person_takes_it_back_under_a_mute_without_asking_who_muted_it(baking: Here) -> None:
    mute(baking, 10, ALARM)
    baking.set_alarm("ALARM")
    calls = calls_of(baking, "operator_request--abort.json")

    assert baking.phase() is Phase.ROLLING_BACK
    assert mute_calls(calls) == 0


def test_before_traffic_moved_nobody_asks_who_muted_it(here: Here) -> None:
    here.approve()
    here.drive_to(Phase.PREPARING)
    here.fire()

    assert mute_calls(calls_of(here, MUTED_EVENT)) == 0
    assert here.phase() is Phase.PREPARING
