"""The composition root: settings and clients to a World. The only place that makes boto3 clients."""

from __future__ import annotations

import functools
import os
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import boto3
from botocore.config import Config

from pointsman.adapters.aws.archive import DynamoArchive
from pointsman.adapters.aws.around import surroundings_of
from pointsman.adapters.aws.autoscaling import AutoScaling
from pointsman.adapters.aws.cloudwatch import CloudWatchAlarms, CloudWatchMetrics
from pointsman.adapters.aws.dynamodb import DynamoStore
from pointsman.adapters.aws.registry import ModelRegistry
from pointsman.adapters.aws.sagemaker import SageMaker
from pointsman.adapters.aws.sagemaker_runtime import Runtime
from pointsman.adapters.aws.sns import SnsTopic
from pointsman.adapters.aws.sqs import SqsQueues
from pointsman.briefing import Briefer, IsLate
from pointsman.policy_book import read_policies
from pointsman.ports import Clock, Policies
from pointsman.settings import Settings
from pointsman.surroundings import Surroundings
from pointsman.world import World

READS = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 4})
WRITES = Config(connect_timeout=2, read_timeout=8, retries={"mode": "standard", "total_max_attempts": 1})
"""A read time-out on a changing call must not send it twice: since botocore 1.44 the default mode would."""
TABLES = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})
"""Tables that do not answer are given up soon: the way back goes on without them, and needs the rest of the time."""
FIRST_REQUEST = Config(
    connect_timeout=2, read_timeout=25, retries={"mode": "standard", "total_max_attempts": 1}
)
BRIEFS = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 1})
"""A forecast is worth no wait: what does not answer at once is not read."""

_INSTALLED: ContextVar[World | None] = ContextVar("installed_world", default=None)


class Clients(Protocol):
    """Makes clients: boto3 itself, or a test's."""

    def __call__(self, service: str, config: Config) -> Any:  # noqa: ANN401 - boto3's clients have no common type
        """A client for a service."""
        ...


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
        alarms=CloudWatchAlarms(cloudwatch),
        registry=ModelRegistry(reads),
        store=DynamoStore(tables, settings.state_table, settings.audit_table),
        queues=queues,
        topic=SnsTopic(clients("sns", READS), settings.topic_arn),
        policies=policies,
        archive=DynamoArchive(tables, settings.state_table, settings.audit_table),
        backlog=queues,
        names=settings.names,
        briefing=Briefer(clock, functools.partial(_surroundings, settings, clients)),
    )


def _surroundings(settings: Settings, clients: Clients, is_late: IsLate) -> Surroundings:
    tables = settings.state_table, settings.audit_table
    return surroundings_of(lambda service: clients(service, BRIEFS), settings.names.region, tables, is_late)


@functools.cache
def _world_of_environment() -> World:
    settings = Settings.from_env(os.environ)
    session = boto3.session.Session()

    def clients(service: str, config: Config) -> Any:  # noqa: ANN401 - boto3's clients have no common type
        return session.client(service, config=config)  # type: ignore[call-overload]

    return build(settings, clients, SystemClock(), read_policies(Path(settings.policies_file)))
