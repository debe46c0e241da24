"""Grants that several functions share, by what they are for. Which function has which is in `permissions.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.grants import Grant
from infra.scope import MADE, TAGGED, TAGGED_IN_REQUEST, Scope
from pointsman.triggers import Trigger

EVERYTHING = ("*",)
"""Only for actions that IAM cannot narrow, all of which read (facts/aws.md, 9)."""
TO_SAGEMAKER: Mapping[str, Mapping[str, Any]] = {
    "StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}
}
VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "StringEquals": {
        "application-autoscaling:service-namespace": "sagemaker",
        "application-autoscaling:scalable-dimension": "sagemaker:variant:DesiredInstanceCount",
    }
}


def hears(scope: Scope) -> list[Grant]:
    """Of a version: what the registry says of it now."""
    why = "The event only says which version to look at; whether it is approved, and by whom, is read again."
    return [Grant("ReadVersion", ("sagemaker:DescribeModelPackage",), scope.package_arns(), why)]


def goes_back(scope: Scope, *and_more: str) -> list[Grant]:
    """See an endpoint and its alarms, and take traffic back, also where no table answers.

    `and_more`: further actions on the endpoints. Their names take most of a policy, so they stand in one statement.
    """
    configs = scope.sagemaker("endpoint-config")
    return [
        Grant(
            "SeeAndShift",
            (
                "sagemaker:DescribeEndpoint",
                "sagemaker:UpdateEndpoint",
                "sagemaker:UpdateEndpointWeightsAndCapacities",
                *and_more,
            ),
            scope.endpoint_arns(),
            "Traffic goes back by one call of weights, or by one update to the config of before; the same calls move "
            "it forward. A candidate answers the policy's request (InvokeEndpoint) before it takes traffic.",
        ),
        Grant(
            "ToAnyConfig",
            ("sagemaker:UpdateEndpoint", "sagemaker:DescribeEndpointConfig", "sagemaker:ListTags"),
            (configs,),
            "UpdateEndpoint is asked for the config as well. The one to go back to was made by somebody else and may "
            "have any name; its tags show the way back when no table answers.",
        ),
        Grant(
            "SeeModels",
            ("sagemaker:DescribeModel",),
            (scope.sagemaker("model"),),
            "Which version serves, and whether what a return needs is still there. The live model may have any name; the "
            "candidate's is a copy of it.",
        ),
        Grant(
            "ReadAlarms",
            ("cloudwatch:DescribeAlarms",),
            EVERYTHING,
            "The state of the policies' alarms. Composite ones are shown only to who may see all.",
        ),
    ]


def goes_forward(scope: Scope) -> list[Grant]:
    """Build a candidate, ask it, judge it, and let it serve alone."""
    models, configs = scope.sagemaker("model", MADE), scope.sagemaker("endpoint-config", MADE)
    return [
        *hears(scope),
        Grant(
            "MakeCandidate",
            ("sagemaker:CreateModel", "sagemaker:CreateEndpointConfig", "sagemaker:AddTags"),
            (models, configs),
            "One model and two configs for a rollout, under our names and with its tag, by which they are found again.",
            TAGGED_IN_REQUEST,
        ),
        *_other_registries(scope),
        Grant(
            "HandOverRole",
            ("iam:PassRole",),
            scope.role_arns(),
            "The candidate runs under the role of the model that serves: one of those in `execution_roles`.",
            TO_SAGEMAKER,
        ),
        Grant(
            "ReadMetrics",
            ("cloudwatch:GetMetricData",),
            EVERYTHING,
            "Requests, errors and latency of both sides. IAM cannot narrow it.",
        ),
        Grant(
            "ReadMutes",
            ("cloudwatch:ListAlarmMuteRules",),
            EVERYTHING,
            "A firing alarm that a person has muted takes no traffic back. A rule may mute alarms under any name.",
        ),
        Grant(
            "KeepMinutes",
            ("dynamodb:BatchWriteItem",),
            (scope.table(scope.names.state_table),),
            "The minutes that evidence grew by, for `explain`.",
        ),
        Grant(
            "SeeScaling",
            ("application-autoscaling:DescribeScalableTargets",),
            EVERYTHING,
            "Whether autoscaling may shrink the way back. IAM cannot narrow it.",
        ),
        Grant(
            "HoldScaleIn",
            ("application-autoscaling:RegisterScalableTarget",),
            (scope.place.arn("application-autoscaling", "scalable-target/*"),),
            "Scale-in of the baseline is suspended for the rollout and restored after. Ids of targets are not known "
            "before, so it is narrowed to SageMaker's variants.",
            VARIANTS,
        ),
    ]


def _other_registries(scope: Scope) -> list[Grant]:
    """Across accounts both sides must allow it: the group's policy there, this one here (docs/deploy.md)."""
    there = scope.packages_elsewhere()
    why = "CreateModel reads the version in its own account, where the registry is in another one."
    done_by = "Amazon SageMaker, when it creates the model"
    return [Grant("UseVersion", ("sagemaker:CreateModel",), there, why, done_by=done_by)] if there else []


