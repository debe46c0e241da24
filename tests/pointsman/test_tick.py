"""The minute tick: rollouts first; what is left over gets done; one thing that fails holds up no other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pointsman.errors import Denied, Transient
from pointsman.ports import JournalEntry, Message
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


def message(stable_id: str, endpoint: Any = ENDPOINT) -> Message:
    return Message(stable_id, endpoint, "", "subject", "body")


def test_a_message_that_cannot_be_sent_holds_up_no_other(here: Here) -> None:
    store, topic = MemoryStore(), PickyTopic()
    store.unsent = {"1": message("1", OTHER), "2": message("2")}
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


def test_rollouts_are_queued_before_anything_else(baking: Here) -> None:
    baking.asked.clear()
    baking.deliver("rollout_tick--events-rule-scheduled-event.json")
    assert baking.asked[:2] == [("dynamodb", "Query"), ("sqs", "SendMessageBatch")]


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
