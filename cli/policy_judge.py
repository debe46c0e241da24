"""How people write what the judge compares: `health.judge`, and metrics of their own that it reads. What it makes of them is docs/judge.md."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from cli.policy_section import Section, because
from cli.policy_values import Duration, broken_rule
from pointsman.policy import Comparison, CustomMetric

MetricText = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[!-9;-~][ -~]*$")]
DIMENSIONS = {"EndpointName": "{endpoint}", "VariantName": "{variant}"}


class MetricSection(Section):
    """A metric that the application publishes for each variant."""

    namespace: MetricText = Field(
        title="Namespace of a metric that your application publishes for each variant",
        description="a CloudWatch namespace such as ChatLlm: printable ASCII, at most 255 characters",
        examples=["ChatLlm"],
        json_schema_extra=because("an answer says which variant gave it: x-Amzn-Invoked-Production-Variant"),
    )
    metric: MetricText = Field(
        title="Its name",
        description="a CloudWatch metric name such as AnswerScore: printable ASCII, at most 255 characters",
        examples=["AnswerScore"],
    )
    dimensions: dict[MetricText, MetricText] = Field(
        default=DIMENSIONS,
        min_length=1,
        max_length=30,
        title="Its dimensions; `{endpoint}` and `{variant}` stand for the names of the endpoint and of a side's variant",
        description="a mapping of at most 30 dimensions to values, of which one holds {variant}",
        examples=[DIMENSIONS],
        json_schema_extra=because("CloudWatch compares dimensions exactly"),
    )

    @model_validator(mode="after")
    def _sides_differ(self) -> Self:
        if not any("{variant}" in value for value in self.dimensions.values()):
            raise broken_rule(
                "no value holds {variant}: both sides would have the same numbers", ("dimensions",)
            )
        return self

    def metric_of(self) -> CustomMetric:
        """For the runtime policy."""
        return CustomMetric(self.namespace, self.metric, tuple(self.dimensions.items()))


class JudgeSection(Section):
    """`health.judge`: whether it decides, and how sure it must be."""

    mode: Literal["decide", "report"] = Field(
        default="decide",
        title="`decide`, or `report`: it judges, records and tells, and nothing follows from it. Then steps go by "
        "bake.min alone, and only alarms and people take a version back",
        description="decide or report",
        examples=["report"],
    )
    alpha: float = Field(
        default=Comparison().alpha,
        ge=0.0001,
        le=0.2,
        title="At most this part of good releases may be taken back by chance by the comparison, and as many when they serve "
        "alone; a smaller one finds faults later",
        description="a number from 0.0001 to 0.2",
        examples=[0.02],
        json_schema_extra=because("what is proved and what is measured of it: docs/judge.md"),
    )
    warm_up: Duration = Field(
        default=Comparison().warm_up,
        le=timedelta(hours=1),
        title="So many minutes with data from the first step on a cold start of the candidate is no fault: only one that fails a "
        "quarter of its requests goes back. The first step lasts so much longer",
        description="a duration from 0s to 1h, such as 5m",
        examples=["5m"],
        json_schema_extra=because("caches and compilers are cold at first"),
    )


def metric_to_authoring(metric: CustomMetric | None) -> dict[str, Any] | None:
    """Write a metric as its section: the inverse of `metric_of`."""
    if metric is None:
        return None
    return {
        "namespace": metric.namespace,
        "metric": metric.name,
        "dimensions": dict(metric.dimensions),
    }
