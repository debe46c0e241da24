"""The composition root: settings and clients to a World. The only place that makes clients of AWS.

A function that starts anew takes traffic back within its first invocation, so what that does not need is not loaded and not
made before it is used (docs/benchmarks/cold-start.md): clients, forecasts, and boto3, whose part is botocore's alone here.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Protocol

import botocore.session
from botocore.config import Config

from pointsman.adapters.aws.archive import DynamoArchive
from pointsman.adapters.aws.autoscaling import AutoScaling
from pointsman.adapters.aws.cloudwatch import CloudWatchAlarms, CloudWatchMetrics
from pointsman.adapters.aws.dynamodb import DynamoStore
from pointsman.adapters.aws.events import EventBridge
from pointsman.adapters.aws.registry import ModelRegistry
from pointsman.adapters.aws.sagemaker import SageMaker
from pointsman.adapters.aws.sagemaker_runtime import Runtime
from pointsman.adapters.aws.sns import SnsTopic
from pointsman.adapters.aws.sqs import SqsQueues
from pointsman.core.rollout import Rollout
from pointsman.policy import Policy
from pointsman.policy_book import read_policies
from pointsman.ports import Clock, Policies
from pointsman.settings import Settings
from pointsman.world import Briefing, World

READS = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 4})
WRITES = Config(connect_timeout=2, read_timeout=8, retries={"mode": "standard", "total_max_attempts": 1})
"""A read time-out on a changing call must not send it twice: since botocore 1.44 the default mode would."""
TABLES = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})
"""Tables that do not answer are given up soon: the way back goes on without them, and needs the rest of the time."""
BUS = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2})
"""A bus that does not answer holds up no pass: the tick sends what was left."""
MUTES = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})
"""Mute rules that do not answer are given up soon: a firing alarm then takes traffic back."""
FIRST_REQUEST = Config(
    connect_timeout=2, read_timeout=25, retries={"mode": "standard", "total_max_attempts": 1}
)
BRIEFS = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 1})
"""A forecast is worth no wait: what does not answer at once is not read."""

_INSTALLED: ContextVar[World | None] = ContextVar("installed_world", default=None)


class Clients(Protocol):
    """Makes clients: botocore, or a test's."""

    def __call__(self, service: str, config: Config) -> Any:  # noqa: ANN401 - clients have no common type
        """A client for a service."""
        ...


class MadeWhenUsed:
    """Stands for a client, which is made at the first call and kept: one invocation needs half of them."""

    def __init__(self, make: Callable[[], Any]) -> None:
        """Take what makes the client."""
        self._make = functools.cache(make)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - clients have no common type
        """Hand over what the client has."""
        return getattr(self._make(), name)


class SystemClock:
    """Implements `ports.Clock`."""

    def now(self) -> datetime:
        """The time of this machine."""
        return datetime.now(UTC)


def current_world() -> World:
    """The world that was installed, or the one that the environment describes, made once."""
    return _INSTALLED.get() or _world_of_environment()


def install(world: World | None) -> None:
    """Let this context's handlers work in a given world; None ends it. For runs outside Lambda."""
    _INSTALLED.set(world)


def build(settings: Settings, clients: Clients, clock: Clock, policies: Policies) -> World:
    """Put a world together."""
    reads, writes = clients("sagemaker", READS), clients("sagemaker", WRITES)
    cloudwatch = clients("cloudwatch", READS)
    tables = clients("dynamodb", TABLES)
    queues = SqsQueues(clients("sqs", READS), settings.due_queue_url, settings.journal_queue_url)
    return World(
        clock=clock,
        serving=SageMaker(reads, writes),
        prober=Runtime(clients("sagemaker-runtime", FIRST_REQUEST)),
        scaling=AutoScaling(clients("application-autoscaling", READS)),
        metrics=CloudWatchMetrics(cloudwatch),
        alarms=CloudWatchAlarms(cloudwatch, clients("cloudwatch", MUTES)),
        registry=ModelRegistry(reads),
        store=DynamoStore(tables, settings.state_table, settings.audit_table),
        queues=queues,
        topic=SnsTopic(clients("sns", READS), settings.topic_arn),
        bus=EventBridge(clients("events", BUS), settings.bus_name),
        policies=policies,
        archive=DynamoArchive(tables, settings.state_table, settings.audit_table),
        backlog=queues,
        names=settings.names,
        briefing=_briefing(settings, clients, clock),
    )


def _briefing(settings: Settings, clients: Clients, clock: Clock) -> Briefing:
    @functools.cache
    def briefer() -> Briefing:
        # Only when a release starts: these bring in as much as all the rest.
        from pointsman.adapters.aws.around import surroundings_of  # noqa: PLC0415 - see above
        from pointsman.briefing import Briefer  # noqa: PLC0415 - see above

        tables, region = (settings.state_table, settings.audit_table), settings.names.region
        return Briefer(
            clock,
            lambda is_late: surroundings_of(lambda name: clients(name, BRIEFS), region, tables, is_late),
        )

    def brief(rollout: Rollout, policy: Policy) -> str:
        return briefer()(rollout, policy)

    return brief


@functools.cache
def _world_of_environment() -> World:
    settings = Settings.from_env(os.environ)
    session = botocore.session.get_session()

    def clients(service: str, config: Config) -> Any:  # noqa: ANN401 - clients have no common type
        return MadeWhenUsed(lambda: session.create_client(service, config=config))

    policies = read_policies(settings.policies_file, settings.names.account)
    return build(settings, clients, SystemClock(), policies)
