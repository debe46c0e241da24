"""Raw events to typed ones. All input is hostile until it went through here; what cannot be read is a BadEvent."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pointsman.approvals import Heard
from pointsman.errors import BadEvent
from pointsman.operate import Command, Request
from pointsman.policy import EndpointName, ModelGroup
from pointsman.question import Ask, Query

NAME = re.compile(r"(?=.{1,63}\Z)[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
PACKAGE = re.compile(
    r"arn:aws[a-z-]*:sagemaker:[a-z0-9-]{1,32}:\d{12}:model-package/[a-zA-Z0-9-]{1,63}/\d{1,9}"
)
MODEL_PACKAGE = frozenset({"SageMaker Model Package State Change"})
ENDPOINT = frozenset({"SageMaker Endpoint State Change", "SageMaker Endpoint Deployment State Change"})
ALARM = frozenset({"CloudWatch Alarm State Change"})
MAX_ALARM_NAME = 255
COMMANDS = frozenset(command.value for command in Command)
MAX_STEP = 100
MAX_VERSION = 999_999_999
"""Nine digits, as `PACKAGE` takes them."""
MAX_LIMIT = 100_000
QUESTIONS = frozenset(ask.value for ask in Ask)


def parse_model_package(event: object) -> tuple[ModelGroup, Heard]:
    """Model package group with the account whose registry it is in, and what the event says of one version."""
    detail = _detail(event, "aws.sagemaker", MODEL_PACKAGE)
    group, package = _text(detail, "ModelPackageGroupName"), _text(detail, "ModelPackageArn")
    if not NAME.fullmatch(group) or not PACKAGE.fullmatch(package):
        raise BadEvent(f"not a versioned model package: {_shown(package)} of group {_shown(group)}")
    fields = detail.get("UpdatedModelPackageFields")
    changed = "ModelApprovalStatus" in fields if isinstance(fields, list) else None
    return ModelGroup(group, package.split(":")[4]), Heard(
        package, changed, _moment(detail.get("LastModifiedTime"))
    )


def parse_endpoint(event: object) -> EndpointName:
    """Name of the endpoint that changed. Its ARN would be lower-cased, so it is not used."""
    detail = _detail(event, "aws.sagemaker", ENDPOINT)
    name = _text(detail, "EndpointName")
    if not NAME.fullmatch(name):
        raise BadEvent(f"not an endpoint name: {_shown(name)}")
    return EndpointName(name)


def parse_alarm(event: object) -> str:
    """Name of the alarm that changed. Its state is read again, so the event's is not used."""
    name = _text(_detail(event, "aws.cloudwatch", ALARM), "alarmName")
    if len(name) > MAX_ALARM_NAME:
        raise BadEvent(f"alarm name of {len(name)} characters")
    return name


def parse_due(event: object) -> EndpointName:
    """The endpoint named by the one message of a queue event."""
    records = event.get("Records") if isinstance(event, Mapping) else None
    if not isinstance(records, list) or len(records) != 1 or not isinstance(records[0], Mapping):
        raise BadEvent("not a queue event with one record")
    try:
        body = json.loads(_text(records[0], "body"))
    except (ValueError, RecursionError) as err:
        raise BadEvent("the message is no JSON") from err
    name = _text(body, "endpoint") if isinstance(body, Mapping) else ""
    if not NAME.fullmatch(name):
        raise BadEvent(f"not an endpoint name: {_shown(name)}")
    return EndpointName(name)


def parse_request(event: object) -> Request:
    """A person's request. Raises BadEvent with a sentence that says what is allowed."""
    if not isinstance(event, Mapping):
        raise BadEvent("a request is an object with command, target, reason, by and request_id")
    values = {}
    for key in ("command", "target", "reason", "by", "request_id"):
        text = _text(event, key)
        if not text.strip() or len(text) > MAX_ALARM_NAME:
            raise BadEvent(f"{key} must be 1 to {MAX_ALARM_NAME} characters of text")
        values[key] = text
    if values["command"] not in COMMANDS:
        raise BadEvent(
            f"command {_shown(values['command'])} is not known; there is: {', '.join(sorted(COMMANDS))}"
        )
    if not NAME.fullmatch(values["target"].split(".", 1)[0]):
        raise BadEvent(f"target {_shown(values['target'])} is neither a rollout's id nor an endpoint's name")
    step, version = _number(event, "step", MAX_STEP), _number(event, "version", MAX_VERSION)
    is_preview = event.get("preview", False)
    if not isinstance(is_preview, bool):
        raise BadEvent(f"preview must be true or false: {_shown(is_preview)}")
    return Request(**values, step=step, version=version, is_preview=is_preview)


def parse_query(event: object) -> Query:
    """A person's question. Raises BadEvent with a sentence that says what is allowed."""
    if not isinstance(event, Mapping):
        raise BadEvent("a question is an object with query, and mostly endpoint or rollout")
    ask = event.get("query")
    if not isinstance(ask, str) or ask not in QUESTIONS:
        raise BadEvent(f"query {_shown(ask)} is not known; there is: {', '.join(sorted(QUESTIONS))}")
    given = {key: _optional(event, key) for key in ("endpoint", "rollout", "next")}
    endpoint, rollout = given["endpoint"], given["rollout"]
    if endpoint and not NAME.fullmatch(endpoint):
        raise BadEvent(f"not an endpoint name: {_shown(endpoint)}")
    if ask == Ask.ROLLOUT and not NAME.fullmatch(rollout.split(".", 1)[0]):
        raise BadEvent(
            f"rollout must be a rollout's id, the beginning of one, or an endpoint: {_shown(rollout)}"
        )
    name = EndpointName(endpoint) if endpoint else None
    return Query(ask, name, rollout, _number(event, "limit", MAX_LIMIT), given["next"])


def _optional(source: Mapping[str, Any], key: str) -> str:
    value = source.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > MAX_ALARM_NAME:
        raise BadEvent(f"{key} must be text of at most {MAX_ALARM_NAME} characters")
    return value


def _number(source: Mapping[str, Any], key: str, most: int) -> int | None:
    value = source.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise BadEvent(f"{key} must be a whole number from 1 to {most}: {_shown(value)}")
    return value


def _detail(event: object, source: str, kinds: frozenset[str]) -> Mapping[str, Any]:
    if not isinstance(event, Mapping):
        raise BadEvent(f"an event is an object, not {type(event).__name__}")
    kind = event.get("detail-type")
    if event.get("source") != source or not isinstance(kind, str) or kind not in kinds:
        raise BadEvent(f"of another source or kind: {_shown(event.get('source'))}, {_shown(kind)}")
    detail = event.get("detail")
    if not isinstance(detail, Mapping):
        raise BadEvent("its detail is no object")
    return detail


def _text(source: Mapping[str, Any], key: str) -> str:
    value = source.get(key)
    if not isinstance(value, str) or not value:
        raise BadEvent(f"{key} is missing or no text: {_shown(value)}")
    return value


def _moment(value: object) -> datetime | None:
    """A time as SageMaker writes it: ISO 8601 text, or epoch milliseconds (facts/aws.md, 1.3)."""
    try:
        if isinstance(value, str):
            parsed = datetime.fromisoformat(value)
            return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _shown(value: object) -> str:
    return ascii(value)[:80]