def forecasts(scope: Scope) -> list[Grant]:
    """The plan in the message that people get when a release starts. All of it reads; without it the release goes on."""
    return [
        Grant(
            "ReadQuotas",
            ("servicequotas:ListServiceQuotas", "servicequotas:ListAWSDefaultServiceQuotas"),
            EVERYTHING,
            "Whether the candidate's fleet fits. IAM cannot narrow it.",
        ),
        Grant(
            "CountInstances",
            ("sagemaker:Search",),
            EVERYTHING,
            "What other endpoints use of the quota. IAM cannot narrow it.",
        ),
        Grant(
            "ReadPast",
            ("dynamodb:Query",),
            (scope.table(scope.names.audit_table),),
            "How long the endpoint's earlier updates took.",
        ),
    ]


def tidies_up(scope: Scope) -> list[Grant]:
    """After a rollout: delete what it made and nothing uses."""
    ours = (scope.sagemaker("endpoint-config", MADE), scope.sagemaker("model", MADE))
    return [
        Grant(
            "ReadOwner",
            ("sagemaker:ListTags",),
            (scope.sagemaker("model", MADE),),
            "Only what carries the rollout's tag is deleted; that is looked at before.",
        ),
        Grant(
            "Discard",
            ("sagemaker:DeleteEndpointConfig", "sagemaker:DeleteModel"),
            ours,
            "Leftovers of a rollout. IAM refuses it for whatever does not carry the tag, also if our code were wrong.",
            TAGGED,
        ),
    ]


def keeps_state(scope: Scope) -> list[Grant]:
    """Read and write what is remembered; records are only ever added."""
    state, audit = scope.table(scope.names.state_table), scope.table(scope.names.audit_table)
    return [
        Grant(
            "KeepState",
            ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"),
            (state,),
            "State, evidence, and the outbox, from which is deleted what was sent.",
        ),
        Grant(
            "AddRecord",
            ("dynamodb:PutItem",),
            (audit,),
            "Every move is recorded, in the transaction that makes it. Nothing may be deleted.",
        ),
        Grant(
            "KeepJournal",
            ("sqs:SendMessage",),
            (scope.queue(scope.names.journal_queue),),
            "A move back that cannot be recorded now is recorded later.",
        ),
    ]


def logs(scope: Scope, trigger: Trigger) -> Grant:
    """The function's own log group."""
    group = scope.place.arn("logs", f"log-group:/aws/lambda/{scope.names.function(trigger)}:*")
    actions = "logs:CreateLogStream", "logs:PutLogEvents"
    why = "Log lines and metrics, into a group that the stack made with its retention."
    return Grant("Log", actions, (group,), why, done_by="AWS Lambda")


def destination(scope: Scope) -> Grant:
    """Where an event goes on which the function failed each time."""
    queue = scope.queue(scope.names.failed_invocations)
    return Grant(
        "KeepFailed", ("sqs:SendMessage",), (queue,), "Nothing that fails disappears.", done_by="AWS Lambda"
    )


def polls(scope: Scope) -> Grant:
    """The queue that starts the function."""
    actions = "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"
    queue = scope.queue(scope.names.due_queue)
    return Grant(
        "Poll", actions, (queue,), "Lambda takes messages in the function's name.", done_by="AWS Lambda"
    )
