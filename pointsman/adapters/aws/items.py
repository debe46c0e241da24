"""Items of the two tables: their keys, and what stands in them. Reading and writing them is `dynamodb.py`."""

from __future__ import annotations

import json
from typing import Any

from pointsman.adapters.aws.evidence_codec import judged_to
from pointsman.adapters.aws.lane_codec import lane_to
from pointsman.adapters.aws.outbox_codec import outgoing_to
from pointsman.core.audit import Record
from pointsman.core.judge import Judged
from pointsman.core.lane import Lane
from pointsman.core.outgoing import Outgoing
from pointsman.policy import EndpointName

OPEN_INDEX = "open"
LANE = "lane"
MINUTE_DAYS = 90

Item = dict[str, Any]


def key(endpoint: EndpointName, sort: str) -> Item:
    """Key of an item of the state table."""
    return {"pk": {"S": f"endpoint#{endpoint}"}, "sk": {"S": sort}}


def outgoing_key(outgoing: Outgoing) -> Item:
    """Key of what is still to be sent."""
    return key(outgoing.endpoint, f"message#{outgoing.id}")


def names(item: Item) -> tuple[EndpointName, str]:
    """Endpoint of an item of the state table, and the sort key, of what is to be sent its id."""
    sort = item["sk"]["S"].removeprefix("message#")
    return EndpointName(item["pk"]["S"].removeprefix("endpoint#")), sort


def lane_item(lane: Lane) -> Item:
    """A lane; with a rollout it stands in the index."""
    item = key(lane.endpoint, LANE) | {
        "fence": {"N": str(lane.fence)},
        "body": {"S": json.dumps(lane_to(lane))},
    }
    return item | {OPEN_INDEX: {"S": "rollout"}} if lane.rollout is not None else item


def audit_item(record: Record) -> Item:
    """A record, for the audit table."""
    return {
        "pk": {"S": record.stream},
        "sk": {"N": str(record.seq)},
        "prev_hash": {"S": record.prev_hash},
        "hash": {"S": record.hash},
        "body": {"S": record.body},
    }


def outgoing_item(outgoing: Outgoing) -> Item:
    """What is still to be sent. Both parts are in `message`: what an index projects cannot be changed where it exists."""
    text = {OPEN_INDEX: {"S": "message"}, "message": {"S": outgoing_to(outgoing)}}
    return outgoing_key(outgoing) | text


def minute_item(endpoint: EndpointName, window: str, judged: Judged) -> Item:
    """One minute of both sides, and what was said of it. It expires."""
    at = judged.minute.at
    expires = int(at.timestamp()) + MINUTE_DAYS * 86_400
    row = key(endpoint, f"minute#{window}#{at:%Y-%m-%dT%H:%M}")
    body = json.dumps(judged_to(judged), separators=(",", ":"))
    return row | {"body": {"S": body}, "expires": {"N": str(expires)}}
