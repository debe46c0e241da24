"""Where calls go: the address of one call of each service, and for what it is signed. Run on its own with the folder of a zip."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])

import botocore.session
from botocore.config import Config

REGIONS = ("us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1")
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "application-autoscaling": ("describe_scalable_targets", {"ServiceNamespace": "sagemaker"}),
    "cloudwatch": ("describe_alarms", {}),
    "dynamodb": ("get_item", {"TableName": "state", "Key": {"pk": {"S": "a"}}}),
    "events": (
        "put_events",
        {"Entries": [{"EventBusName": "a", "Source": "a", "DetailType": "a", "Detail": "{}"}]},
    ),
    "sagemaker": ("describe_endpoint", {"EndpointName": "a"}),
    "sagemaker-runtime": ("invoke_endpoint", {"EndpointName": "a", "Body": b""}),
    "service-quotas": ("list_service_quotas", {"ServiceCode": "sagemaker"}),
    "sns": ("publish", {"TopicArn": "arn:aws:sns:us-east-1:111122223333:a", "Message": "a"}),
    "sqs": ("send_message", {"QueueUrl": "https://queue.local/1/a", "MessageBody": "a"}),
}


class Sent(Exception):
    """What was about to leave."""


def addresses() -> dict[str, str]:
    """Service, Region and FIPS to the address and the scope of the signature. Nothing is sent."""
    session = botocore.session.Session()
    session.set_credentials("made-up", "made-up")
    return {
        f"{service} {region} {is_fips}": _address(session, service, region, is_fips=is_fips)
        for service in CALLS
        for region in REGIONS
        for is_fips in (False, True)
    }


def _address(session: botocore.session.Session, service: str, region: str, *, is_fips: bool) -> str:
    client: Any = session.create_client(service, region, config=Config(use_fips_endpoint=is_fips))
    client.meta.events.register("before-send", _stop)
    method, request = CALLS[service]
    try:
        getattr(client, method)(**request)
    except Sent as sent:
        return str(sent)
    raise AssertionError(f"{service} sent nothing")


def _stop(request: Any, **_: Any) -> None:
    scope = re.search(r"Credential=[^/]+/\d+/([^,]+)", str(request.headers["Authorization"]))
    raise Sent(f"{request.url} {scope and scope[1]}")


if __name__ == "__main__":
    json.dump(addresses(), sys.stdout)
