"""What an installation writes and sends is heard once it is written and sent, and not before."""

from datetime import timedelta

import pytest

from local.running import Running
from pointsman.errors import Transient
from pointsman.record import note
from tests.local.worlds import told


def test_every_record_of_the_audit_table_is_heard_in_its_order(world: Running) -> None:
    told(world, "approve", group="chat-llm", character="good")
    told(world, "advance", duration_s=600)

    heard = world.here.heard.records

    assert sorted(heard, key=lambda each: (each.stream, each.seq)) == world.here.records()
    assert [each.facts()["at"] for each in heard] == sorted(each.facts()["at"] for each in heard)
    assert len(heard) > 5


def test_a_message_is_heard_with_its_time(world: Running) -> None:
    begun = world.here.kernel.now
    told(world, "approve", group="chat-llm", character="good")
    told(world, "advance", duration_s=60)

    [first, *_] = world.here.heard.told

    assert "PREPARING" in first.message.subject
    assert begun < first.at <= begun + timedelta(minutes=1)


def test_what_could_not_be_stored_is_not_heard(world: Running) -> None:
    told(
        world,
        "fault",
        kind="fail",
        service="dynamodb",
        operation="TransactWriteItems",
        code="InternalServerError",
        times=1,
    )
    count = len(world.here.heard.records)
    store = world.here.world.store
    lane = store.get_lane(world.here.policies.endpoints()[0])

    with pytest.raises(Transient):
        note(world.here.world, lane, lane, "anything")

    assert len(world.here.heard.records) == count
