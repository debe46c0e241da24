"""cdk-nag's rules over the template, and every finding that is accepted, with the reason. Nothing else is let through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import aws_cdk
import cdk_nag
from aws_cdk import aws_lambda as lambda_

from infra.grants import Grant
from infra.lambdas import Function
from infra.names import Place
from infra.queues import Queues

if TYPE_CHECKING:
    from constructs import IConstruct

LAST = (
    "What failed for good ends here, with its cause. It is kept for 14 days, an alarm tells people at once, and there "
    "is nowhere further to send it."
)
STARRED = (
    "Only reads that IAM cannot narrow are granted on everything, and each says why in infra/permissions.py; a test "
    "refuses a changing action there."
)
NO_DLQ = (
    "A function that is started by events has an on-failure destination, which holds the cause as well; one that is "
    "started by the queue has the queue's dead-letter queue; the others answer to whoever called them."
)
NO_TRACING = (
    "X-Ray would need its SDK in the zip, and permission on everything. Every pass is logged with the rollout, the "
    "decision and its reason, and every AWS call that fails is named."
)
BY_QUEUE = "A message that fails three times goes to the dead-letter queue of the queue it came from."


def watch(app: aws_cdk.App) -> None:
    """Let synth fail on whatever a rule finds and nobody has answered for."""
    aws_cdk.Validations.of(app).add_plugins(
        cdk_nag.AwsSolutionsChecks(app, verbose=True), cdk_nag.ServerlessChecks(app, verbose=True)
    )


def as_shown(stack: aws_cdk.Stack) -> Place:
    """Where the stack is, as nag writes what is not known before it is deployed."""
    return Place(
        "<AWS::Partition>",
        "<AWS::Region>" if aws_cdk.Token.is_unresolved(stack.region) else stack.region,
        "<AWS::AccountId>" if aws_cdk.Token.is_unresolved(stack.account) else stack.account,
    )


def answer_for_queues(queues: Queues) -> None:
    """The two queues at the end of the line."""
    _accept(queues.failed_invocations, {"AwsSolutions::AwsSolutions-SQS3": LAST})
    for queue in (queues.failed_invocations, queues.dead_letters):
        _accept(queue, {"Serverless::Serverless-SQSRedrivePolicy": LAST})


def answer_for_functions(functions: Iterable[Function], grants: Mapping[str, Sequence[Grant]]) -> None:
    """Wildcards are answered for by the reason of their grant, which stands where the grant is. `grants`: `as_shown`."""
    for function in functions:
        wide = [
            (resource, grant.why)
            for grant in grants[function.trigger.name]
            for resource in grant.resources
            if "*" in resource
        ]
        reasons: dict[str, list[str]] = {}
        for resource, why in wide:
            reasons.setdefault(f"AwsSolutions::AwsSolutions-IAM5[Resource::{resource}]", []).append(why)
        _accept(function.role, {name: " ".join(dict.fromkeys(each)) for name, each in reasons.items()})
        if any("*" in grant.resources for grant in grants[function.trigger.name]):
            _accept(function.role, {"Serverless::Serverless-LambdaStarPermissions": STARRED})
        _accept(
            function.function,
            {"Serverless::Serverless-LambdaDLQ": NO_DLQ, "Serverless::Serverless-LambdaTracing": NO_TRACING},
        )
        for child in function.node.find_all():
            if isinstance(child, lambda_.EventSourceMapping):
                _accept(child, {"Serverless::Serverless-LambdaEventSourceMappingDestination": BY_QUEUE})


def _accept(construct: IConstruct, reasons: Mapping[str, str]) -> None:
    validations = aws_cdk.Validations.of(construct)
    for name, reason in reasons.items():
        validations.acknowledge(aws_cdk.Acknowledgment(id=name, reason=reason))
