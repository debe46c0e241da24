"""What a record leaves goes to people and to the bus, each at least once; what one of them does not take waits for the tick."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pointsman.approvals import Heard, hear
from pointsman.core.bus_event import BusEvent
from pointsman.core.phases import Phase
from pointsman.errors import Transient
from pointsman.tick import tick
from tests.adapters.lanes import outgoing
from tests.functions.account import ENDPOINT, package
from tests.functions.world import Here
from tests.worlds.memory import MemoryQueues, MemoryStore, MemoryTopic
from tests.worlds.subscriber import Subscriber

TICK = "rollout_tick--events-rule-scheduled-event.json"
ABORT = "operator_request--abort.json"


def ids_of(here: Here) -> list[str]:
    return [f"{record.stream}:{record.seq}" for record in here.records()]


class TestOverTheWire:
    def test_a_subscriber_hears_of_every_record_of_a_release(self, here: Here) -> None:
        subscriber = Subscriber(here.wire, here.settings.bus_name)
        here.approve()
        here.drive_to(Phase.SUCCEEDED)
        here.kernel.advance(timedelta(minutes=3))
        here.due()
        assert here.phase() is None
        assert [detail["id"] for detail in subscriber.details()] == ids_of(here)
        assert here.world.store.find_unsent() == []

    def test_an_event_says_what_the_record_says(self, here: Here) -> None:
        subscriber = Subscriber(here.wire, here.settings.bus_name)
        here.approve()
        here.drive_to(Phase.BAKING)
        last, heard = here.records()[-1], subscriber.events()[-1]
        facts = last.facts()
        assert (heard["source"], heard["detail-type"]) == ("pointsman", "Rollout State Change")
        assert heard["detail"]["hash"] == last.hash
        assert (heard["detail"]["phase_before"], heard["detail"]["phase"]) == ("SHIFTING", "BAKING")
        assert heard["detail"]["reason"] == facts["reason"]
        assert heard["time"] == f"{here.kernel.now:%Y-%m-%dT%H:%M:%SZ}"

    @pytest.mark.parametrize(
        ("wanted", "heard"),
        [("Rollout State Change", True), ("Rollout Move Recorded", False)],
    )
    def test_a_rule_gets_what_it_asks_for(self, here: Here, wanted: str, heard: bool) -> None:  # noqa: FBT001 - a case
        subscriber = Subscriber(here.wire, here.settings.bus_name, {"detail-type": [wanted]})
        here.approve()
        here.drive_to(Phase.PREPARING)
        assert bool(subscriber.events()) is heard

    def test_a_bus_that_refuses_keeps_no_message_from_people_and_gets_the_event_later(
        self, baking: Here
    ) -> None:
        subscriber = Subscriber(baking.wire, baking.settings.bus_name)
        baking.break_calls(("events", "PutEvents"))
        assert baking.deliver(ABORT)["ok"] is True
        baking.asked.clear()
        baking.deliver(TICK)
        assert ("sns", "Publish") not in baking.asked
        assert subscriber.events() == []
        [line] = baking.said("left for the next tick")
        assert "PutEvents on bus pointsman" in line["why"]
        baking.mend()
        baking.deliver(TICK)
        assert [detail["id"] for detail in subscriber.details()] == ids_of(baking)[-1:]
        assert baking.world.store.find_unsent() == []

    def test_a_topic_that_refuses_keeps_no_event_from_the_bus(self, baking: Here) -> None:
        subscriber = Subscriber(baking.wire, baking.settings.bus_name)
        baking.break_calls(("sns", "Publish"))
        baking.deliver(ABORT)
        assert [detail["id"] for detail in subscriber.details()] == ids_of(baking)[-1:]
        baking.mend()
        baking.deliver(TICK)
        assert len(subscriber.details()) == 1
        assert baking.world.store.find_unsent() == []

    def test_a_way_back_that_the_table_did_not_record_is_published_once_it_is(self, baking: Here) -> None:
        subscriber = Subscriber(baking.wire, baking.settings.bus_name)
        baking.fire()
        baking.break_table()
        baking.deliver("alarm_changed--metric.json")
        assert subscriber.events() == []
        baking.mend()
        baking.deliver(TICK)
        assert [event["detail-type"] for event in subscriber.events()] == [
            "Rollout State Change",
            "Rollout Move Recorded",
        ]

    def test_a_pass_goes_on_where_the_outbox_cannot_be_emptied(self, baking: Here) -> None:
        subscriber = Subscriber(baking.wire, baking.settings.bus_name)
        baking.break_calls(("dynamodb", "DeleteItem"))
        assert baking.deliver(ABORT)["ok"] is True
        baking.mend()
        baking.deliver(TICK)
        twice = ids_of(baking)[-1:] * 2
        assert [detail["id"] for detail in subscriber.details()] == twice
        assert baking.world.store.find_unsent() == []

    def test_an_approval_that_supersedes_is_published_after_the_way_back_was_taken(self, here: Here) -> None:
        subscriber = Subscriber(here.wire, here.settings.bus_name)
        here.approve()
        here.drive_to(Phase.VALIDATING)
        here.asked.clear()
        here.call("UpdateModelPackage", ModelPackageArn=package(5), ModelApprovalStatus="Approved")
        found = here.world.registry.describe(package(5))
        hear(here.world, ENDPOINT, found, Heard(package(5), approval_changed=True, modified_at=None))
        assert here.asked.index(("sagemaker", "UpdateEndpoint")) < here.asked.index(("events", "PutEvents"))
        assert sorted(detail["id"] for detail in subscriber.details()) == sorted(ids_of(here))


class Bus:
    """Takes what it is asked to take; the call with number `fails` comes to nothing."""

    def __init__(self, refused: frozenset[int] = frozenset(), fails: int = -1) -> None:
        self.calls: list[list[int]] = []
        self._refused = refused
        self._fails = fails

    def publish(self, events: list[BusEvent]) -> dict[str, str]:
        self.calls.append([event.seq for event in events])
        if len(self.calls) - 1 == self._fails:
            raise Transient("PutEvents: the bus does not answer")
        return {event.id: "InternalFailure" for event in events if event.seq in self._refused}


def waiting(count: int) -> dict[str, Any]:
    made = (outgoing() for _ in range(count))
    named = [
        replace(each, id=str(number), event=replace(each.event, id=str(number), seq=number))  # type: ignore[type-var]
        for number, each in enumerate(made)
    ]
    return {each.id: each for each in named}


class TestBatches:
    def ticked(self, here: Here, store: MemoryStore, bus: Bus) -> Any:
        return tick(replace(here.world, store=store, bus=bus, topic=MemoryTopic(), queues=MemoryQueues()))

    def test_many_go_ten_at_a_time_in_their_order(self, here: Here) -> None:
        store, bus = MemoryStore(unsent=waiting(23)), Bus()
        ticked = self.ticked(here, store, bus)
        assert bus.calls == [list(range(10)), list(range(10, 20)), [20, 21, 22]]
        assert (ticked.sent, ticked.failures, store.unsent) == (23, (), {})

    def test_one_that_is_not_taken_stays_and_is_told_of(self, here: Here) -> None:
        store, bus = MemoryStore(unsent=waiting(12)), Bus(refused=frozenset({3}))
        ticked = self.ticked(here, store, bus)
        assert list(store.unsent) == ["3"]
        assert (ticked.sent, ticked.failures) == (11, ("outbox: event 3: InternalFailure",))

    def test_a_call_that_fails_holds_up_no_other(self, here: Here) -> None:
        store, bus = MemoryStore(unsent=waiting(12)), Bus(fails=0)
        ticked = self.ticked(here, store, bus)
        assert list(store.unsent) == [str(number) for number in range(10)]
        assert (ticked.sent, ticked.failures) == (2, ("outbox: PutEvents: the bus does not answer",))

    def test_an_outbox_that_cannot_be_read_is_told_of(self, here: Here) -> None:
        class Unreadable(MemoryStore):
            def find_unsent(self) -> Any:
                raise Transient("the table does not answer")

        ticked = self.ticked(here, Unreadable(), Bus())
        assert ticked.failures == ("outbox: the table does not answer",)


def test_an_item_of_before_there_were_events_is_sent_to_people_alone(here: Here) -> None:
    old = replace(outgoing(), event=None)
    store, bus = MemoryStore(unsent={old.id: old}), Bus()
    tick(replace(here.world, store=store, bus=bus, topic=MemoryTopic(), queues=MemoryQueues()))
    assert (bus.calls, store.unsent) == ([], {})
    assert old.endpoint == ENDPOINT
