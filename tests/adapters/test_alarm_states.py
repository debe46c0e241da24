"""States of the policies' alarms, and what mutes those that fire."""

from __future__ import annotations

from typing import Any

from pointsman.adapters.aws.cloudwatch import CloudWatchAlarms
from pointsman.core.observed import AlarmReading, Mute
from tests.functions.account import ALARM
from tests.functions.world import Here


class Answering:
    """A client that gives one answer after the other and remembers what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def describe_alarms(self, **request: Any) -> Any:
        self.asked.append(request)
        return self.answers.pop(0)

    list_alarm_mute_rules = describe_alarms


def test_metric_and_composite_alarms_are_told_by_state() -> None:
    client = Answering(
        {
            "MetricAlarms": [
                {"AlarmName": "a", "StateValue": "ALARM"},
                {"AlarmName": "b", "StateValue": "INSUFFICIENT_DATA"},
            ],
            "CompositeAlarms": [{"AlarmName": "c", "StateValue": "ALARM"}],
        }
    )
    reading = CloudWatchAlarms(client, client).read(("a", "b", "c", "d"))  # type: ignore[arg-type]
    assert (reading.firing, reading.missing) == (("a", "c"), ("d",))
    assert client.asked[0]["AlarmTypes"] == ["MetricAlarm", "CompositeAlarm"]


def test_more_names_than_one_call_takes_are_asked_for_in_several() -> None:
    names = tuple(f"alarm-{number}" for number in range(150))
    client = Answering({}, {"MetricAlarms": [{"AlarmName": "alarm-120", "StateValue": "ALARM"}]})
    assert CloudWatchAlarms(client, client).read(names).firing == ("alarm-120",)  # type: ignore[arg-type]
    assert [len(asked["AlarmNames"]) for asked in client.asked] == [100, 50]


def test_a_composite_alarm_says_what_suppresses_it_while_it_fires() -> None:
    suppressed = {"ActionsSuppressedBy": "Alarm", "ActionsSuppressedReason": "deploying is in ALARM."}
    composites = [
        {"AlarmName": "a", "StateValue": "ALARM"} | suppressed,
        {"AlarmName": "b", "StateValue": "OK"} | suppressed,
    ]
    reading = CloudWatchAlarms(Answering({"CompositeAlarms": composites}), Answering()).read(("a", "b"))  # type: ignore[arg-type]
    assert reading.mutes == (Mute("a", "has its actions suppressed by Alarm (deploying is in ALARM)"),)
    assert reading.vetoes == ()


def test_of_those_that_fire_each_is_asked_for_its_mutes_up_to_the_first_without() -> None:
    muted = {"AlarmMuteRuleSummaries": [{"AlarmMuteRuleArn": "arn:aws:cloudwatch:x:1:alarm-mute-rule:night"}]}
    quick = Answering(muted, {"AlarmMuteRuleSummaries": []})
    firing = AlarmReading(firing=("a", "b", "c", "d"), mutes=(Mute("a", "is suppressed"),))
    reading = CloudWatchAlarms(Answering(), quick).with_mutes(firing)  # type: ignore[arg-type]
    assert [asked["AlarmName"] for asked in quick.asked] == ["b", "c"]
    assert reading.mutes == (Mute("a", "is suppressed"), Mute("b", "is muted by rule night"))
    assert reading.vetoes == ("c", "d")


def test_only_a_few_are_asked_for() -> None:
    quick = Answering(*([{"AlarmMuteRuleSummaries": [{"AlarmMuteRuleArn": "alarm-mute-rule:night"}]}] * 7))
    firing = AlarmReading(firing=tuple("abcdefg"))
    reading = CloudWatchAlarms(Answering(), quick).with_mutes(firing)  # type: ignore[arg-type]
    assert len(quick.asked) == 5
    assert reading.vetoes == ("f", "g")


def test_they_are_read_over_the_wire(here: Here) -> None:
    here.set_alarm("ALARM")
    reading = here.world.alarms.read((ALARM, "nobody"))
    assert (reading.firing, reading.missing) == ((ALARM,), ("nobody",))
