"""The newest audit records of an endpoint, read backwards and only so far. What they tell is worked out by whoever reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.dynamodb import record_from
from pointsman.adapters.aws.faults import mapped
from pointsman.core.audit import Record

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_RECORDS = 400
"""Some ten releases."""


class PastRecords:
    """Implements `forecast.RecordBook`."""

    def __init__(self, client: DynamoDBClient, audit_table: str) -> None:
        """Take a client and the table's name."""
        self._client: Any = client
        self._table = audit_table

    def newest(self, stream: str) -> list[Record]:
        """One page of the stream, oldest first. Raises NotFound without the table, Denied or Transient."""
        with mapped(f"Query {self._table}"):
            answer: dict[str, Any] = self._client.query(
                TableName=self._table,
                KeyConditionExpression="pk = :stream",
                ExpressionAttributeValues={":stream": {"S": stream}},
                ScanIndexForward=False,
                Limit=MOST_RECORDS,
            )
        return [record_from(item) for item in reversed(answer["Items"])]
