"""The single values of a policy file: how each is written and what it may be. Sections and cross rules live in `policy_model`."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

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


def _is_whole_seconds(duration: timedelta) -> timedelta:
    if duration.microseconds:
        raise ValueError("whole seconds only")
    return duration


def _climbs_to_100(steps: list[int]) -> list[int]:
    for index, (before, after) in enumerate(pairwise(steps), start=1):
        if after <= before:
            raise broken_rule(f"each step must be larger than the one before it, which is {before}", (index,))
    if steps[-1] != ALL_TRAFFIC:
        raise broken_rule(LAST_STEP, (len(steps) - 1,))
    return steps


def _has_no_twins(items: list[str]) -> list[str]:
    for index, item in enumerate(items):
        if item in items[:index]:
            raise broken_rule("each name once; this one is listed already", (index,))
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

Name = Annotated[str, Field(max_length=63, pattern=_NAME)]
Line = Annotated[str, Field(pattern=_VISIBLE)]
TopicArn = Annotated[str, Field(pattern=_TOPIC)]
InstanceType = Annotated[str, Field(max_length=64, pattern=r"^ml\.[a-z][a-z0-9-]*\.[a-z0-9][a-z0-9-]*$")]
Percent = Annotated[float, Field(ge=0, le=100)]
Step = Annotated[int, Field(ge=1, le=100)]
Steps = Annotated[list[Step], Field(min_length=1, max_length=MAX_STEPS), AfterValidator(_climbs_to_100)]
FineDuration = Annotated[timedelta, BeforeValidator(_read_duration)]
Duration = Annotated[FineDuration, AfterValidator(_is_whole_seconds)]
Counted = Literal["5xx", "model_error", "4xx"]
CountedKinds = Annotated[list[Counted], Field(min_length=1), AfterValidator(_has_no_twins)]
AlarmName = Annotated[str, Field(max_length=255, pattern=_VISIBLE), AfterValidator(_is_no_arn)]
AlarmNames = Annotated[list[AlarmName], Field(max_length=50), AfterValidator(_has_no_twins)]
ContentType = Annotated[str, Field(max_length=1024, pattern=r"^[\x21-\x7e][\x20-\x7e]*$")]
Body = Annotated[str, AfterValidator(_fits_a_request)]
MetadataKey = Annotated[str, Field(min_length=1, max_length=128, pattern=_TAG_TEXT)]
MetadataValue = Annotated[str, Field(max_length=256, pattern=_TAG_TEXT)]
Metadata = Annotated[
    dict[MetadataKey, MetadataValue], Field(max_length=50), AfterValidator(_has_no_reserved_key)
]
