"""How people write `health.alarms`: an alarm that exists, by its name, or a small definition of one that the deployment creates. What CloudWatch is told is `pointsman/policy_alarms.py`."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag

from cli.policy_section import Section, because
from cli.policy_values import (
    AlarmName,
    Counted,
    FineDuration,
    InSchema,
    Name,
    broken_rule,
    format_duration,
)
from pointsman.policy import CreatedAlarm, EndpointName, ErrorKind, ErrorsAlarm, Health, LatencyAlarm
from pointsman.policy_alarms import (
    LEAST_REQUESTS,
    USUAL_MINUTES,
    USUAL_VARIANT,
    alarm_name,
    created_names,
)


class CreatedAlarmSection(Section):
    """What the definitions have in common."""

    minutes: int = Field(
        default=USUAL_MINUTES,
        ge=1,
        le=60,
        title="So many bad minutes in a row fire it",
        description="a whole number from 1 to 60",
        examples=[3],
        json_schema_extra=because("what fires after more than an hour stops no release in time"),
    )
    min_requests: int = Field(
        default=LEAST_REQUESTS,
        ge=1,
        title="A minute with fewer requests is a good one: a single failure among few says nothing",
        description="a whole number from 1: requests in a minute",
        examples=[20],
    )
    variant: Name = Field(
        default=USUAL_VARIANT,
        title="The variant that serves. A version gets this name when it is promoted",
        description="the variant's name: letters, digits and inner hyphens, at most 63 characters",
        examples=["AllTraffic"],
        json_schema_extra=because("SageMaker has metrics of variants, none of an endpoint as a whole"),
    )


class ErrorsAlarmSection(CreatedAlarmSection):
    """`{create: errors}`: an alarm on failed requests."""

    create: Literal["errors"] = Field(
        title="An alarm on failed requests is created",
        description="errors or latency",
        examples=["errors"],
    )
    over_percent: float = Field(
        ge=0,
        lt=100,
        title="In a bad minute more requests fail than this",
        description="a number from 0 to below 100: percent of the variant's requests in a minute",
        examples=[5],
    )
    count: Counted = Field(
        default="5xx",
        title="Which failed requests count, as in `health.errors.count`",
        description="5xx, model_error or 4xx; a list has one alarm on each",
        examples=["5xx"],
    )

    def defined(self) -> CreatedAlarm:
        """What it stands for."""
        kind = ErrorKind(self.count)
        return ErrorsAlarm(kind, self.over_percent, self.minutes, self.min_requests, self.variant)


def _with_one_decimal(percentile: float) -> float:
    if round(percentile, 1) != percentile:
        raise broken_rule("one decimal at most, such as 99 or 99.9")
    return percentile


class LatencyAlarmSection(CreatedAlarmSection):
    """`{create: latency}`: an alarm on slow requests."""

    create: Literal["latency"] = Field(
        title="An alarm on slow requests is created",
        description="errors or latency",
        examples=["latency"],
    )
    over: FineDuration = Field(
        ge=timedelta(milliseconds=1),
        le=timedelta(seconds=60),
        title="In a bad minute the percentile of the model's latency is above this",
        description="a duration from 1ms to 60s, such as 250ms or 2s",
        examples=["2s"],
        json_schema_extra=because("SageMaker ends a request after 60 seconds"),
    )
    percentile: Annotated[float, Field(ge=50, le=99.9), AfterValidator(_with_one_decimal)] = Field(
        default=99.0,
        title="Which percentile: with 99 the slowest request of a hundred does not count",
        description="a number from 50 to 99.9, with one decimal at most; a list has one alarm on each",
        examples=[99],
    )

    def defined(self) -> CreatedAlarm:
        """What it stands for."""
        return LatencyAlarm(self.percentile, self.over, self.minutes, self.min_requests, self.variant)


DEFINITIONS: dict[str, type[CreatedAlarmSection]] = {
    "errors": ErrorsAlarmSection,
    "latency": LatencyAlarmSection,
}
_AN_ERRORS_ALARM, _A_LATENCY_ALARM, _A_NAME = "[create: errors]", "[create: latency]", "[an alarm's name]"
ENTRIES: dict[str, type[Section] | None] = {
    _AN_ERRORS_ALARM: ErrorsAlarmSection,
    _A_LATENCY_ALARM: LatencyAlarmSection,
    _A_NAME: None,
}
"""What an entry is taken for; pydantic writes these between the keys of a path."""


def _entry_of(raw: Any) -> str | None:  # noqa: ANN401 - whatever stands in the file
    if not isinstance(raw, dict):
        return _A_NAME
    return {"errors": _AN_ERRORS_ALARM, "latency": _A_LATENCY_ALARM}.get(str(raw.get("create")))


AlarmEntry = Annotated[
    Annotated[AlarmName, Tag(_A_NAME)]
    | Annotated[ErrorsAlarmSection, Tag(_AN_ERRORS_ALARM)]
    | Annotated[LatencyAlarmSection, Tag(_A_LATENCY_ALARM)],
    Discriminator(_entry_of),
]


def _once(entries: list[Any]) -> list[Any]:
    """Refuse a name, or what is watched, that is in the list already."""
    found: list[str] = []
    for index, entry in enumerate(entries):
        watched = entry if isinstance(entry, str) else alarm_name(EndpointName(""), entry.defined())
        if watched in found:
            raise broken_rule("each once; an alarm on this is listed already", (index,))
        found.append(watched)
    return entries


AlarmEntries = Annotated[
    list[AlarmEntry], Field(max_length=50), AfterValidator(_once), InSchema({"uniqueItems": True})
]


def names_of(
    endpoint: EndpointName, entries: list[str | ErrorsAlarmSection | LatencyAlarmSection]
) -> list[str]:
    """Name of every alarm, in the order in which they are written."""
    return [entry if isinstance(entry, str) else alarm_name(endpoint, entry.defined()) for entry in entries]


def to_entries(endpoint: EndpointName, health: Health) -> list[str | dict[str, Any]]:
    """Write the alarms of a policy as its file holds them, every key spelled out."""
    created = created_names(endpoint, health)
    return [to_entry(created[name]) if name in created else name for name in health.alarms]


def to_entry(alarm: CreatedAlarm) -> dict[str, Any]:
    """One definition, as a file holds it."""
    common = {"minutes": alarm.minutes, "min_requests": alarm.min_requests, "variant": alarm.variant}
    if isinstance(alarm, ErrorsAlarm):
        return {"create": "errors", "over_percent": alarm.over_percent, "count": alarm.kind.value} | common
    return {"create": "latency", "over": format_duration(alarm.over), "percentile": alarm.percentile} | common


def to_short_entry(alarm: CreatedAlarm) -> dict[str, Any]:
    """The same without the keys that say no more than their default."""
    fields = DEFINITIONS["errors" if isinstance(alarm, ErrorsAlarm) else "latency"].model_fields
    return {key: value for key, value in to_entry(alarm).items() if fields[key].default != value}
