"""Application Auto Scaling for endpoint variants: targets and policies. When to scale is decided in scaling."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from twin.endpoints import Endpoints
from twin.errors import TwinError, invalid
from twin.paging import Pages
from twin.plain import copied
from twin.world import World

Params = dict[str, Any]

DIMENSION = "sagemaker:variant:DesiredInstanceCount"
_RESOURCE = re.compile("endpoint/[^/]+/variant/[^/]+")
METRIC = "SageMakerVariantInvocationsPerInstance"
_TARGET_PAGES = Pages("DescribeScalableTargets", default=50, most=50, page_code="InvalidNextTokenException")
_POLICY_PAGES = Pages("DescribeScalingPolicies", default=10, most=10, page_code="InvalidNextTokenException")
_NOT_SUSPENDED = {
    "DynamicScalingInSuspended": False,
    "DynamicScalingOutSuspended": False,
    "ScheduledScalingSuspended": False,
}


@dataclass(slots=True)
class Policy:
    """One target tracking policy."""

    name: str
    arn: str
    tracking: Params
    created: datetime


@dataclass(slots=True)
class Target:
    """One variant under autoscaling."""

    endpoint: str
    variant: str
    arn: str
    role: str
    least: int
    most: int
    created: datetime
    suspended: dict[str, bool] = field(default_factory=lambda: dict(_NOT_SUSPENDED))
    policies: dict[str, Policy] = field(default_factory=dict)
    scaled_out_at: datetime | None = None
    scaled_in_at: datetime | None = None

    @property
    def resource_id(self) -> str:
        """The resource id that clients name the target by."""
        return f"endpoint/{self.endpoint}/variant/{self.variant}"


class Autoscaling:
    """Scalable targets by resource id."""

    def __init__(self, world: World, endpoints: Endpoints) -> None:
        self._world = world
        self._endpoints = endpoints
        self._targets: dict[str, Target] = {}

    def targets(self) -> list[Target]:
        """Return every target."""
        return list(self._targets.values())

    def registered(self, endpoint: str) -> set[str]:
        """Return the names of the variants of `endpoint` that are scalable targets."""
        return {target.variant for target in self._targets.values() if target.endpoint == endpoint}

    def forget(self, endpoint: str) -> None:
        """Drop the targets of an endpoint that is deleted."""
        self._targets = {key: target for key, target in self._targets.items() if target.endpoint != endpoint}

    def register(self, params: Params) -> Params:
        """RegisterScalableTarget: create, or change what is given; a SuspendedState is merged, not replaced."""
        resource = _resource(params)
        target = self._targets.get(resource) or self._new_target(resource, params)
        least, most = params.get("MinCapacity", target.least), params.get("MaxCapacity", target.most)
        if least > most:
            raise invalid("Maximum capacity cannot be less than minimum capacity.")
        target.least, target.most = least, most
        target.suspended |= params.get("SuspendedState", {})
        self._targets[resource] = target
        return {"ScalableTargetARN": target.arn}

    def _new_target(self, resource: str, params: Params) -> Target:
        _, endpoint_name, _, variant = resource.split("/")
        endpoint = self._endpoints.find(endpoint_name)
        if endpoint is None or endpoint.fleet is None or variant not in endpoint.fleet.variants:
            raise invalid(f"SageMaker variant does not exist: {resource}")
        if "MinCapacity" not in params or "MaxCapacity" not in params:
            raise invalid("MinCapacity and MaxCapacity are required to register a new scalable target.")
        arns = self._world.arns
        return Target(
            endpoint=endpoint_name,
            variant=variant,
            arn=f"arn:aws:application-autoscaling:{arns.region}:{arns.account}:scalable-target/"
            + self._world.bus.new_id().replace("-", ""),
            role=params.get("RoleARN", _service_role(arns.account)),
            least=params["MinCapacity"],
            most=params["MaxCapacity"],
            created=self._world.agenda.now,
        )

    def describe_targets(self, params: Params) -> Params:
        """DescribeScalableTargets, by resource ids if given."""
        wanted = params.get("ResourceIds")
        found = [target for key, target in self._of(params) if not wanted or key in wanted]
        page, more = _TARGET_PAGES.cut(found, params, lambda target: (target.resource_id, ""))
        return {"ScalableTargets": [_target_description(target) for target in page], **more}

    def _of(self, params: Params) -> list[tuple[str, Target]]:
        if (
            params["ServiceNamespace"] != "sagemaker"
            or params.get("ScalableDimension", DIMENSION) != DIMENSION
        ):
            return []
        return list(self._targets.items())

    def deregister(self, params: Params) -> Params:
        """DeregisterScalableTarget, its policies with it."""
        self._get(params)
        del self._targets[_resource(params)]
        return {}

    def put_policy(self, params: Params) -> Params:
        """PutScalingPolicy: target tracking on invocations per instance, create or replace."""
        target = self._get(params)
        tracking = params.get("TargetTrackingScalingPolicyConfiguration", {})
        metric = tracking.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType")
        if params.get("PolicyType") != "TargetTrackingScaling" or metric != METRIC:
            raise invalid(f"The twin does not do this yet: policies other than target tracking on {METRIC}.")
        name = params["PolicyName"]
        arns = self._world.arns
        arn = (
            f"arn:aws:autoscaling:{arns.region}:{arns.account}:scalingPolicy:{self._world.bus.new_id()}:"
            f"resource/sagemaker/{target.resource_id}:policyName/{name}"
        )
        existing = target.policies.get(name)
        created = existing.created if existing is not None else self._world.agenda.now
        policy = Policy(name, existing.arn if existing is not None else arn, copied(tracking), created)
        target.policies[name] = policy
        return {"PolicyARN": policy.arn, "Alarms": []}

    def describe_policies(self, params: Params) -> Params:
        """DescribeScalingPolicies, by resource id and policy names if given."""
        resource, names = params.get("ResourceId"), params.get("PolicyNames")
        found = [
            (target, policy)
            for key, target in self._of(params)
            for policy in target.policies.values()
            if resource in (None, key) and (not names or policy.name in names)
        ]
        page, more = _POLICY_PAGES.cut(found, params, lambda pair: (pair[0].resource_id, pair[1].name))
        return {"ScalingPolicies": [_policy_description(target, policy) for target, policy in page], **more}

    def delete_policy(self, params: Params) -> Params:
        """DeleteScalingPolicy."""
        target = self._get(params)
        if params["PolicyName"] not in target.policies:
            raise TwinError("ObjectNotFoundException", f"No scaling policy found: {params['PolicyName']}")
        del target.policies[params["PolicyName"]]
        return {}

    def _get(self, params: Params) -> Target:
        resource = _resource(params)
        if resource not in self._targets:
            raise TwinError(
                "ObjectNotFoundException",
                f"No scalable target found for service namespace: sagemaker, resource ID: {resource}, "
                f"scalable dimension: {DIMENSION}",
            )
        return self._targets[resource]


def _resource(params: Params) -> str:
    resource: str = params["ResourceId"]
    if params.get("ServiceNamespace") != "sagemaker" or params.get("ScalableDimension") != DIMENSION:
        raise invalid(f"The twin does not do this yet: dimensions other than {DIMENSION}.")
    if _RESOURCE.fullmatch(resource) is None:
        raise invalid(f"Unsupported service namespace, resource type or scalable dimension: {resource}")
    return resource


def _service_role(account: str) -> str:
    return (
        f"arn:aws:iam::{account}:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/"
        "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
    )


def _target_description(target: Target) -> Params:
    return {
        "ServiceNamespace": "sagemaker",
        "ResourceId": target.resource_id,
        "ScalableDimension": DIMENSION,
        "MinCapacity": target.least,
        "MaxCapacity": target.most,
        "RoleARN": target.role,
        "CreationTime": target.created,
        "SuspendedState": dict(target.suspended),
        "ScalableTargetARN": target.arn,
    }


def _policy_description(target: Target, policy: Policy) -> Params:
    return {
        "PolicyARN": policy.arn,
        "PolicyName": policy.name,
        "ServiceNamespace": "sagemaker",
        "ResourceId": target.resource_id,
        "ScalableDimension": DIMENSION,
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": copied(policy.tracking),
        "Alarms": [],
        "CreationTime": policy.created,
    }
