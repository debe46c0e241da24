"""The minute tick: the journal, then the rollouts, then what is left over; one thing that fails holds up no other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pointsman.core.outgoing import Message, Outgoing
from pointsman.core.phases import Cause, Phase
from pointsman.errors import Denied, Transient
from pointsman.policy import EndpointName
from pointsman.ports import JournalEntry
from pointsman.tick import tick
from tests.adapters.lanes import NOON
from tests.functions.account import ENDPOINT, OTHER
from tests.functions.world import Here
from tests.worlds.memory import MemoryQueues, MemoryStore, MemoryTopic


class PickyTopic(MemoryTopic):
    """Takes no message of one endpoint: its own topic was deleted."""

    def send(self, message: Message) -> None:
        if message.endpoint == OTHER:
            raise Denied("Publish: no such topic")
        super().send(message)


def untold(stable_id: str, endpoint: Any = ENDPOINT) -> Outgoing:
    """A message that waits, as it was stored before there were events."""
    return Outgoing(stable_id, endpoint, None, Message(stable_id, endpoint, "", "subject", "body"))


def test_a_message_that_cannot_be_sent_holds_up_no_other(here: Here) -> None:
    store, topic = MemoryStore(), PickyTopic()
    store.unsent = {"1": untold("1", OTHER), "2": untold("2")}
    ticked = tick(replace(here.world, store=store, topic=topic, queues=MemoryQueues()))
    assert [sent.id for sent in topic.sent] == ["2"]
    assert list(store.unsent) == ["1"]
    assert ticked.sent == 1
    assert ticked.failures == ("outbox: Publish: no such topic",)


def test_what_the_tick_could_not_do_is_logged_and_counted(baking: Here) -> None:
    baking.break_calls(("sns", "Publish"))
    baking.deliver("operator_request--abort.json")
    baking.deliver("rollout_tick--events-rule-scheduled-event.json")
    [line] = baking.said("left for the next tick")
    assert "outbox" in line["why"]
    assert baking.counted("TickFailures") == 1


def test_the_journal_comes_first_then_the_rollouts_then_the_messages(baking: Here) -> None:
    baking.asked.clear()
    baking.deliver("rollout_tick--events-rule-scheduled-event.json")
    assert baking.asked == [
        ("sqs", "ReceiveMessage"),
        ("dynamodb", "Query"),
        ("sqs", "SendMessageBatch"),
        ("dynamodb", "Query"),
    ]


def test_a_way_back_that_was_journalled_is_recorded_before_its_rollout_is_looked_at(baking: Here) -> None:
    baking.deliver("rollout_tick--events-rule-scheduled-event.json")
    seen: list[Phase | None] = []

    class Watched(MemoryQueues):
        def put_due(self, endpoints: list[EndpointName]) -> None:
            seen.append(baking.phase())
            super().put_due(endpoints)

    queues = Watched()
    entry = JournalEntry(
        ENDPOINT, baking.kernel.now, baking.rollout().id, "shift", "alarm fires", cause=Cause.ALARM.value
    )
    queues.put_journal(entry)
    assert tick(replace(baking.world, queues=queues)).journalled == 1
    assert seen == [Phase.ROLLING_BACK]


def test_a_journal_that_cannot_be_read_holds_up_no_rollout(baking: Here) -> None:
    baking.drain()
    baking.break_calls(("sqs", "ReceiveMessage"))
    ticked = tick(baking.world)
    assert ticked.due == 1
    assert [failure.partition(":")[0] for failure in ticked.failures] == ["journal"]
    assert baking.drain() == [{"endpoint": ENDPOINT}]


def test_a_journal_entry_that_cannot_be_recorded_stays(here: Here) -> None:
    class Contested(MemoryStore):
        def get_lane(self, endpoint: Any) -> Any:
            if endpoint == OTHER:
                raise Transient("the table does not answer")
            return super().get_lane(endpoint)

    queues = MemoryQueues()
    for endpoint in (OTHER, ENDPOINT):
        queues.put_journal(JournalEntry(endpoint, NOON, "r", "shift", "alarm"))
    ticked = tick(replace(here.world, store=Contested(), queues=queues, topic=MemoryTopic()))
    assert ticked.journalled == 1
    assert [entry.endpoint for entry in queues.take_journal()] == [OTHER]


def test_rollouts_that_cannot_be_queued_are_raised(baking: Here) -> None:
    baking.break_calls(("sqs", "SendMessageBatch"))
    with pytest.raises(Transient):
        tick(baking.world)
