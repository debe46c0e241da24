"""What only the DynamoDB store has: its items, its calls, and what it makes of DynamoDB's refusals."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from pointsman.adapters.aws.dynamodb import DynamoStore, record_from
from pointsman.adapters.aws.lane_codec import lane_from, lane_to, readable, rollout_from, rollout_to
from pointsman.core.lane import MAX_APPROVALS, MAX_REQUESTS, MAX_WHY, Lane
from pointsman.core.outgoing import Outgoing
from pointsman.errors import Conflict, Misconfigured, PointsmanError, Transient
from pointsman.policy import Validation
from tests.adapters.lanes import (
    NOON,
    evidence,
    full_lane,
    full_rollout,
    message,
    minute,
    outgoing,
    write_of,
)
from tests.functions.account import ENDPOINT
from tests.functions.world import Here

LONGEST_BODY = 65_536
"""What a policy allows for a first request, of characters that JSON writes as two."""


class Refusing:
    """A client whose every call fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        def call(**_: Any) -> Any:
            raise self._error

        return call


def canceled(*codes: str) -> ClientError:
    answer: Any = {
        "Error": {"Code": "TransactionCanceledException", "Message": "Transaction cancelled"},
        "CancellationReasons": [{"Code": code} for code in codes],
    }
    return ClientError(answer, "TransactWriteItems")


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "AnyCall")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (canceled("ConditionalCheckFailed", "None"), Conflict),
        (canceled("None", "ConditionalCheckFailed"), Conflict),
        (canceled("None", "TransactionConflict"), Conflict),
        (canceled("ThrottlingError", "None"), Transient),
        (canceled("ValidationError", "None"), Transient),
        (refused("TransactionConflictException"), Conflict),
        (refused("ProvisionedThroughputExceededException"), Transient),
        (refused("AccessDeniedException"), Transient),
        (refused("ResourceNotFoundException"), Transient),
        (ConnectTimeoutError(endpoint_url="dynamodb"), Transient),
    ],
)
def test_a_commit_is_lost_or_the_table_is_down(error: Exception, expected: type[PointsmanError]) -> None:
    store = DynamoStore(Refusing(error), "state", "audit")  # type: ignore[arg-type]
    with pytest.raises(expected):
        store.commit(write_of(Lane(ENDPOINT)))


@pytest.mark.parametrize("error", [refused("AccessDeniedException"), ConnectTimeoutError(endpoint_url="d")])
def test_whatever_keeps_a_read_from_its_answer_is_transient_and_names_the_table(error: Exception) -> None:
    store = DynamoStore(Refusing(error), "state", "audit")  # type: ignore[arg-type]
    for read in (
        lambda: store.get_lane(ENDPOINT),
        store.find_open,
        store.find_unsent,
        lambda: store.find_evidence(ENDPOINT),
        lambda: store.mark_sent(outgoing()),
        lambda: store.keep_unsent(outgoing(message())),
        lambda: store.put_evidence(ENDPOINT, None, evidence(1), []),
    ):
        with pytest.raises(Transient):
            read()


def test_a_commit_is_one_call_of_its_own_each_time(here: Here) -> None:
    tokens = []
    assert isinstance(here.world.store, DynamoStore)
    client = here.world.store._client
    client.meta.events.register(
        "provide-client-params.dynamodb.TransactWriteItems",
        lambda params, **_: tokens.append(params["ClientRequestToken"]),
    )
    here.asked.clear()
    here.world.store.commit(write_of(Lane(ENDPOINT)))
    here.world.store.commit(write_of(here.lane(), told=message()))
    assert [call for _, call in here.asked] == ["TransactWriteItems", "GetItem", "TransactWriteItems"]
    assert len(set(tokens)) == 2


def test_a_record_is_stored_as_it_was_hashed(here: Here) -> None:
    write = write_of(Lane(ENDPOINT))
    here.world.store.commit(write)
    items = here.wire.client("dynamodb").scan(TableName=here.settings.audit_table)["Items"]
    assert [record_from(item) for item in items] == [write.record]


def test_each_minute_is_a_row_that_expires(here: Here) -> None:
    minutes = [minute(NOON + timedelta(minutes=number)) for number in range(60)]
    here.world.store.put_evidence(ENDPOINT, None, evidence(60), minutes)
    items = here.wire.client("dynamodb").scan(TableName=here.settings.state_table)["Items"]
    rows = [item for item in items if item["sk"]["S"].startswith("minute#r/step-0#")]
    assert len(rows) == 60
    assert rows[0]["body"]["S"] == (
        '{"candidate":null,"baseline":[30,0,4],"share_bps":500,"opinion":"BLIND",'
        '"evidence":[1.25,50.0],"e":{"errors":[1.5,0.25],"quality":[1.0]}}'
    )
    assert all(int(row["expires"]["N"]) > NOON.timestamp() + 80 * 86_400 for row in rows)


