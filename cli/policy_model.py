"""How people write a policy: the whole file, and who owns what. `rollout`, `validation` and `health` are modules of their own; files, messages and the runtime policy live elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from cli.policy_alarms import names_of
from cli.policy_health import HealthSection, ValidationSection
from cli.policy_rollout import RolloutSection
from cli.policy_section import Section, because
from cli.policy_values import (
    Account,
    Duration,
    Given,
    InstanceType,
    Line,
    Metadata,
    Name,
    TopicArn,
    broken_rule,
)
from cli.policy_windows import Date
from pointsman.policy import EndpointName

_NAME = "letters, digits and inner hyphens, at most 63 characters"


class OwnerSection(Section):
    """`owner`: who owns the endpoint and hears of its decisions."""

    team: Line = Field(
        max_length=128,
        title="Named in messages and records",
        description="the team's name in one line, 1 to 128 characters",
        examples=["chat-platform"],
    )
    notify: Annotated[TopicArn | None, Given] = Field(
        default=None,
        title="SNS topic that hears of this endpoint's decisions",
        description="the ARN of a standard SNS topic, or no such key: then the installation's topic is used",
        examples=["arn:aws:sns:eu-west-1:123456789012:ml-releases"],
        json_schema_extra=because("FIFO topics (.fifo) need message groups, which are not sent"),
    )


class ManagedBySection(Section):
    """`managed_by`: which tool owns the endpoint in code."""

    model_config = ConfigDict(
        json_schema_extra={"dependentRequired": {"read_by": ["read_on"], "read_on": ["read_by"]}}
    )

    tool: Literal["cloudformation", "cdk", "terraform", "other", "none"] = Field(
        title="What made the endpoint and may change it again; `none`: it is in nobody's code",
        description="cloudformation, cdk, terraform, other or none",
        examples=["terraform"],
    )
    read_by: Annotated[Line | None, Given] = Field(
        default=None,
        max_length=128,
        title="Who read what the tool's next deploy would undo",
        description="a name in one line, 1 to 128 characters; or no such key: nobody yet",
        examples=["dana"],
    )
    read_on: Annotated[Date | None, Given] = Field(
        default=None,
        title="When that was",
        description="a date such as 2026-11-24, together with read_by",
        examples=["2026-11-24"],
    )

    @model_validator(mode="after")
    def _who_and_when_come_together(self) -> Self:
        if (self.read_by is None) is not (self.read_on is None):
            here, missing = ("read_on", "read_by") if self.read_by is None else ("read_by", "read_on")
            raise broken_rule(f"read_by and read_on come together: add {missing}, or remove {here}", (here,))
        return self


class ServeSection(Section):
    """`serve`: how a candidate is served."""

    instance_type: InstanceType = Field(
        title="Instance type of the candidate",
        description="ml.<family>.<size> such as ml.g5.2xlarge",
        examples=["ml.g5.2xlarge"],
        json_schema_extra=because("whether your Region has it is known only there"),
    )
    instance_count: int = Field(
        ge=1,
        title="The least a candidate gets; a larger live fleet is matched",
        description="a whole number from 1; an account has 4 instances by default",
        examples=[2],
        json_schema_extra=because("the default quota: 4 instances per endpoint, and 4 over all endpoints"),
    )


class PolicyDocument(Section):
    """One policy file."""

    endpoint: Name = Field(
        title="The endpoint that is worked. It exists already; the policy adopts it",
        description=f"the endpoint's name: {_NAME}",
        examples=["chat-llm"],
        json_schema_extra=because("SageMaker's own limit"),
    )
    model_package_group: Name = Field(
        title="Approved versions of this group are rolled out",
        description=f"the model package group's name: {_NAME}",
        examples=["chat-llm"],
        json_schema_extra=because("SageMaker's own limit"),
    )
    registry_account: Annotated[Account | None, Given] = Field(
        default=None,
        title="Account whose registry has the group, where it is not the endpoint's own",
        description="the account's 12 digits in quotes, because YAML reads bare digits as a number and takes leading "
        "zeros away; or no such key: then the endpoint's own account",
        examples=["444455556666"],
        json_schema_extra=because("that account's policy of the group must let this one read it"),
    )
    owner: OwnerSection = Field(
        title="Who owns the endpoint", description="a section with team, and notify if you like"
    )
    managed_by: Annotated[ManagedBySection | None, Given] = Field(
        default=None,
        title="Which tool owns the endpoint in code",
        description="a section with tool, and read_by and read_on; or no such key: then it is not known",
    )
    serve: ServeSection = Field(
        title="How a candidate is served", description="a section with instance_type and instance_count"
    )
    rollout: RolloutSection = Field(
        title="How a version is carried out", description="a section with steps and bake"
    )
    validation: ValidationSection = Field(
        default_factory=ValidationSection,
        title="The first request a candidate must answer before it takes traffic",
        description="a section with content_type and body, or no such key",
    )
    health: HealthSection = Field(
        title="What a candidate is judged by", description="a section with errors and latency"
    )
    watch: Duration = Field(
        default=timedelta(hours=24),
        le=timedelta(days=7),
        title="How long after promotion a late failure still rolls back to the last good version",
        description="a duration from 0s (no watch) to 7d, such as 24h",
        examples=["24h"],
    )
    metadata: Metadata = Field(
        default={},
        title="Pairs that every message about the endpoint carries, such as `classification`, `ticket`, `cost_centre`",
        description="at most 50 pairs of text, quoted where they look like numbers: key 1 to 128, value up to 256 "
        "letters, digits, spaces and _ . : / = + - @; no key begins with aws: or pointsman:",
        examples=[{"classification": "internal", "ticket": "ML-1204"}],
        json_schema_extra=because("SageMaker's limits for tags"),
    )

    @model_validator(mode="after")
    def _goes_not_after_itself(self) -> Self:
        after = self.rollout.after
        if after and after.endpoint.lower() == self.endpoint.lower():
            raise broken_rule(
                "an endpoint cannot wait for itself: name the one that goes first, or remove after",
                ("rollout", "after", "endpoint"),
            )
        return self

    @model_validator(mode="after")
    def _alarms_have_names_of_their_own(self) -> Self:
        names = names_of(EndpointName(self.endpoint), self.health.alarms)
        for index, name in enumerate(names):
            if names.index(name) < index:
                raise broken_rule("an alarm of this name is in the list already", ("health", "alarms", index))
        return self
