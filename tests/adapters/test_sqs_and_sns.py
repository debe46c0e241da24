"""The queues and the topic: batches, the journal's way there and back, the stable id of a message."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from pointsman.adapters.aws.sns import SnsTopic
from pointsman.adapters.aws.sqs import SqsQueues
from pointsman.core.phases import Cause
from pointsman.errors import Transient
from pointsman.policy import EndpointName
from pointsman.ports import JournalEntry
from tests.adapters.lanes import NOON, message
from tests.functions.account import ENDPOINT
from tests.functions.world import Here

ENTRY = JournalEntry(ENDPOINT, NOON, "Fraud-Prod.v7", "shift", "älarm fired", cause=Cause.ALARM.value)


class TestDue:
    def test_each_endpoint_is_a_message_of_its_own(self, here: Here) -> None:
        names = [EndpointName(f"endpoint-{number}") for number in range(23)]
        here.asked.clear()
        here.world.queues.put_due(names)
        assert here.asked == [("sqs", "SendMessageBatch")] * 3
        found = [body["endpoint"] for _ in range(3) for body in here.drain()]
        assert sorted(found) == sorted(names)

    def test_nobody_is_due_without_a_call(self, here: Here) -> None:
        here.asked.clear()
        here.world.queues.put_due([])
        assert here.asked == []

    def test_a_message_that_was_not_taken_is_transient(self) -> None:
        class HalfTaking:
            def send_message_batch(self, **_: Any) -> Any:
                return {"Successful": [{}], "Failed": [{"Id": "1"}]}

        queues = SqsQueues(HalfTaking(), "due", "journal")  # type: ignore[arg-type]
        with pytest.raises(Transient, match="1 of 2"):
            queues.put_due([EndpointName("a"), EndpointName("b")])


class TestJournal:
    def test_an_entry_comes_back_whole_until_it_is_dropped(self, here: Here) -> None:
        queues = here.world.queues
        queues.put_journal(ENTRY)
        [found] = queues.take_journal()
        assert replace(found, receipt="") == ENTRY
        assert found.receipt
        assert len(queues.take_journal()) == 1
        queues.drop_journal(queues.take_journal()[0])
        assert queues.take_journal() == []

    @pytest.mark.parametrize("body", ["{", "[]", "null", "{}", '{"endpoint": "x", "at": "noon"}', "7"])
    def test_what_is_no_entry_holds_up_no_other(self, here: Here, body: str) -> None:
        sqs = here.wire.client("sqs")
        sqs.send_message(QueueUrl=here.settings.journal_queue_url, MessageBody=body)
        here.world.queues.put_journal(ENTRY)
        assert [entry.rollout for entry in here.world.queues.take_journal()] == ["Fraud-Prod.v7"]


class Publishing:
    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def publish(self, **request: Any) -> None:
        self.sent.append(request)


class TestTopic:
    def test_a_message_carries_its_stable_id_and_its_endpoint(self) -> None:
        client = Publishing()
        SnsTopic(client, "arn:default").send(message())  # type: ignore[arg-type]
        [sent] = client.sent
        assert sent["TopicArn"] == "arn:default"
        assert sent["MessageAttributes"]["message_id"]["StringValue"] == message().id
        assert sent["MessageAttributes"]["endpoint"]["StringValue"] == ENDPOINT
        assert (sent["Subject"], sent["Message"]) == (message().subject, message().body)

    def test_a_policy_of_its_own_topic_gets_it_there(self) -> None:
        client = Publishing()
        SnsTopic(client, "arn:default").send(replace(message(), topic="arn:team"))  # type: ignore[arg-type]
        assert client.sent[0]["TopicArn"] == "arn:team"

    def test_a_body_beyond_the_limit_is_cut_between_characters(self) -> None:
        client = Publishing()
        SnsTopic(client, "arn:default").send(replace(message(), body="ü" * 200_000))  # type: ignore[arg-type]
        body = client.sent[0]["Message"]
        assert len(body.encode()) <= 256 * 1024
        assert set(body) == {"ü"}

    def test_the_same_message_keeps_its_id_when_it_is_sent_again(self, baking: Here) -> None:
        ids: list[str] = []
        baking.world.topic._client.meta.events.register(  # type: ignore[attr-defined]
            "provide-client-params.sns.Publish",
            lambda params, **_: ids.append(params["MessageAttributes"]["message_id"]["StringValue"]),
        )
        baking.break_calls(("sns", "Publish"))
        baking.deliver("operator_request--abort.json")
        baking.mend()
        baking.deliver("rollout_tick--events-rule-scheduled-event.json")
        assert len(ids) == 2
        assert len(set(ids)) == 1
        assert baking.world.store.find_unsent() == []


def test_a_due_message_is_what_its_handler_reads(here: Here) -> None:
    here.approve()
    here.drain()
    here.world.queues.put_due([ENDPOINT])
    [body] = here.drain()
    answer = here.handle("rollout_due", {"Records": [{"body": json.dumps(body)}]})
    assert answer["endpoint"] == ENDPOINT