def test_rows_that_dynamodb_left_over_are_sent_again(here: Here) -> None:
    sent: list[int] = []

    class Leaving:
        def put_item(self, **_: Any) -> None:
            return None

        def batch_write_item(self, RequestItems: Any) -> Any:  # noqa: N803 - boto3's name
            sent.append(len(RequestItems["state"]))
            left = RequestItems["state"][3:]
            return {"UnprocessedItems": {"state": left}} if left else {}

    store = DynamoStore(Leaving(), "state", "audit")  # type: ignore[arg-type]
    store.put_evidence(ENDPOINT, None, evidence(7), [minute()] * 7)
    assert sent == [7, 4, 1]


def test_rows_that_dynamodb_leaves_over_again_and_again_are_given_up_for_now() -> None:
    rounds: list[int] = []

    class Full:
        def put_item(self, **_: Any) -> None:
            return None

        def batch_write_item(self, RequestItems: Any) -> Any:  # noqa: N803 - boto3's name
            rounds.append(len(RequestItems["state"]))
            assert len(rounds) < 100
            return {"UnprocessedItems": RequestItems}

    store = DynamoStore(Full(), "state", "audit")  # type: ignore[arg-type]
    with pytest.raises(Transient, match="minutes of endpoint Fraud-Prod were not taken in 5 rounds"):
        store.put_evidence(ENDPOINT, None, evidence(7), [minute()] * 7)
    assert len(rounds) == 5


def test_a_query_is_read_to_its_last_page() -> None:
    class Paged:
        def query(self, ExclusiveStartKey: Any = None, **_: Any) -> Any:  # noqa: N803 - boto3's name
            number = ExclusiveStartKey["n"] + 1 if ExclusiveStartKey else 0
            item = {"pk": {"S": f"endpoint#e{number}"}, "sk": {"S": "lane"}}
            return {"Items": [item]} | ({"LastEvaluatedKey": {"n": number}} if number < 2 else {})

    store = DynamoStore(Paged(), "state", "audit")  # type: ignore[arg-type]
    assert store.find_open() == ["e0", "e1", "e2"]


def put_unsent(here: Here, text: str, name: str = "Fraud-Prod.v7:1") -> None:
    """An outbox item as it may stand in the table."""
    item = {
        "pk": {"S": f"endpoint#{ENDPOINT}"},
        "sk": {"S": f"message#{name}"},
        "open": {"S": "message"},
        "message": {"S": text},
    }
    here.wire.client("dynamodb").put_item(TableName=here.settings.state_table, Item=item)


def test_an_item_of_before_there_were_events_is_read_and_marked(here: Here) -> None:
    put_unsent(here, json.dumps(dataclasses.asdict(message())))
    [found] = here.world.store.find_unsent()
    assert found == Outgoing(message().id, ENDPOINT, None, message())
    here.world.store.mark_sent(found)
    assert here.world.store.find_unsent() == []


@pytest.mark.parametrize("text", ["{", "[]", "7", "{}", '{"event": {"id": "x"}, "message": null}'])
def test_in_the_place_of_a_broken_item_people_get_a_notice(here: Here, text: str) -> None:
    put_unsent(here, text)
    here.world.store.commit(write_of(Lane(ENDPOINT)))
    notice, other = here.world.store.find_unsent()
    assert notice.message is not None
    assert "a stored message is broken" in notice.message.subject
    assert other.event is not None


class TestCodec:
    def test_a_lane_comes_back_whole(self) -> None:
        assert lane_from(lane_to(full_lane())) == full_lane()

    @pytest.mark.parametrize("key", list(lane_to(full_lane())))
    def test_a_lane_that_lacks_a_field_is_misconfigured(self, here: Here, key: str) -> None:
        body = {name: value for name, value in lane_to(full_lane()).items() if name != key}
        item = {"pk": {"S": f"endpoint#{ENDPOINT}"}, "sk": {"S": "lane"}, "body": {"S": json.dumps(body)}}
        here.wire.client("dynamodb").put_item(TableName=here.settings.state_table, Item=item)
        with pytest.raises(Misconfigured, match=f"state of endpoint {ENDPOINT}.*{key}"):
            here.lane()

    @pytest.mark.parametrize("key", sorted(set(rollout_to(full_rollout())) - {"reported"}))
    def test_a_rollout_that_lacks_a_field_is_misconfigured(self, key: str) -> None:
        stored = {name: value for name, value in rollout_to(full_rollout()).items() if name != key}
        with pytest.raises(Misconfigured, match=key), readable("state"):
            rollout_from(stored)

    def test_a_rollout_that_began_before_the_judge_could_only_report_has_reported_nothing(self) -> None:
        stored = {name: value for name, value in rollout_to(full_rollout()).items() if name != "reported"}
        assert rollout_from(stored) == replace(full_rollout(), reported="")

    def test_a_lane_after_many_years_fits_into_an_item(self) -> None:
        longest = replace(full_rollout().plan, validation=Validation(body='"' * LONGEST_BODY))
        rollout = replace(full_rollout(), plan=longest, cause_reason="x" * 5000)
        old = replace(
            full_lane(),
            rollout=rollout,
            approvals=dict.fromkeys(range(50000, 50000 + MAX_APPROVALS), NOON),
            adopted=tuple(range(1, 10_000)),
            quarantined=dict.fromkeys(range(100), "x" * MAX_WHY),
            requests=("r" * 255,) * MAX_REQUESTS,
        )
        assert len(json.dumps(lane_to(old)).encode()) < 400_000 * 0.9
