"""The runtime policy: frozen. How it is read from compiled JSON is `policy_json.py`; how people write it lives in `cli/policy_file.py`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import NewType

from pointsman.windows import Windows

EndpointName = NewType("EndpointName", str)
Version = NewType("Version", int)


class Strategy(StrEnum):
    """How a version is carried out. Stored: never rename a value."""

    CANARY = "canary"


class OnPatience(StrEnum):
    """What happens when the evidence stays too thin for longer than the policy's patience."""

    ROLLBACK = "rollback"
    HOLD = "hold"


class ErrorKind(StrEnum):
    """Which failed requests count as errors; each is one CloudWatch metric (facts/aws.md, 3.1)."""

    SERVER = "5xx"
    MODEL = "model_error"
    CLIENT = "4xx"


class Until(StrEnum):
    """How far a version must be on the endpoint that goes before this one."""

    PROMOTED = "promoted"
    WATCHED = "watched"


class Tool(StrEnum):
    """What made the endpoint and may change it again."""

    CLOUDFORMATION = "cloudformation"
    CDK = "cdk"
    TERRAFORM = "terraform"
    OTHER = "other"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class After:
    """Another endpoint of the same group on which a version must have come so far first."""

    endpoint: EndpointName
    until: Until = Until.PROMOTED


@dataclass(frozen=True, slots=True)
class ManagedBy:
    """Which tool owns the endpoint in code, and who read what its next deploy would undo (empty: nobody yet)."""

    tool: Tool
    read_by: str = ""
    read_on: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns the endpoint, and the SNS topic that hears of its decisions (empty: the installation's topic)."""

    team: str
    notify: str = ""


@dataclass(frozen=True, slots=True)
class Serve:
    """How a candidate is served: `instance_count` is the least it gets; a larger live fleet is matched."""

    instance_type: str
    instance_count: int


@dataclass(frozen=True, slots=True)
class Validation:
    """The first request a candidate must answer before it takes traffic."""

    content_type: str = "application/json"
    body: str = "{}"


METRIC_DELAY = timedelta(minutes=2)
"""CloudWatch shows a minute one to three minutes after its end (facts/aws.md, 3.3)."""


@dataclass(frozen=True, slots=True)
class ErrorsAlarm:
    """An alarm that the deployment creates: more than so many percent of the variant's requests fail, minute after minute.

    A minute with fewer than `min_requests` requests is a good one.
    """

    kind: ErrorKind
    over_percent: float
    minutes: int
    min_requests: int
    variant: str


@dataclass(frozen=True, slots=True)
class LatencyAlarm:
    """The same for slow requests: so many of a hundred (`percentile`) are not all answered within `over`."""

    percentile: float
    over: timedelta
    minutes: int
    min_requests: int
    variant: str


CreatedAlarm = ErrorsAlarm | LatencyAlarm


class Judging(StrEnum):
    """Whether what the judge says is done, or told only."""

    DECIDE = "decide"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class CustomMetric:
    """A CloudWatch metric that the application publishes for each variant: dimension values may hold `{endpoint}` and `{variant}`."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the candidate is compared with what serves beside it.

    `alpha` (0 to 1): at most this part of good releases is taken back by chance. `error_margin_percent`: so many percentage
    points above the baseline's error rate are tolerated. `slower_percent`: so much slower is tolerated. `quality`: a score
    from 0 to 1, higher is better. `output_tokens`: tokens that were generated. `failures`: counts that are errors, too.
    `warm_up`: so long a cold start of the candidate is no fault.
    """

    mode: Judging = Judging.DECIDE
    alpha: float = 0.02
    error_margin_percent: float = 0.0
    slower_percent: float = 10.0
    quality: CustomMetric | None = None
    output_tokens: CustomMetric | None = None
    failures: tuple[CustomMetric, ...] = ()
    warm_up: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Health:
    """What is tolerated at most: percentages of the candidate's own requests. It passes on `min_requests` of them, not on fewer.

    `alarms` names every alarm that sends traffic back; `created` defines those among them that the deployment creates.
    """

    errors: tuple[ErrorKind, ...]
    max_error_percent: float
    slow_over: timedelta
    max_slow_percent: float
    min_requests: int
    alarms: tuple[str, ...] = ()
    metric_delay: timedelta = METRIC_DELAY
    """So long after its end a minute's metrics count as complete."""
    created: tuple[CreatedAlarm, ...] = ()
    comparison: Comparison = field(default_factory=Comparison)

    @property
    def is_reported_only(self) -> bool:
        """What the judge says is recorded and told, and nothing is done about it."""
        return self.comparison.mode is Judging.REPORT


@dataclass(frozen=True, slots=True)
class Plan:
    """What one rollout does from start to end. A running rollout keeps the plan it started with."""

    strategy: Strategy
    steps: tuple[int, ...]
    bake_min: timedelta
    bake_max: timedelta
    patience: timedelta
    on_patience: OnPatience
    watch: timedelta
    serve: Serve
    health: Health
    validation: Validation = field(default_factory=Validation)
    gates: tuple[int, ...] = ()
    """Steps, in percent, that a person must approve before they begin."""
    gate_wait: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ModelGroup:
    """A model package group. `account`: whose registry it is in, 12 digits; empty: the endpoint's own."""

    name: str
    account: str = ""

    def __str__(self) -> str:
        """As people read it, and as an endpoint remembers whose versions it knows: stored, so never to be worded anew."""
        return f"{self.account}/{self.name}" if self.account else self.name


@dataclass(frozen=True, slots=True)
class Policy:
    """One endpoint's policy. `freeze` holds the reason why nothing automatic moves forward (empty: not frozen)."""

    endpoint: EndpointName
    model_package_group: str
    owner: Owner
    plan: Plan
    freeze: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    windows: Windows | None = None
    after: After | None = None
    managed_by: ManagedBy | None = None
    registry_account: str = ""
    """Account whose registry has the group, 12 digits; empty: the endpoint's own."""

    @property
    def group(self) -> ModelGroup:
        """The group whose versions are released."""
        return ModelGroup(self.model_package_group, self.registry_account)
