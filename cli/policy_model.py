"""How people write a policy: the sections of the YAML and their cross rules. Files, messages and the runtime policy live elsewhere.

Every field carries a description: it is what `policy check` prints as "allowed".
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cli.policy_values import (
    AlarmNames,
    Body,
    ContentType,
    CountedKinds,
    Duration,
    FineDuration,
    InstanceType,
    Line,
    Metadata,
    Name,
    Percent,
    Steps,
    TopicArn,
    broken_rule,
    format_duration,
    is_json,
)

_NAME = "letters, digits and inner hyphens, at most 63 characters"


class Section(BaseModel):
    """A mapping in the file: unknown keys are refused, and nothing is converted quietly (`true` is no 1)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class OwnerSection(Section):
    """`owner`: who owns the endpoint and hears of its decisions."""

    team: Line = Field(max_length=128, description="the team's name in one line, 1 to 128 characters")
    notify: TopicArn | None = Field(
        default=None,
        description="the ARN of a standard SNS topic, or no such key: then the installation's topic is used",
    )


class ServeSection(Section):
    """`serve`: how a candidate is served."""

    instance_type: InstanceType = Field(description="ml.<family>.<size> such as ml.g5.2xlarge")
    instance_count: int = Field(
        ge=1, description="a whole number from 1; an account has 4 instances by default"
    )


class BakeSection(Section):
    """`rollout.bake`: how long each step is held."""

    min: Duration = Field(ge=timedelta(minutes=1), description="a duration from 1m, such as 10m or 1h30m")
    max: Duration = Field(description="a duration not shorter than bake.min, such as 1h")

    @model_validator(mode="after")
    def _max_is_not_below_min(self) -> Self:
        if self.max < self.min:
            allowed = f"bake.max must not be shorter than bake.min, which is {format_duration(self.min)}"
            raise broken_rule(allowed, ("max",))
        return self


class RolloutSection(Section):
    """`rollout`: how a version is carried out."""

    strategy: Literal["canary"] = Field(default="canary", description="canary")
    steps: Steps = Field(
        description="whole percents from 1 to 100, each larger than the one before, at most 20, the last 100"
    )
    bake: BakeSection = Field(description="a section with min and max")
    patience: Duration = Field(
        default=timedelta(hours=6),
        le=timedelta(days=14),
        description="a duration from bake.max to 14d, such as 6h",
    )
    on_patience: Literal["rollback", "hold"] = Field(default="rollback", description="rollback or hold")
    freeze: Line | None = Field(
        default=None,
        max_length=500,
        description="one line that says why, 1 to 500 characters; to thaw, remove the key",
    )

    @model_validator(mode="after")
    def _patience_outlasts_a_bake(self) -> Self:
        if self.patience < self.bake.max:
            allowed = (
                f"patience must not be shorter than bake.max, which is {format_duration(self.bake.max)} "
                f"(patience is {format_duration(self.patience)})"
            )
            raise broken_rule(allowed, ("patience",))
        return self


class ValidationSection(Section):
    """`validation`: the first request a candidate must answer."""

    content_type: ContentType = Field(
        default="application/json", description="a content type in printable ASCII, at most 1,024 characters"
    )
    body: Body = Field(default="{}", description="the request as text (quote it), at most 65,536 bytes")

    @model_validator(mode="after")
    def _json_is_json(self) -> Self:
        if self.content_type.split(";")[0].strip().lower() == "application/json" and not is_json(self.body):
            raise broken_rule("the content type says JSON: make the body valid JSON or change it", ("body",))
        return self


class ErrorsSection(Section):
    """`health.errors`: how many failed requests are tolerated."""

    count: CountedKinds = Field(
        ["5xx"], description="a list of 5xx, model_error or 4xx, each once, at least one"
    )
    max_percent: Percent = Field(description="a number from 0 to 100: percent of the candidate's requests")


class LatencySection(Section):
    """`health.latency`: how many slow requests are tolerated."""

    slow_over: FineDuration = Field(
        ge=timedelta(milliseconds=1),
        le=timedelta(seconds=60),
        description="a duration from 1ms to 60s, such as 250ms or 2s",
    )
    max_percent: Percent = Field(description="a number from 0 to 100: percent of the candidate's requests")


class HealthSection(Section):
    """`health`: what a candidate is judged by."""

    errors: ErrorsSection = Field(description="a section with count and max_percent")
    latency: LatencySection = Field(description="a section with slow_over and max_percent")
    min_requests: int = Field(50, ge=1, description="a whole number from 1")
    alarms: AlarmNames = Field(
        default=[], description="a list of CloudWatch alarm names, 1 to 255 characters each, at most 50"
    )


class PolicyDocument(Section):
    """One policy file."""

    endpoint: Name = Field(description=f"the endpoint's name: {_NAME}")
    model_package_group: Name = Field(description=f"the model package group's name: {_NAME}")
    owner: OwnerSection = Field(description="a section with team, and notify if you like")
    serve: ServeSection = Field(description="a section with instance_type and instance_count")
    rollout: RolloutSection = Field(description="a section with steps and bake")
    validation: ValidationSection = Field(
        default_factory=ValidationSection, description="a section with content_type and body, or no such key"
    )
    health: HealthSection = Field(description="a section with errors and latency")
    watch: Duration = Field(
        default=timedelta(hours=24), le=timedelta(days=7), description="a duration from 0s to 7d, such as 24h"
    )
    metadata: Metadata = Field(
        default={},
        description="at most 50 pairs of text, quoted where they look like numbers: key 1 to 128, value up to 256 "
        "letters, digits, spaces and _ . : / = + - @",
    )
