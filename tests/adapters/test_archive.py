"""Reading for people: ranges of records by number, minutes by rollout, and what a table that fails becomes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pointsman.adapters.aws.archive import DynamoArchive
from pointsman.core.audit import GENESIS, chain
from pointsman.core.lane import Lane
from pointsman.core.minutes import Minute, Side
from pointsman.errors import Misconfigured, Transient
from pointsman.policy import EndpointName
from pointsman.ports import Write
from tests.adapters.lanes import NOON, evidence, minute, outgoing
from tests.functions.account import ENDPOINT, OTHER
from tests.functions.world import Here, installed

STREAM = f"rollouts#{ENDPOINT}"


@pytest.fixture(scope="module")
def stored() -> Iterator[Here]:
    """Seven records of one endpoint, two of another; minutes of two rollouts. Only read by the tests that share it."""
    with installed() as here:
        for endpoint, count in ((ENDPOINT, 7), (OTHER, 2)):
            write_records(here, endpoint, count)
        for rollout, windows in (("r.v1", ("step-0", "step-10", "watch")), ("r.v10", ("step-0",))):
            for number, window in enumerate(windows):
                put_minute(here, f"{rollout}/{window}", number)
        yield here


def write_records(here: Here, endpoint: EndpointName, count: int) -> None:
    lane, head = Lane(endpoint), GENESIS
    for number in range(count):
        record = chain(head, f"rollouts#{endpoint}", NOON + timedelta(minutes=number), {"kind": "test"})
        kept = replace(lane, fence=lane.fence + 1, head=record.head)
        here.world.store.commit(Write(lane, kept, record, outgoing(record=record)))
        lane, head = kept, record.head


def put_minute(here: Here, window: str, number: int) -> None:
    at = NOON.replace(microsecond=0) + timedelta(minutes=number)
    counted = Minute(at, Side(30, 1, 2), None if number else Side(3, 0, 1))
    judged = replace(minute(), minute=counted)
    before = here.world.store.find_evidence(ENDPOINT)
    here.world.store.put_evidence(ENDPOINT, before, replace(evidence(number + 1), window=window), [judged])


def numbers(records: Any) -> list[int]:
    return [record.seq for record in records]


@pytest.mark.parametrize(
    ("after", "until", "limit", "found"),
    [
        (0, 7, 99, [1, 2, 3, 4, 5, 6, 7]),
        (2, 5, 99, [3, 4, 5]),
        (2, 7, 2, [3, 4]),
        (7, 7, 99, []),
        (9, 3, 99, []),
        (6, 99, 99, [7]),
    ],
)
def test_records_are_read_forward(stored: Here, after: int, until: int, limit: int, found: list[int]) -> None:
    assert numbers(stored.world.archive.read_forward(STREAM, after, until, limit)) == found


@pytest.mark.parametrize(
    ("before", "limit", "found"),
    [(None, 3, [7, 6, 5]), (5, 2, [4, 3]), (1, 9, []), (2, 9, [1]), (None, 99, [7, 6, 5, 4, 3, 2, 1])],
)
def test_records_are_read_backward(stored: Here, before: int | None, limit: int, found: list[int]) -> None:
    assert numbers(stored.world.archive.read_backward(STREAM, before, limit)) == found


def test_streams_are_kept_apart(stored: Here) -> None:
    assert numbers(stored.world.archive.read_backward(f"rollouts#{OTHER}", None, 9)) == [2, 1]


def test_one_record_is_found_by_its_number(stored: Here) -> None:
    found = stored.world.archive.find_record(STREAM, 4)
    assert found is not None
    assert (found.seq, found.stream) == (4, STREAM)
    assert stored.world.archive.find_record(STREAM, 8) is None


def test_minutes_are_those_of_the_rollout_alone_with_both_sides(stored: Here) -> None:
    found = stored.world.archive.read_minutes(ENDPOINT, "r.v1", "", 99)
    assert [each.window for each in found] == ["step-0", "step-10", "watch"]
    assert found[0].minute == Minute(NOON.replace(microsecond=0), Side(30, 1, 2), Side(3, 0, 1))
    assert found[1].minute.candidate is None


def test_minutes_go_on_behind_a_mark(stored: Here) -> None:
    archive = stored.world.archive
    first = archive.read_minutes(ENDPOINT, "r.v1", "", 2)
    rest = archive.read_minutes(ENDPOINT, "r.v1", first[-1].mark, 9)
    assert [each.window for each in first + rest] == ["step-0", "step-10", "watch"]


def test_pages_of_the_table_are_joined() -> None:
    """A page holds 1 MB: a client that gives one record at a time is asked until there are enough."""

    class Pages:
        def __init__(self) -> None:
            self.asked: list[Any] = []

        def query(self, **request: Any) -> Any:
            self.asked.append(request)
            number = int(request.get("ExclusiveStartKey", {"sk": {"N": "0"}})["sk"]["N"]) + 1
            item = {"pk": {"S": "s"}, "sk": {"N": str(number)}}
            text = {"prev_hash": {"S": "p"}, "hash": {"S": "h"}, "body": {"S": "{}"}}
            more = {"LastEvaluatedKey": item} if number < 5 else {}
            return {"Items": [item | text], **more}

    pages: Any = Pages()
    archive = DynamoArchive(pages, "state", "audit")
    assert numbers(archive.read_forward("s", 0, 9, 3)) == [1, 2, 3]
    assert [request["Limit"] for request in pages.asked] == [3, 2, 1]
    assert numbers(archive.read_forward("s", 0, 9, 99)) == [1, 2, 3, 4, 5]


def test_a_table_that_does_not_answer_is_transient(stored: Here) -> None:
    stored.break_table()
    try:
        with pytest.raises(Transient, match="table pointsman-audit"):
            stored.world.archive.read_backward(STREAM, None, 9)
        with pytest.raises(Transient, match="table pointsman-state"):
            stored.world.archive.read_minutes(ENDPOINT, "r.v1", "", 9)
    finally:
        stored.mend()


def test_a_minute_that_cannot_be_read_is_named(stored: Here) -> None:
    key = {"pk": {"S": f"endpoint#{OTHER}"}, "sk": {"S": "minute#r.v9/watch#2026-11-20T12:00"}}
    stored.wire.client("dynamodb").put_item(TableName="pointsman-state", Item=key | {"body": {"S": "[]"}})
    with pytest.raises(Misconfigured, match=re.escape("minute#r.v9/watch")):
        stored.world.archive.read_minutes(OTHER, "r.v9", "", 9)
