"""How people write `validation` and `health`: what a candidate must answer, and what it is judged by. Judging is `pointsman/core/judge.py`."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from pydantic import Field, model_validator

from cli.policy_alarms import AlarmEntries, ErrorsAlarmSection, LatencyAlarmSection
from cli.policy_judge import JudgeSection, MetricSection
from cli.policy_section import Section, because
from cli.policy_values import (
    Body,
    ContentType,
    CountedKinds,
    Duration,
    FineDuration,
    Percent,
    broken_rule,
    format_duration,
    is_json,
)
from pointsman.policy import METRIC_DELAY


class ValidationSection(Section):
    """`validation`: the first request a candidate must answer."""

    content_type: ContentType = Field(
        default="application/json",
        title="Its content type",
        description="a content type in printable ASCII, at most 1,024 characters",
        examples=["application/json", "text/csv"],
        json_schema_extra=because("SageMaker's own limit"),
    )
    body: Body = Field(
        default="{}",
        title="Its body",
        description="the request as text (quote it), at most 65,536 bytes; valid JSON where content_type says so",
        examples=['{"inputs": "Say hello."}'],
        json_schema_extra=because("it is stored with every rollout"),
    )

    @model_validator(mode="after")
    def _json_is_json(self) -> Self:
        if self.content_type.split(";")[0].strip().lower() == "application/json" and not is_json(self.body):
            raise broken_rule("the content type says JSON: make the body valid JSON or change it", ("body",))
        return self


class ErrorsSection(Section):
    """`health.errors`: how many failed requests are tolerated."""

    count: CountedKinds = Field(
        default=["5xx"],
        title="Which failed requests count: `5xx` (server errors), `model_error` (the container answered with an "
        "error), `4xx` (errors of callers)",
        description="a list of 5xx, model_error or 4xx, each once, at least one",
        examples=[["5xx", "model_error"]],
        json_schema_extra=because("CloudWatch has one metric for each"),
    )
    max_percent: Percent = Field(
        title="So many failed requests are tolerated at most, unless the baseline itself has more",
        description="a number from 0 to 100: percent of the candidate's requests",
        examples=[1.0],
    )
    margin_percent: Percent = Field(
        default=0.0,
        title="So many percentage points above the baseline's rate are tolerated, too",
        description="a number from 0 to 100: percentage points",
        examples=[0.1],
        json_schema_extra=because("where a version may fail a little more often than what serves"),
    )
    metrics: list[MetricSection] = Field(
        default=[],
        max_length=5,
        title="Metrics of your own whose sums are failed requests, too, such as empty answers",
        description="a list of at most 5 sections with namespace, metric, and dimensions if you like",
        examples=[[{"namespace": "ChatLlm", "metric": "EmptyAnswers"}]],
    )


class LatencySection(Section):
    """`health.latency`: how many slow requests are tolerated."""

    slow_over: FineDuration = Field(
        ge=timedelta(milliseconds=1),
        le=timedelta(seconds=60),
        title="A request that takes longer is slow",
        description="a duration from 1ms to 60s, such as 250ms or 2s",
        examples=["250ms", "2s"],
        json_schema_extra=because("SageMaker ends a request after 60 seconds"),
    )
    max_percent: Percent = Field(
        title="So many slow requests are tolerated at most, unless the baseline itself has more",
        description="a number from 0 to 100: percent of the candidate's requests",
        examples=[5],
    )
    margin_percent: float = Field(
        default=10.0,
        ge=0,
        le=1000,
        title="A candidate may be so much slower than the baseline",
        description="a number from 0 to 1,000: percent of the baseline's latency, rounded up to CloudWatch's buckets",
        examples=[10, 50],
        json_schema_extra=because("CloudWatch may keep latencies in buckets about 10 % wide"),
    )
    output_tokens: MetricSection | None = Field(
        default=None,
        title="A metric whose sum is the tokens that were generated. Then the time for an output token is compared, since "
        "longer answers take longer",
        description="a section with namespace and metric, and dimensions if you like; or no such key",
        examples=[{"namespace": "ChatLlm", "metric": "OutputTokens"}],
    )


class HealthSection(Section):
    """`health`: what a candidate is judged by."""

    errors: ErrorsSection = Field(
        title="Failed requests",
        description="a section with count and max_percent",
        examples=[{"max_percent": 1}],
    )
    latency: LatencySection = Field(
        title="Slow requests",
        description="a section with slow_over and max_percent",
        examples=[{"slow_over": "2s", "max_percent": 5}],
    )
    quality: MetricSection | None = Field(
        default=None,
        title="A metric with a score from 0 to 1 for each answer that has one, higher is better; a mean that is more "
        "than 0.015 below the baseline's counts against a candidate",
        description="a section with namespace and metric, and dimensions if you like; or no such key",
        examples=[{"namespace": "ChatLlm", "metric": "AnswerScore"}],
    )
    judge: JudgeSection = Field(
        default_factory=JudgeSection,
        title="The judge that compares the candidate with the baseline",
        description="a section with mode and alpha, or no such key",
        examples=[{"mode": "report"}],
    )
    min_requests: int = Field(
        default=50,
        ge=1,
        title="With fewer of the candidate's requests in a step it does not pass: missing evidence is never healthy. A "
        "failure does not wait for them",
        description="a whole number from 1",
        examples=[50],
    )
    alarms: AlarmEntries = Field(
        default=[],
        title="CloudWatch alarms that send traffic back at once: those that exist by their names, and definitions of "
        "those that the deployment creates",
        description="a list of at most 50, each once: names of CloudWatch alarms, 1 to 255 characters each, and "
        "definitions such as {create: errors, over_percent: 5} or {create: latency, over: 2s}",
        examples=[["chat-llm-5xx", {"create": "latency", "percentile": 99, "over": "2s"}]],
        json_schema_extra=because("names, not ARNs: they must be in the endpoint's account and Region"),
    )
    metric_delay: Duration = Field(
        default=METRIC_DELAY,
        ge=timedelta(seconds=15),
        le=timedelta(minutes=15),
        title="So long after its end a minute's metrics count as complete",
        description="a duration from 15s to 15m, such as 2m",
        examples=["2m"],
        json_schema_extra=because(
            "CloudWatch takes one to three minutes; below that minutes are judged before all of their requests are "
            "counted, so go there with simulated metrics only"
        ),
    )

    @model_validator(mode="after")
    def _no_alarm_is_stricter_than_the_judge(self) -> Self:
        for index, entry in enumerate(self.alarms):
            allowed = "" if isinstance(entry, str) else self._why_too_strict(entry)
            if allowed:
                raise broken_rule(allowed, ("alarms", index))
        return self

    def _why_too_strict(self, alarm: ErrorsAlarmSection | LatencyAlarmSection) -> str:
        """It would take a version back for what `errors` or `latency` tolerates; empty where it would not."""
        if isinstance(alarm, ErrorsAlarmSection):
            tolerated = self.errors.max_percent
            if alarm.count in self.errors.count and alarm.over_percent < tolerated:
                return f"health.errors tolerates {tolerated:g} %: set over_percent to that or more"
            return ""
        tolerated, slow_over = self.latency.max_percent, format_duration(self.latency.slow_over)
        if alarm.over <= self.latency.slow_over and 100 - alarm.percentile < tolerated:
            return (
                f"health.latency tolerates that {tolerated:g} % take longer than {slow_over}: raise over above that, or "
                f"take a percentile of at most {100 - tolerated:g}"
            )
        return ""
