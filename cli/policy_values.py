"""The single values of a policy file: how each is written and what it may be. Sections and cross rules live in `policy_model`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue, WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError

MAX_BODY_BYTES = 65_536
"""The plan is stored in one DynamoDB item of at most 400 KB, where a character can take six bytes."""
MAX_STEPS = 20
ALL_TRAFFIC = 100
LAST_STEP = "the last step must be 100: it proves that the candidate can carry everything before it takes the baseline's place"

_RESERVED_KEY = re.compile(r"aws:|pointsman(:|$)", re.IGNORECASE)
_DURATION = re.compile(
    r"(?:([0-9]{1,4})d)?(?:([0-9]{1,5})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,7})s)?(?:([0-9]{1,8})ms)?"
)


def broken_rule(allowed: str, at: tuple[str | int, ...] = ()) -> PydanticCustomError:
    """Error of a rule that a type cannot express; `at` leads from the validated value to the culprit inside it."""
    return PydanticCustomError("policy_rule", "{allowed}", {"allowed": allowed, "at": at})


@dataclass(frozen=True, slots=True, eq=False)
class InSchema:
    """What the JSON Schema says of a value beside, or instead of, what pydantic derives from its check."""

    said: Mapping[str, Any]

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(core), **self.said}


def parse_duration(text: str) -> timedelta:
    """Read `90s`, `10m`, `1h30m`, `2d` or `250ms`: whole numbers, the largest unit first.

    Raises:
        ValueError: the text is no such duration.

    """
    match = _DURATION.fullmatch(text)
    if match is None or not text:
        raise ValueError(f"{text!r} is no duration such as 90s, 10m or 1h30m")
    days, hours, minutes, seconds, millis = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds, milliseconds=millis)


def format_duration(duration: timedelta) -> str:
    """Write what `parse_duration` reads. Below two days hours stay hours: `24h` says more about a watch than `1d`."""
    millis = round(duration.total_seconds() * 1000)
    units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)]
    parts = []
    for unit, size in units if millis >= 2 * 86_400_000 else units[1:]:
        count, millis = divmod(millis, size)
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts) or "0s"


def _read_duration(raw: object) -> timedelta:
    # Text of anything else is no duration either, and pydantic reports a ValueError only.
    return parse_duration(str(raw))


def _read_whole_seconds(raw: object) -> timedelta:
    if str(raw).endswith("ms"):
        raise ValueError("whole seconds only")
    return _read_duration(raw)


def _is_given(value: object) -> object:
    if value is None:
        raise ValueError("a key with nothing behind it")
    return value


def _climbs_to_100(steps: list[int]) -> list[int]:
    for index, (before, after) in enumerate(pairwise(steps), start=1):
        if after <= before:
            raise broken_rule(f"each step must be larger than the one before it, which is {before}", (index,))
    if steps[-1] != ALL_TRAFFIC:
        raise broken_rule(LAST_STEP, (len(steps) - 1,))
    return steps


def each_once(items: list[Any]) -> list[Any]:
    """Refuse an item that is in the list already."""
    for index, item in enumerate(items):
        if item in items[:index]:
            raise broken_rule("each once; this one is listed already", (index,))
    return items


def _is_no_arn(name: str) -> str:
    if name.startswith("arn:"):
        raise broken_rule(
            "the alarm's name, not its ARN: the alarm must be in the endpoint's account and Region"
        )
    return name


def _has_no_reserved_key(metadata: dict[str, str]) -> dict[str, str]:
    for key in metadata:
        if _RESERVED_KEY.match(key):
            raise broken_rule("keys that begin with aws: or pointsman: are reserved: choose another", (key,))
    return metadata


def _fits_a_request(body: str) -> str:
    size = len(body.encode())
    if size > MAX_BODY_BYTES:
        raise broken_rule(
            f"at most {MAX_BODY_BYTES:,} bytes, because it is stored with every rollout; this has {size:,}: take a smaller request"
        )
    return body


def is_json(text: str) -> bool:
    """Whether the text can be read as JSON."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


