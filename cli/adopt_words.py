"""Words that the texts of `adopt` have in common: kinds, sizes, strategies, what was not read. What they are about is decided in the core."""

from __future__ import annotations

from collections import Counter

from pointsman.core.eligibility import Answer, Verdict, judged, verdict
from pointsman.core.matrix import Way
from pointsman.core.ownership import Confidence, Ownership
from pointsman.survey import Kind, Sight

NAMES = {way: way.value.replace("_", "/") for way in Way}
MARKS = {Answer.WORKS: "yes", Answer.RESTRICTED: "limits", Answer.NO: "no"}
READS = {
    "sagemaker:ListEndpoints": "which endpoints there are",
    "sagemaker:DescribeEndpoint": "status, variants and instances",
    "sagemaker:DescribeEndpointConfig": "kind, instance types, models",
    "sagemaker:DescribeModel": "containers and packages",
    "sagemaker:DescribeModelPackage": "the registry's group and approval",
    "sagemaker:ListTags": "owner, team and tool",
    "sagemaker:ListEndpointConfigs": "updates that were taken back",
    "sagemaker:ListInferenceComponents": "inference components and their alarms",
    "cloudwatch:DescribeAlarms": "alarms",
    "cloudwatch:GetMetricData": "traffic, errors and latency, for the numbers of a policy",
    "application-autoscaling:DescribeScalableTargets": "autoscaling",
    "application-autoscaling:DescribeScalingPolicies": "autoscaling",
    "cloudformation:DescribeStackResource": "whether the CDK wrote a stack",
}
"""Every permission that is used, and what it is for."""


def kinds_of(sight: Sight) -> str:
    """`autoscaled, data capture`, or `plain`."""
    kinds = list(dict.fromkeys(trait.kind.value for trait in sight.traits)) or [Kind.PLAIN.value]
    return ", ".join(kinds)


def runs_on(sight: Sight) -> str:
    """`2 x ml.c7i.large`, of every type; empty where there are no instances."""
    counts: Counter[str] = Counter()
    for variant in sight.variants:
        counts[variant.instance_type] += variant.instances
    return " + ".join(f"{count} x {kind or 'unknown type'}" for kind, count in counts.items() if count)


def strategy_of(sight: Sight) -> str:
    """The strategy that works today, or else what would once it is carried out."""
    today = [each for each in judged(sight.traits) if each.is_carried_out and each.works]
    if today:
        return ", ".join(
            NAMES[each.way] + (" with limits" if each.answer is Answer.RESTRICTED else "") for each in today
        )
    later = [NAMES[each.way] for each in judged(sight.traits) if each.works and each.way is not Way.SHADOW]
    return f"none yet ({', '.join(later)})" if later else "none"


def canary(sight: Sight) -> Verdict:
    """What the strategy that is carried out today can do for it."""
    return verdict(sight.traits, Way.CANARY)


def owner_of(ownership: Ownership) -> str:
    """`Terraform (likely)`; a certain one needs no remark."""
    if ownership.confidence in {Confidence.CERTAIN, Confidence.NONE}:
        return ownership.by.value
    return f"{ownership.by.value} ({ownership.confidence.value})"
