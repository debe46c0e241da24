"""How people write `rollout`: steps, approvals, release windows, the order among endpoints. What it means at run time is `pointsman/policy.py`."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from cli.policy_section import Section, because
from cli.policy_values import Duration, Gates, Given, Line, Name, Steps, broken_rule, format_duration
from cli.policy_windows import MAX_HOLIDAYS, MAX_WINDOWS, Dates, TimeZone, WindowTexts


class BakeSection(Section):
    """`rollout.bake`: how long each step is held."""

    min: Duration = Field(
        ge=timedelta(minutes=1),
        title="A step is held at least this long, however good the numbers look",
        description="a duration from 1m, such as 10m or 1h30m",
        examples=["10m"],
        json_schema_extra=because("CloudWatch counts in minutes"),
    )
    max: Duration = Field(
        title="By then the evidence should be there; if it is too thin the rollout waits and says so",
        description="a duration not shorter than bake.min, such as 1h",
        examples=["1h"],
    )

    @model_validator(mode="after")
    def _max_is_not_below_min(self) -> Self:
        if self.max < self.min:
            allowed = f"bake.max must not be shorter than bake.min, which is {format_duration(self.min)}"
            raise broken_rule(allowed, ("max",))
        return self


class WindowsSection(Section):
    """`rollout.windows`: when releases may move forward."""

    timezone: TimeZone = Field(
        title="The time zone of `open` and `holidays`; summer time is followed",
        description="an IANA time zone such as Europe/Berlin or UTC",
        examples=["Europe/Berlin", "UTC"],
        json_schema_extra=because("the names of the time zone database that the functions carry"),
    )
    open: WindowTexts = Field(
        title="When releases may move forward: days, and the hours from the start until before the end",
        description=(
            f"a list of at most {MAX_WINDOWS} windows in quotes, such as 'Mon-Thu 09:00-16:00' or "
            "'Sat,Sun 10:00-24:00'; none runs over midnight"
        ),
        examples=[["Mon-Thu 09:00-16:00", "Fri 09:00-12:00"]],
    )
    holidays: Dates = Field(
        default=[],
        title="Days without any window",
        description=f"a list of at most {MAX_HOLIDAYS} dates such as 2026-12-24, each once",
        examples=[["2026-12-24", "2026-12-25"]],
    )


class AfterSection(Section):
    """`rollout.after`: the endpoint that goes first."""

    endpoint: Name = Field(
        title="The endpoint on which a version goes out first",
        description="the name of another endpoint with a policy in this folder, of the same model_package_group",
        examples=["fraud-staging"],
        json_schema_extra=because("a circle of endpoints that wait for each other is refused"),
    )
    until: Literal["promoted", "watched"] = Field(
        default="promoted",
        title="How far it must be there: `promoted`, or `watched`, which is promoted and its watch over",
        description="promoted or watched",
        examples=["watched"],
    )


class RolloutSection(Section):
    """`rollout`: how a version is carried out."""

    strategy: Literal["canary"] = Field(
        default="canary",
        title="`canary`: a temporary candidate beside the baseline, shifted by weights",
        description="canary",
    )
    steps: Steps = Field(
        title="The candidate's share of the traffic, in percent, step by step",
        description="whole percents from 1 to 100, each larger than the one before, at most 20, the last 100",
        examples=[[1, 5, 25, 50, 100]],
        json_schema_extra=because(
            "the last step proves that the candidate can carry everything before it takes the baseline's place"
        ),
    )
    bake: BakeSection = Field(title="How long each step is held", description="a section with min and max")
    patience: Duration = Field(
        default=timedelta(hours=6),
        le=timedelta(days=14),
        title="How long a step waits for evidence in all",
        description="a duration from bake.max to 14d, such as 6h",
        examples=["6h"],
        json_schema_extra=because("CloudWatch keeps one-minute numbers for 15 days"),
    )
    on_patience: Literal["rollback", "hold"] = Field(
        default="rollback",
        title="What happens when patience, or the wait for an approval, is over: `rollback`, or `hold` until a person decides",
        description="rollback or hold",
        examples=["hold"],
    )
    approve_before: Gates = Field(
        default=[],
        title="Steps, in percent, that a person approves before they begin",
        description="a list of percents, each once and each one of steps, such as 25, 100",
        examples=[[25, 100]],
    )
    approval_wait: Duration = Field(
        default=timedelta(hours=24),
        ge=timedelta(minutes=1),
        le=timedelta(days=14),
        title="How long a proved step waits for that approval; then `on_patience` says what happens",
        description="a duration from 1m to 14d, such as 24h",
        examples=["24h"],
        json_schema_extra=because("CloudWatch keeps one-minute numbers for 15 days"),
    )
    windows: Annotated[WindowsSection | None, Given] = Field(
        default=None,
        title="When releases may move forward; rollbacks run at any time",
        description="a section with timezone and open, and holidays if you like; or no such key: then at any time",
    )
    after: Annotated[AfterSection | None, Given] = Field(
        default=None,
        title="The order among endpoints: a version is released here once it is that far there",
        description="a section with endpoint, and until if you like; or no such key: then it waits for none",
    )
    freeze: Annotated[Line | None, Given] = Field(
        default=None,
        max_length=500,
        title="While it is there, nothing automatic moves forward; rollbacks still run. The text says why",
        description="one line that says why, 1 to 500 characters; to thaw, remove the key",
        examples=["quarter end, until 4 January"],
    )

    @field_validator("approve_before")
    @classmethod
    def _approved_are_steps(cls, gates: list[int], info: ValidationInfo) -> list[int]:
        steps = info.data.get("steps", gates)
        for index, gate in enumerate(gates):
            if gate not in steps:
                raise broken_rule(
                    f"each must be one of steps, which are {', '.join(map(str, steps))}", (index,)
                )
        return gates

    @model_validator(mode="after")
    def _patience_outlasts_a_bake(self) -> Self:
        if self.patience < self.bake.max:
            allowed = (
                f"patience must not be shorter than bake.max, which is {format_duration(self.bake.max)} "
                f"(patience is {format_duration(self.patience)})"
            )
            raise broken_rule(allowed, ("patience",))
        return self
