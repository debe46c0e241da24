"""Reads the two tables for people: records by number, minutes of a rollout. Queries and GetItems only; writing is `dynamodb.py`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from pointsman.adapters.aws.dynamodb import record_from
from pointsman.adapters.aws.evidence_codec import side_from, verdict_from
from pointsman.adapters.aws.lane_codec import readable
from pointsman.archive import KeptMinute
from pointsman.core.audit import Record
from pointsman.core.minutes import Minute
from pointsman.errors import Transient
from pointsman.policy import EndpointName

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]
ABOVE_ALL = 2**53
"""Above every number of a record."""


class DynamoArchive:
    """Implements `archive.Archive`."""

    def __init__(self, client: DynamoDBClient, state_table: str, audit_table: str) -> None:
        """Take a client and the names of the tables."""
        self._client: Any = client
        self._state = state_table
        self._audit = audit_table

    def find_record(self, stream: str, seq: int) -> Record | None:
        """One consistent GetItem."""
        key = {"pk": {"S": stream}, "sk": {"N": str(seq)}}
        answer = self._call("get_item", TableName=self._audit, Key=key, ConsistentRead=True)
        item = answer.get("Item")
        return _record(item) if item else None

    def read_forward(self, stream: str, after: int, until: int, limit: int) -> list[Record]:
        """Query a range of the sort key, consistently."""
        if after >= until:
            return []
        return [_record(item) for item in self._range(stream, after + 1, until, limit, forward=True)]

    def read_backward(self, stream: str, before: int | None, limit: int) -> list[Record]:
        """The same from the end (`ScanIndexForward` false)."""
        last = ABOVE_ALL if before is None else before - 1
        return [_record(item) for item in self._range(stream, 1, last, limit, forward=False)]

    def read_minutes(self, endpoint: EndpointName, rollout: str, after: str, limit: int) -> list[KeptMinute]:
        """Query with `begins_with`: a rollout's minutes stand side by side."""
        prefix, owner = f"minute#{rollout}/", {"S": f"endpoint#{endpoint}"}
        request: Item = {
            "TableName": self._state,
            "KeyConditionExpression": "pk = :e AND begins_with(sk, :m)",
            "ExpressionAttributeValues": {":e": owner, ":m": {"S": prefix}},
        }
        if after:
            request["ExclusiveStartKey"] = {"pk": owner, "sk": {"S": prefix + after}}
        return [_minute(item, prefix) for item in self._pages(request, limit)]

    def _range(self, stream: str, first: int, last: int, limit: int, *, forward: bool) -> list[Item]:
        request = {
            "TableName": self._audit,
            "KeyConditionExpression": "pk = :s AND sk BETWEEN :a AND :b",
            "ExpressionAttributeValues": {
                ":s": {"S": stream},
                ":a": {"N": str(first)},
                ":b": {"N": str(last)},
            },
            "ScanIndexForward": forward,
            "ConsistentRead": True,
        }
        return self._pages(request, limit) if first <= last else []

    def _pages(self, request: Item, limit: int) -> list[Item]:
        """A page holds 1 MB at most: ask until there are enough, or no more."""
        found: list[Item] = []
        while len(found) < limit:
            answer = self._call("query", **request, Limit=limit - len(found))
            found += answer["Items"]
            if not answer.get("LastEvaluatedKey"):
                break
            request = request | {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
        return found

    def _call(self, operation: str, **request: Any) -> Item:  # noqa: ANN401 - boto3's parameters
        try:
            answer: Item = getattr(self._client, operation)(**request)
        except (ClientError, BotoCoreError) as err:
            raise Transient(f"table {request['TableName']}: {err}") from err
        return answer


def _record(item: Item) -> Record:
    with readable(f"audit record {item.get('pk')} {item.get('sk')}"):
        return record_from(item)


def _minute(item: Item, prefix: str) -> KeptMinute:
    sort = item["sk"]["S"]
    with readable(f"minute {sort}"):
        window, _, at = sort.removeprefix(prefix).partition("#")
        body = json.loads(item["body"]["S"])
        moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
        minute = Minute(moment, side_from(body["baseline"]), side_from(body["candidate"]))
        return KeptMinute(window, minute, verdict_from(body))
