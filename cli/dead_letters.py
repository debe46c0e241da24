"""What a dead letter says: which function the event was meant for, why it did not get through, and how it can be replayed. It calls nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pointsman.adapters.aws.dead_letters import Letter
from pointsman.triggers import TRIGGERS, Direct, Pattern, Queue, Schedule

Json = dict[str, Any]
JOURNAL_KEYS = frozenset({"endpoint", "at", "rollout", "act", "reason"})
DUE_KEYS = frozenset({"endpoint"})
NAMES = ("EndpointName", "alarmName", "ModelPackageGroupName", "ModelPackageName")


class Kind(StrEnum):
    """Where an event got lost. Read by programs: never rename a value."""

    FAILED = "failed"
    UNDELIVERED = "undelivered"
    FROM_QUEUE = "from queue"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Home:
    """The installation that the letters belong to."""

    installation: str
    region: str
    account: str

    def name_of(self, trigger: str) -> str:
        """Deployed name of a function."""
        return f"{self.installation}-{trigger.replace('_', '-')}"

    def find_trigger(self, arn: str) -> tuple[str, str]:
        """Name of the trigger behind a function's ARN, or empty with why not."""
        prefix = f":lambda:{self.region}:{self.account}:function:"
        name = arn.partition(prefix)[2].partition(":")[0]
        for trigger in TRIGGERS:
            if self.name_of(trigger.name) == name:
                if isinstance(trigger.started_by, Pattern | Schedule):
                    return trigger.name, ""
                how = (
                    "what a person asked for may no longer be meant: ask anew"
                    if isinstance(trigger.started_by, Direct)
                    else "it is started by its queue alone"
                )
                return "", f"function {name} is not started by a rule; {how}"
        return "", f"{arn or 'its target'} is no function of installation {self.installation} here"


@dataclass(frozen=True, slots=True)
class Dead:
    """A letter that was read. It is replayed by starting `trigger` with `event`, or by putting it back in queue `back_to`.

    `why_not` is empty where it can be.
    """

    letter: Letter
    kind: Kind
    function: str
    cause: str
    tries: int | None
    event: Json
    at: datetime
    trigger: str = ""
    back_to: str = ""
    why_not: str = ""

    def facts(self) -> Json:
        """As documented in docs/operate.md."""
        return {
            "id": self.letter.id,
            "queue": self.letter.queue,
            "kind": self.kind.value,
            "function": self.function or None,
            "at": self.at.isoformat(),
            "tries": self.tries,
            "cause": self.cause,
            "event": in_short(self.event),
            "payload": self.event,
            "why_not": self.why_not or None,
        }


def read_letter(letter: Letter, home: Home) -> Dead:
    """Understand a letter. Whatever it holds, there is an answer; what is not understood cannot be replayed."""
    body = _object(letter.body)
    if body is None:
        why = "its body is no JSON object"
        return Dead(letter, Kind.UNKNOWN, "", "not known", None, {}, letter.sent_at, why_not=why)
    if "requestContext" in body and "requestPayload" in body:
        return _failed(letter, body, home)
    if "TARGET_ARN" in letter.attributes:
        return _undelivered(letter, body, home)
    return _from_queue(letter, body, home)


def in_short(event: Json) -> str:
    """An event in a few words, such as `SageMaker Endpoint State Change of chat-llm`."""
    if event.keys() >= DUE_KEYS and "detail-type" not in event:
        what = "a move back to be recorded" if event.keys() >= JOURNAL_KEYS else "a pass that is due"
        return f"{what}, endpoint {event['endpoint']}"
    detail = event.get("detail")
    named = detail if isinstance(detail, dict) else {}
    name = next((str(named[key]) for key in NAMES if named.get(key)), "")
    said = str(event.get("detail-type") or "an event without a detail-type")
    return f"{said} of {name}" if name else said


def _failed(letter: Letter, body: Json, home: Home) -> Dead:
    """What Lambda's on-failure destination sends."""
    context, answer = _dict(body["requestContext"]), _dict(body.get("responsePayload"))
    arn, event = str(context.get("functionArn", "")), _object(body["requestPayload"])
    trigger, why_not = home.find_trigger(arn)
    if event is None:
        why_not = "the event that it holds is no JSON object"
    error = f"{answer.get('errorType', 'error')}: {answer.get('errorMessage', 'no message')}"
    condition = str(context.get("condition", ""))
    return Dead(
        letter,
        Kind.FAILED,
        _name_in(arn),
        error if answer else (condition or "not known"),
        _number(context.get("approximateInvokeCount")),
        event or {},
        _time(body.get("timestamp"), letter.sent_at),
        trigger=trigger,
        why_not=why_not,
    )


def _undelivered(letter: Letter, event: Json, home: Home) -> Dead:
    """What EventBridge sends to the dead letters of a rule."""
    said: Mapping[str, str] = letter.attributes
    arn = said["TARGET_ARN"]
    trigger, why_not = home.find_trigger(arn)
    if said.get("IS_PAYLOAD_TRUNCATED", "false").lower() == "true":
        why_not = "the event was cut short on its way here"
    retries = _number(said.get("RETRY_ATTEMPTS"))
    return Dead(
        letter,
        Kind.UNDELIVERED,
        _name_in(arn),
        f"{said.get('ERROR_CODE', 'no code')}: {said.get('ERROR_MESSAGE', 'no message')}",
        None if retries is None else retries + 1,
        event,
        _time(event.get("time"), letter.sent_at),
        trigger=trigger,
        why_not=why_not,
    )


def _from_queue(letter: Letter, body: Json, home: Home) -> Dead:
    """What SQS moves when it was received too often: the bare body, and at best the name of the queue."""
    queues = {f"{home.installation}-{name}": name for name in ("due", "journal")}
    is_journal = body.keys() >= JOURNAL_KEYS
    by_shape = "journal" if is_journal else ("due" if body.keys() == DUE_KEYS else "")
    kind = queues.get(letter.source, "") if letter.source else by_shape
    is_fitting = bool(kind) and kind == by_shape
    reader = next(each.name for each in TRIGGERS if isinstance(each.started_by, Queue))
    function = home.name_of({"due": reader, "journal": "rollout_tick"}.get(kind, ""))
    return Dead(
        letter,
        Kind.FROM_QUEUE if is_fitting else Kind.UNKNOWN,
        function if is_fitting else "",
        f"received too often from a queue; the log of {function} has the error"
        if is_fitting
        else "not known",
        None,
        body,
        letter.sent_at,
        back_to=f"{home.installation}-{kind}" if is_fitting else "",
        why_not="" if is_fitting else "it is nothing that a function of this installation takes",
    )


def _name_in(arn: str) -> str:
    return arn.partition(":function:")[2].partition(":")[0]


def _object(given: object) -> Json | None:
    try:
        told = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _dict(given: object) -> Json:
    return given if isinstance(given, dict) else {}


def _number(given: object) -> int | None:
    try:
        return int(str(given))
    except ValueError:
        return None


def _time(given: object, otherwise: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(str(given))
    except ValueError:
        return otherwise
    return at if at.tzinfo else otherwise