_VISIBLE = r"^[^\p{C}\p{Z}][^\p{C}\p{Zl}\p{Zp}]*$"
_NAME = r"^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$"
_TAG_TEXT = r"^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$"
_TOPIC = r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$"
# Editors and validators do not agree on character properties: for them the same is said, somewhat more loosely, in ranges.
_VISIBLE_RANGES = r"[^\u0000-\u0020\u007f-\u00a0\u2028\u2029][^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$"
_TAG_RANGES = r"""[^\u0000-\u001f!"#$%&'()*,;<>?\[\\\]^`{|}~\u007f-\u009f]*$"""
_NO_RESERVED_KEY = r"(?![aA][wW][sS]:)(?![pP][oO][iI][nN][tT][sS][mM][aA][nN](:|$))"
_DURATION_UNITS = "(?=[0-9])([0-9]{1,4}d)?([0-9]{1,5}h)?([0-9]{1,6}m)?([0-9]{1,7}s)?"

Given = BeforeValidator(_is_given)
"""Refuses `key:` with nothing behind it where leaving the key out has a meaning of its own."""

Name = Annotated[str, Field(max_length=63, pattern=_NAME)]
Line = Annotated[str, Field(pattern=_VISIBLE), InSchema({"pattern": f"^{_VISIBLE_RANGES}"})]
Account = Annotated[str, Field(pattern=r"^[0-9]{12}$")]
TopicArn = Annotated[str, Field(pattern=_TOPIC)]
InstanceType = Annotated[str, Field(max_length=64, pattern=r"^ml\.[a-z][a-z0-9-]*\.[a-z0-9][a-z0-9-]*$")]
Percent = Annotated[float, Field(ge=0, le=100)]
Step = Annotated[int, Field(ge=1, le=100)]
Steps = Annotated[
    list[Step],
    Field(min_length=1, max_length=MAX_STEPS),
    AfterValidator(_climbs_to_100),
    InSchema({"uniqueItems": True, "contains": {"const": ALL_TRAFFIC}}),
]
Gates = Annotated[
    list[Step], Field(max_length=MAX_STEPS), AfterValidator(each_once), InSchema({"uniqueItems": True})
]
FineDuration = Annotated[
    timedelta,
    BeforeValidator(_read_duration),
    WithJsonSchema({"type": "string", "pattern": f"^{_DURATION_UNITS}([0-9]{{1,8}}ms)?$"}),
]
Duration = Annotated[
    timedelta,
    BeforeValidator(_read_whole_seconds),
    WithJsonSchema({"type": "string", "pattern": f"^{_DURATION_UNITS}$"}),
]
Counted = Literal["5xx", "model_error", "4xx"]
CountedKinds = Annotated[
    list[Counted], Field(min_length=1), AfterValidator(each_once), InSchema({"uniqueItems": True})
]
AlarmName = Annotated[
    str,
    Field(max_length=255, pattern=_VISIBLE),
    AfterValidator(_is_no_arn),
    InSchema({"pattern": f"^(?!arn:){_VISIBLE_RANGES}"}),
]
ContentType = Annotated[str, Field(max_length=1024, pattern=r"^[\x21-\x7e][\x20-\x7e]*$")]
Body = Annotated[str, AfterValidator(_fits_a_request), InSchema({"maxLength": MAX_BODY_BYTES})]
MetadataKey = Annotated[str, Field(min_length=1, max_length=128, pattern=_TAG_TEXT)]
MetadataValue = Annotated[
    str, Field(max_length=256, pattern=_TAG_TEXT), InSchema({"pattern": f"^{_TAG_RANGES}"})
]
Metadata = Annotated[
    dict[MetadataKey, MetadataValue],
    Field(max_length=50),
    AfterValidator(_has_no_reserved_key),
    InSchema(
        {"propertyNames": {"minLength": 1, "maxLength": 128, "pattern": f"^{_NO_RESERVED_KEY}{_TAG_RANGES}"}}
    ),
]
