"""The functions: one zip, one role each with what `permissions.py` grants, a log group, and the alias that is started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.context import RETENTIONS
from infra.grants import Grant, statement
from infra.names import Names
from pointsman.triggers import TRIGGERS, Trigger

ALIAS = "live"
RUNTIME = lambda_.Runtime.PYTHON_3_14
MEMORY_MB = 512
"""Lambda gives processor time with memory; what was measured is in docs/benchmarks/."""


@dataclass(frozen=True, slots=True)
class Made:
    """What every function of an installation has in common."""

    code: lambda_.Code
    environment: Mapping[str, str]
    log_days: int
    version: str
    """Of the zip, so that a new version of a function appears when, and only when, what ships changed."""


class Function(Construct):
    """One function behind its alias. Nothing but `grants` is ever added to its role."""

    def __init__(
        self, scope: Construct, trigger: Trigger, names: Names, made: Made, grants: Sequence[Grant]
    ) -> None:
        super().__init__(scope, trigger.name)
        self.trigger = trigger
        self.name = names.function(trigger)
        self.log_group = logs.LogGroup(
            self,
            "Log",
            log_group_name=f"/aws/lambda/{self.name}",
            retention=logs.RetentionDays[RETENTIONS[made.log_days]],
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.role = _role(self, self.name, grants)
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=self.name,
            description=f"Pointsman: {trigger.name.replace('_', ' ')}",
            code=made.code,
            handler=trigger.handler,
            runtime=RUNTIME,
            architecture=lambda_.Architecture.ARM_64,
            memory_size=MEMORY_MB,
            timeout=Duration.seconds(round(trigger.timeout.total_seconds())),
            environment=dict(made.environment),
            role=self.role.without_policy_updates(),
            log_group=self.log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            current_version_options=lambda_.VersionOptions(
                description=f"zip {made.version}", removal_policy=RemovalPolicy.RETAIN
            ),
        )
        self.alias = lambda_.Alias(self, "Alias", alias_name=ALIAS, version=self.function.current_version)


class Functions(Construct):
    """One for each line of the table of triggers."""

    def __init__(
        self, scope: Construct, names: Names, made: Made, grants: Mapping[str, Sequence[Grant]]
    ) -> None:
        super().__init__(scope, "Functions")
        self.each = tuple(Function(self, trigger, names, made, grants[trigger.name]) for trigger in TRIGGERS)


def _role(scope: Construct, name: str, grants: Sequence[Grant]) -> iam.Role:
    """The policy is part of the role, so that it is there before anything that is allowed by it is set up."""
    return iam.Role(
        scope,
        "Role",
        # Policies of keys and topics elsewhere must be able to name it; roles are one for all Regions.
        role_name=f"{name}-{Stack.of(scope).region}",
        description=f"What function {name} may do: infra/permissions.py",
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        inline_policies={"exactly": iam.PolicyDocument(statements=[statement(each) for each in grants])},
    )
