"""The two tables: `state` (lanes, evidence, outbox) and `audit` (append only). Codecs are in modules of their own."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from pointsman.adapters.aws.evidence_codec import evidence_from, evidence_to
from pointsman.adapters.aws.faults import code_of
from pointsman.adapters.aws.items import (
    LANE,
    OPEN_INDEX,
    Item,
    audit_item,
    key,
    lane_item,
    minute_item,
    names,
    outgoing_item,
    outgoing_key,
)
from pointsman.adapters.aws.lane_codec import (
    lane_from,
    readable,
)
from pointsman.adapters.aws.outbox_codec import outgoing_or_notice
from pointsman.core.audit import Record
from pointsman.core.judge import Evidence, Judged
from pointsman.core.lane import Lane
from pointsman.core.outgoing import Outgoing
from pointsman.errors import Conflict, PointsmanError, Transient
from pointsman.policy import EndpointName
from pointsman.ports import Write

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

EVIDENCE = "evidence"
LOST_CODES = frozenset({"ConditionalCheckFailed", "TransactionConflict"})
MAX_ROUNDS = 5


class DynamoStore:
    """Implements `ports.Store`. Whatever keeps the tables from answering is Transient: a rollback goes on without them."""

    def __init__(self, client: DynamoDBClient, state_table: str, audit_table: str) -> None:
        """Take a client and the names of the tables."""
        self._client: Any = client
        self._state = state_table
        self._audit = audit_table

    def get_lane(self, endpoint: EndpointName) -> Lane:
        """One consistent GetItem."""
        item = self._get(endpoint, LANE)
        if item is None:
            return Lane(endpoint)
        with readable(f"state of endpoint {endpoint} (table {self._state})"):
            return lane_from(json.loads(item["body"]["S"]))

    def commit(self, write: Write) -> None:
        """One TransactWriteItems: lane, record, and what is to be sent."""
        actions = [
            {"Put": {"TableName": self._state, "Item": lane_item(write.after)} | _fence(write.before.fence)},
            {"Put": {"TableName": self._audit, "Item": audit_item(write.record)} | _absent()},
            {"Put": {"TableName": self._state, "Item": outgoing_item(write.outgoing)}},
        ]
        try:
            self._client.transact_write_items(TransactItems=actions, ClientRequestToken=str(uuid.uuid4()))
        except ClientError as err:
            raise _lost_or_down(err, f"endpoint {write.after.endpoint}") from err
        except BotoCoreError as err:
            raise Transient(f"table {self._state}: {err}") from err

    def find_open(self) -> list[EndpointName]:
        """Query the sparse index."""
        return [names(item)[0] for item in self._query_open("rollout")]

    def find_evidence(self, endpoint: EndpointName) -> Evidence | None:
        """One consistent GetItem."""
        item = self._get(endpoint, EVIDENCE)
        if item is None:
            return None
        with readable(f"evidence of endpoint {endpoint} (table {self._state})"):
            return evidence_from(json.loads(item["body"]["S"]))

    def put_evidence(
        self, endpoint: EndpointName, before: Evidence | None, after: Evidence, minutes: list[Judged]
    ) -> None:
        """The evidence on condition that it is where it was read; then its minutes, each a row that may be written again."""
        mark = _mark(before) if before else ""
        item = key(endpoint, EVIDENCE) | {
            "body": {"S": json.dumps(evidence_to(after), separators=(",", ":"))},
            "mark": {"S": _mark(after)},
        }
        condition: Item = (
            {"ConditionExpression": "mark = :m", "ExpressionAttributeValues": {":m": {"S": mark}}}
            if mark
            else _absent()
        )
        try:
            self._client.put_item(TableName=self._state, Item=item, **condition)
            self._put_minutes(endpoint, after.window, minutes)
        except ClientError as err:
            raise _lost_or_down(err, f"evidence of endpoint {endpoint}") from err
        except BotoCoreError as err:
            raise Transient(f"table {self._state}: {err}") from err

    def find_unsent(self) -> list[Outgoing]:
        """Query the sparse index. One that is broken is told of in its place, so that it holds up no other."""
        found = [
            outgoing_or_notice(*names(item), item["message"]["S"]) for item in self._query_open("message")
        ]
        return sorted(found, key=_by_age)

    def keep_unsent(self, outgoing: Outgoing) -> None:
        """Write it anew, unless it was deleted meanwhile: then both parts were sent."""
        exists = {"ConditionExpression": "attribute_exists(pk)"}
        try:
            self._client.put_item(TableName=self._state, Item=outgoing_item(outgoing), **exists)
        except ClientError as err:
            lost = _lost_or_down(err, f"outbox of endpoint {outgoing.endpoint}")
            if not isinstance(lost, Conflict):
                raise lost from err
        except BotoCoreError as err:
            raise Transient(f"table {self._state}: {err}") from err

    def mark_sent(self, outgoing: Outgoing) -> None:
        """Delete it from the outbox."""
        self._call("delete_item", TableName=self._state, Key=outgoing_key(outgoing))

    def _put_minutes(self, endpoint: EndpointName, window: str, minutes: list[Judged]) -> None:
        puts = [{"PutRequest": {"Item": minute_item(endpoint, window, minute)}} for minute in minutes]
        for start in range(0, len(puts), 25):
            request: Item = {self._state: puts[start : start + 25]}
            for _ in range(MAX_ROUNDS):
                request = self._client.batch_write_item(RequestItems=request).get("UnprocessedItems") or {}
                if not request:
                    break
            if request:
                raise Transient(f"minutes of endpoint {endpoint} were not taken in {MAX_ROUNDS} rounds")

    def _get(self, endpoint: EndpointName, sort: str) -> Item | None:
        answer = self._call("get_item", TableName=self._state, Key=key(endpoint, sort), ConsistentRead=True)
        item: Item | None = answer.get("Item")
        return item

    def _query_open(self, kind: str) -> list[Item]:
        found: list[Item] = []
        start: Item = {}
        while True:
            answer = self._call(
                "query",
                TableName=self._state,
                IndexName=OPEN_INDEX,
                KeyConditionExpression="#open = :kind",
                ExpressionAttributeNames={"#open": OPEN_INDEX},
                ExpressionAttributeValues={":kind": {"S": kind}},
                **start,
            )
            found += answer["Items"]
            if not answer.get("LastEvaluatedKey"):
                return found
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def _call(self, operation: str, **request: Any) -> Item:  # noqa: ANN401 - boto3's parameters
        try:
            answer: Item = getattr(self._client, operation)(**request)
        except (ClientError, BotoCoreError) as err:
            raise Transient(f"table {self._state}: {err}") from err
        return answer


def table_definitions(state_table: str, audit_table: str) -> tuple[Item, Item]:
    """CreateTable requests of both tables: what the local run makes, and what a deployment must be like."""
    keys = [("pk", "HASH"), ("sk", "RANGE")]
    schema = [{"AttributeName": name, "KeyType": kind} for name, kind in keys]
    index = {
        "IndexName": OPEN_INDEX,
        "KeySchema": [
            {"AttributeName": OPEN_INDEX, "KeyType": "HASH"},
            {"AttributeName": "pk", "KeyType": "RANGE"},
        ],
        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["message"]},
    }
    text = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", OPEN_INDEX)]
    state = {"TableName": state_table, "KeySchema": schema, "AttributeDefinitions": text}
    numbered = [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "N"}]
    audit = {"TableName": audit_table, "KeySchema": schema, "AttributeDefinitions": numbered}
    mode = {"BillingMode": "PAY_PER_REQUEST"}
    return state | mode | {"GlobalSecondaryIndexes": [index]}, audit | mode


def record_from(item: Item) -> Record:
    """An audit item as a record."""
    return Record(
        item["pk"]["S"], int(item["sk"]["N"]), item["prev_hash"]["S"], item["hash"]["S"], item["body"]["S"]
    )


def _by_age(outgoing: Outgoing) -> tuple[str, int]:
    return outgoing.endpoint, outgoing.event.seq if outgoing.event else 0


def _fence(fence: int) -> Item:
    if fence == 0:
        return _absent()
    return {"ConditionExpression": "fence = :f", "ExpressionAttributeValues": {":f": {"N": str(fence)}}}


def _absent() -> Item:
    return {"ConditionExpression": "attribute_not_exists(pk)"}


def _mark(evidence: Evidence) -> str:
    moment: datetime = evidence.until
    return f"{evidence.window}@{moment.isoformat()}"


def _lost_or_down(error: ClientError, what: str) -> PointsmanError:
    reasons = error.response.get("CancellationReasons", [])
    codes = {str(reason.get("Code")) for reason in reasons} if isinstance(reasons, list) else set()
    if (codes | {code_of(error).removesuffix("Exception")}) & LOST_CODES:
        return Conflict(f"{what}: somebody else wrote first")
    return Transient(f"{what}: {error}")
