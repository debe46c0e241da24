"""States of alarms by name, as CloudWatch answers them."""

from __future__ import annotations

from pointsman.adapters.aws.cloudwatch import CloudWatchAlarms
from tests.adapters.test_cloudwatch import Answering
from tests.functions.account import ALARM
from tests.functions.world import Here


class TestAlarms:
    def test_metric_and_composite_alarms_are_told_by_state(self) -> None:
        client = Answering(
            {
                "MetricAlarms": [
                    {"AlarmName": "a", "StateValue": "ALARM"},
                    {"AlarmName": "b", "StateValue": "INSUFFICIENT_DATA"},
                ],
                "CompositeAlarms": [{"AlarmName": "c", "StateValue": "ALARM"}],
            }
        )
        reading = CloudWatchAlarms(client).read(("a", "b", "c", "d"))  # type: ignore[arg-type]
        assert (reading.firing, reading.missing) == (("a", "c"), ("d",))
        assert client.asked[0]["AlarmTypes"] == ["MetricAlarm", "CompositeAlarm"]

    def test_more_names_than_one_call_takes_are_asked_for_in_several(self) -> None:
        names = tuple(f"alarm-{number}" for number in range(150))
        client = Answering({}, {"MetricAlarms": [{"AlarmName": "alarm-120", "StateValue": "ALARM"}]})
        assert CloudWatchAlarms(client).read(names).firing == ("alarm-120",)  # type: ignore[arg-type]
        assert [len(asked["AlarmNames"]) for asked in client.asked] == [100, 50]

    def test_they_are_read_over_the_wire(self, here: Here) -> None:
        here.set_alarm("ALARM")
        reading = here.world.alarms.read((ALARM, "nobody"))
        assert (reading.firing, reading.missing) == ((ALARM,), ("nobody",))
