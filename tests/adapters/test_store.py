"""What every store keeps to: the one on DynamoDB, and the one in memory that other tests build on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pointsman.core.lane import Lane
from pointsman.errors import Conflict
from pointsman.policy import EndpointName
from pointsman.ports import Store
from tests.adapters.lanes import NOON, evidence, full_lane, message, minute, outgoing, write_of
from tests.functions.account import ENDPOINT, OTHER
from tests.functions.world import installed
from tests.worlds.memory import MemoryStore


@pytest.fixture(params=["dynamodb", "memory"])
def store(request: Any) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    with installed() as here:
        yield here.world.store


class TestLane:
    def test_an_endpoint_never_heard_of_has_an_empty_lane(self, store: Store) -> None:
        assert store.get_lane(ENDPOINT) == Lane(ENDPOINT)

    def test_a_lane_comes_back_whole(self, store: Store) -> None:
        write = write_of(Lane(ENDPOINT), full_lane())
        store.commit(write)
        assert store.get_lane(ENDPOINT) == write.after

    def test_a_lane_without_a_rollout_comes_back_whole(self, store: Store) -> None:
        write = write_of(Lane(ENDPOINT))
        store.commit(write)
        assert store.get_lane(ENDPOINT) == write.after

    def test_endpoints_are_kept_apart(self, store: Store) -> None:
        store.commit(write_of(Lane(ENDPOINT), full_lane()))
        assert store.get_lane(OTHER) == Lane(OTHER)

    def test_of_two_that_read_the_same_lane_one_writes(self, store: Store) -> None:
        store.commit(write_of(Lane(ENDPOINT)))
        read = store.get_lane(ENDPOINT)
        store.commit(write_of(read, full_lane()))
        with pytest.raises(Conflict, match=ENDPOINT):
            store.commit(write_of(read))
        assert store.get_lane(ENDPOINT).rollout is not None

    def test_of_two_that_found_nothing_one_writes(self, store: Store) -> None:
        store.commit(write_of(Lane(ENDPOINT)))
        with pytest.raises(Conflict):
            store.commit(write_of(Lane(ENDPOINT), full_lane()))
        assert store.get_lane(ENDPOINT).rollout is None

    def test_a_number_of_the_chain_is_given_once(self, store: Store) -> None:
        store.commit(write_of(Lane(ENDPOINT)))
        forked = replace(store.get_lane(ENDPOINT), head=Lane(ENDPOINT).head)
        with pytest.raises(Conflict):
            store.commit(write_of(forked))
        assert store.get_lane(ENDPOINT).fence == 1

    def test_a_write_that_lost_leaves_nothing_to_be_sent(self, store: Store) -> None:
        first = write_of(Lane(ENDPOINT))
        store.commit(first)
        with pytest.raises(Conflict):
            store.commit(write_of(Lane(ENDPOINT), told=message()))
        assert store.find_unsent() == [first.outgoing]


class TestOpen:
    def test_only_lanes_with_a_rollout_are_found(self, store: Store) -> None:
        store.commit(write_of(Lane(ENDPOINT), full_lane()))
        store.commit(write_of(Lane(OTHER)))
        assert store.find_open() == [ENDPOINT]

    def test_a_lane_whose_rollout_was_closed_is_not_found_any_more(self, store: Store) -> None:
        store.commit(write_of(Lane(ENDPOINT), full_lane()))
        lane = store.get_lane(ENDPOINT)
        store.commit(write_of(lane, replace(lane, rollout=None)))
        assert store.find_open() == []

    def test_all_of_many_are_found(self, store: Store) -> None:
        names = [EndpointName(f"endpoint-{number:02}") for number in range(30)]
        for name in names:
            store.commit(write_of(Lane(name), full_lane(name)))
        assert sorted(store.find_open()) == names


class TestOutbox:
    def test_event_and_message_wait_until_they_are_marked(self, store: Store) -> None:
        write = write_of(Lane(ENDPOINT), told=message())
        store.commit(write)
        assert store.find_unsent() == [write.outgoing]
        store.mark_sent(write.outgoing)
        assert store.find_unsent() == []

    def test_every_record_leaves_an_event(self, store: Store) -> None:
        store.commit(write_of(Lane(ENDPOINT)))
        [found] = store.find_unsent()
        assert found.event is not None
        assert found.message is None

    def test_of_one_endpoint_they_are_found_in_the_order_of_their_records(self, store: Store) -> None:
        lane = Lane(ENDPOINT)
        for _ in range(12):
            store.commit(write_of(lane))
            lane = store.get_lane(ENDPOINT)
        assert [each.id for each in store.find_unsent()] == [
            f"rollouts#{ENDPOINT}:{seq}" for seq in range(1, 13)
        ]

    def test_what_one_receiver_took_is_kept_for_the_other(self, store: Store) -> None:
        write = write_of(Lane(ENDPOINT), told=message())
        store.commit(write)
        rest = replace(write.outgoing, message=None)
        store.keep_unsent(rest)
        assert store.find_unsent() == [rest]

    def test_what_was_marked_meanwhile_does_not_come_back(self, store: Store) -> None:
        store.commit(write_of(Lane(ENDPOINT), told=message()))
        [found] = store.find_unsent()
        store.mark_sent(found)
        store.keep_unsent(replace(found, message=None))
        assert store.find_unsent() == []

    def test_marking_twice_is_harmless(self, store: Store) -> None:
        write = write_of(Lane(ENDPOINT))
        store.commit(write)
        other = replace(outgoing(), id=f"rollouts#{ENDPOINT}:2")
        store.mark_sent(other)
        store.mark_sent(other)
        assert store.find_unsent() == [write.outgoing]

    def test_what_is_to_be_sent_is_not_taken_for_a_rollout(self, store: Store) -> None:
        store.commit(write_of(Lane(ENDPOINT), told=message()))
        assert store.find_open() == []


class TestEvidence:
    def test_there_is_none_at_first(self, store: Store) -> None:
        assert store.find_evidence(ENDPOINT) is None

    def test_it_comes_back_whole(self, store: Store) -> None:
        store.put_evidence(ENDPOINT, None, evidence(2), [minute()])
        assert store.find_evidence(ENDPOINT) == evidence(2)

    def test_it_grows_from_where_it_was_read(self, store: Store) -> None:
        store.put_evidence(ENDPOINT, None, evidence(1), [minute()])
        store.put_evidence(ENDPOINT, evidence(1), evidence(2), [minute(NOON + timedelta(minutes=1))])
        assert store.find_evidence(ENDPOINT) == evidence(2)

    def test_of_two_that_gather_the_same_minutes_one_writes(self, store: Store) -> None:
        store.put_evidence(ENDPOINT, None, evidence(1), [])
        with pytest.raises(Conflict):
            store.put_evidence(ENDPOINT, None, evidence(3), [])
        store.put_evidence(ENDPOINT, evidence(1), evidence(2), [])
        with pytest.raises(Conflict):
            store.put_evidence(ENDPOINT, evidence(1), evidence(3), [])
        assert store.find_evidence(ENDPOINT) == evidence(2)

    def test_it_does_not_move_the_fence_of_the_lane(self, store: Store) -> None:
        store.commit(write_of(Lane(ENDPOINT), full_lane()))
        store.put_evidence(ENDPOINT, None, evidence(1), [minute()])
        assert store.get_lane(ENDPOINT).fence == 1

    def test_many_minutes_are_stored_at_once(self, store: Store) -> None:
        minutes = [minute(NOON + timedelta(minutes=number)) for number in range(60)]
        store.put_evidence(ENDPOINT, None, evidence(60), minutes)
        assert store.find_evidence(ENDPOINT) == evidence(60)
