"""The bus: one call, entries as EventBridge takes them, and an answer that is read entry by entry."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from pointsman.adapters.aws.events import EventBridge
from pointsman.core.bus_event import BusEvent, DetailType
from pointsman.errors import Denied, Transient
from tests.adapters.lanes import NOON
from tests.functions.world import Here
from tests.worlds.subscriber import Subscriber

EVENTS = [
    BusEvent(f"rollouts#a:{seq}", seq, DetailType.STATE.value, NOON, f'{{"seq":{seq}}}')
    for seq in range(1, 4)
]


class Answering:
    """A client that gives one answer, or raises one error."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def put_events(self, **_: Any) -> Any:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def bus(answer: Any) -> EventBridge:
    return EventBridge(Answering(answer), "pointsman")  # type: ignore[arg-type]


def test_events_arrive_on_the_bus_under_our_name_with_the_time_of_their_record(here: Here) -> None:
    subscriber = Subscriber(here.wire, here.settings.bus_name)
    assert here.world.bus.publish(EVENTS) == {}
    heard = subscriber.events()
    assert [event["detail"] for event in heard] == [{"seq": 1}, {"seq": 2}, {"seq": 3}]
    assert {(event["source"], event["detail-type"], event["time"]) for event in heard} == {
        ("pointsman", "Rollout State Change", f"{NOON:%Y-%m-%dT%H:%M:%SZ}")
    }


def test_entries_that_were_not_taken_are_named_with_the_reason() -> None:
    entries = [
        {"EventId": "1"},
        {"ErrorCode": "ThrottlingException", "ErrorMessage": "Rate exceeded"},
        {"ErrorCode": "InternalFailure"},
    ]
    assert bus({"FailedEntryCount": 2, "Entries": entries}).publish(EVENTS) == {
        "rollouts#a:2": "ThrottlingException: Rate exceeded",
        "rollouts#a:3": "InternalFailure: ",
    }


@pytest.mark.parametrize(
    ("code", "expected"),
    [("AccessDeniedException", Denied), ("InternalException", Transient), ("ThrottlingException", Transient)],
)
def test_a_call_that_fails_says_which_bus(code: str, expected: type[Exception]) -> None:
    error = ClientError({"Error": {"Code": code, "Message": "no"}}, "PutEvents")
    with pytest.raises(expected, match="PutEvents on bus pointsman"):
        bus(error).publish(EVENTS)
