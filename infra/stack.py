"""One installation in one Region, put together from one construct for each concern. Nothing is defined here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import aws_cdk
from aws_cdk import aws_lambda as lambda_

from infra import checks, limits
from infra.bus import Bus
from infra.context import Context
from infra.dashboard import Dashboard
from infra.facts import PolicyFacts
from infra.lambdas import Functions, Made
from infra.names import Names, Place
from infra.own_alarms import OwnAlarms
from infra.permissions import all_grants
from infra.policy_alarms import PolicyAlarms
from infra.queues import Queues
from infra.registry import Registry
from infra.scope import LONGEST, Scope, scope_of
from infra.tables import Tables
from infra.topic import Topic
from infra.triggers import Triggers
from pointsman.triggers import TRIGGERS

if TYPE_CHECKING:
    from constructs import Construct

POLICIES_FILE = "policies.json"
"""In the zip's root, wherever Lambda unpacks it."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """The zip that all functions run, its hash, and what the policies in it name."""

    archive: Path
    sha256: str
    facts: PolicyFacts


class PointsmanStack(aws_cdk.Stack):
    """Everything of one installation in one Region."""

    def __init__(
        self,
        scope: Construct,
        context: Context,
        shipped: Shipped,
        environment: aws_cdk.Environment | None = None,
    ) -> None:
        region = environment.region if environment else None
        super().__init__(
            scope,
            f"{context.prefix}-{region}" if region else context.prefix,
            stack_name=context.prefix,
            env=environment,
            description="Pointsman: rolls approved models out on SageMaker endpoints in judged steps",
        )
        names = Names(context.prefix, context.topic)
        place = Place(self.partition, self.region, self.account)
        topic = Topic(self, names, place)
        reach = scope_of(context, shipped.facts, place, topic.key.key_arn if topic.key else "")
        for said in limits.widened(reach):
            aws_cdk.Annotations.of(self).add_warning_v2(f"{context.prefix}:widened", said)
        for said in limits.many_at_once(sum(map(len, shipped.facts.alarms.values()))):
            aws_cdk.Annotations.of(self).add_warning_v2(f"{context.prefix}:alarms", said)
        _require_room(reach)
        Tables(self, names)
        Bus(self, names)
        queues = Queues(self, names)
        made = Made(
            code=lambda_.Code.from_asset(str(shipped.archive)),
            environment=_environment(names, queues, topic),
            log_days=context.log_retention_days,
            version=shipped.sha256[:16],
        )
        functions = Functions(self, names, made, all_grants(reach)).each
        Triggers(self, names, functions, queues)
        OwnAlarms(self, names, functions, queues, topic.topic)
        Dashboard(self, names, functions, queues)
        Registry(self, names, place, reach.accounts_elsewhere())
        aws_cdk.Tags.of(self).add("pointsman:installation", context.prefix)
        checks.answer_for_queues(queues)
        checks.answer_for_functions(functions, all_grants(replace(reach, place=checks.as_shown(self))))
        own = _count(self)
        alarms = PolicyAlarms(self, names, shipped.facts.alarms)
        limits.require_resources_fit(context.prefix, own + alarms.stacks)


def _require_room(reach: Scope) -> None:
    """Raise NotDeployable where a policy or pattern is too long, wherever the stack goes."""
    longest = replace(reach, place=LONGEST, topic_key=LONGEST.arn("kms", f"key/{'0' * 36}"))
    limits.require_policies_fit(all_grants(longest))
    limits.require_patterns_fit(TRIGGERS)


def _environment(names: Names, queues: Queues, topic: Topic) -> dict[str, str]:
    """As `pointsman/settings.py` reads it."""
    return {
        "POINTSMAN_STATE_TABLE": names.state_table,
        "POINTSMAN_AUDIT_TABLE": names.audit_table,
        "POINTSMAN_DUE_QUEUE_URL": queues.due.queue_url,
        "POINTSMAN_JOURNAL_QUEUE_URL": queues.journal.queue_url,
        "POINTSMAN_TOPIC_ARN": topic.arn,
        "POINTSMAN_BUS_NAME": names.bus,
        "POINTSMAN_POLICIES_FILE": POLICIES_FILE,
    }


def _count(stack: aws_cdk.Stack) -> int:
    return sum(1 for each in stack.node.find_all() if aws_cdk.CfnResource.is_cfn_resource(each))
