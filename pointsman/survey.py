"""What a reader of an account sees of its endpoints, as values, and the port that looks. Nothing here judges, and nothing changes anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from pointsman.policy import EndpointName

Progress = Callable[[str, int, int], None]
"""What is being read, how much of it is done, and of how much (0: not known yet)."""


class Kind(StrEnum):
    """What makes an endpoint more than the simple case. Its values are read by programs: never rename one."""

    PLAIN = "plain"
    AUTOSCALED = "autoscaled"
    COMPONENTS = "inference components"
    MULTI_MODEL = "multi-model"
    PIPELINE = "pipeline"
    DIRECT = "direct containers"
    ASYNC = "asynchronous"
    SERVERLESS = "serverless"
    SHADOW = "shadow variant"
    CAPTURE = "data capture"
    MARKETPLACE = "marketplace"
    INF1 = "inf1"
    VARIANTS = "several variants"
    POOLS = "instance pools"
    CONFIG_DELETED = "config deleted"
    MODEL_DELETED = "model deleted"
    FAILED = "failed"
    MIXED = "mixed after failed rollback"
    CHANGING = "changing"
    RELEASING = "in a rollout"
    UNTRIED = "untried setting"
    UNKNOWN = "unknown setting"
    UNREAD = "not read"


@dataclass(frozen=True, slots=True)
class Trait:
    """One kind that an endpoint is of. `where` names the variant, model or config that shows it, `detail` what is special there."""

    kind: Kind
    where: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SeenVariant:
    """A production variant as it is live. `instance_type` and `model` are empty where the config does not say."""

    name: str
    model: str = ""
    instance_type: str = ""
    instances: int = 0


@dataclass(frozen=True, slots=True)
class SeenModel:
    """A model that serves. `approval` is the registry's word for its version, `deleted`, or empty where there is none."""

    name: str
    is_there: bool = True
    package: str = ""
    group: str = ""
    version: int = 0
    approval: str = ""
    content_types: tuple[str, ...] = ()
    registry_account: str = ""
    """Whose registry has the version, where that is not the endpoint's own account."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """A scalable target: `resource` is the variant's or the component's name."""

    resource: str
    least: int
    most: int
    policies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Watched:
    """One metric that an alarm looks at."""

    namespace: str
    metric: str
    dimensions: Mapping[str, str]
    stat: str
    period: timedelta


@dataclass(frozen=True, slots=True)
class SeenAlarm:
    """A metric alarm, or a composite one, which has a `rule`. `expressions`: metric math, SQL and PromQL."""

    name: str
    state: str
    watched: tuple[Watched, ...] = ()
    expressions: tuple[str, ...] = ()
    rule: str = ""
    comparison: str = ""
    threshold: float | None = None
    evaluations: int = 1
    needed: int = 1
    evaluation_state: str = ""
    missing_data: str = "missing"


@dataclass(frozen=True, slots=True)
class StackResource:
    """How CloudFormation knows the endpoint. `cdk_path` is empty where its metadata has none, or could not be read."""

    stack: str
    logical_id: str
    cdk_path: str = ""


@dataclass(frozen=True, slots=True)
class SeenConfig:
    """An endpoint config by name, and when it was made."""

    name: str
    made: datetime


@dataclass(frozen=True, slots=True)
class Sight:
    """One endpoint and what belongs to it. `unread` lists the permissions that were missing; what they would tell is empty."""

    name: EndpointName
    status: str
    made: datetime
    changed: datetime
    config: SeenConfig | None = None
    """None: it was deleted, or could not be read."""
    config_name: str = ""
    failure_reason: str = ""
    variants: tuple[SeenVariant, ...] = ()
    models: tuple[SeenModel, ...] = ()
    components: tuple[str, ...] = ()
    traits: tuple[Trait, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    scaling: tuple[Scaling, ...] = ()
    alarms: tuple[SeenAlarm, ...] = ()
    passed_over: tuple[SeenConfig, ...] = ()
    """Configs that seem to have been made for it after the one that serves."""
    stack: StackResource | None = None
    unread: tuple[str, ...] = ()

    def has(self, *kinds: Kind) -> bool:
        """Whether it is of one of these kinds."""
        return any(trait.kind in kinds for trait in self.traits)

    def was_read(self, permission: str) -> bool:
        """Whether nothing was refused for lack of this permission."""
        return permission not in self.unread


@dataclass(frozen=True, slots=True)
class Past:
    """Traffic of one variant: requests hour by hour (an hour without any is 0), p99 by day, and failed requests."""

    since: datetime
    until: datetime
    hours: tuple[float, ...] = ()
    p99: tuple[timedelta, ...] = ()
    server_errors: float = 0.0
    model_errors: float = 0.0
    client_errors: float = 0.0
    unread: tuple[str, ...] = ()

    @property
    def requests(self) -> float:
        """All requests of the time."""
        return sum(self.hours)


class Survey(Protocol):
    """Reads an account, with whatever permissions the caller has. Every method may raise Denied, Transient or Refused."""

    def names(self) -> list[EndpointName]:
        """Every endpoint of the account and Region."""
        ...

    def look(self, endpoint: EndpointName, progress: Progress) -> Sight:
        """One endpoint with all that belongs to it. Raises NotFound."""
        ...

    def look_at_all(self, progress: Progress) -> list[Sight]:
        """Every endpoint, in the order of their names, with few calls."""
        ...

    def past(self, endpoint: EndpointName, variant: str, since: datetime, until: datetime) -> Past:
        """Traffic of [since, until), both on the hour."""
        ...
