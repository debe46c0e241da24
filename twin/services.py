"""The simulated services wired to one world, and the table of the operations they answer. No behaviour lives here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from twin.alarms import Alarms
from twin.autoscaling import Autoscaling
from twin.components import Components
from twin.configs import Configs
from twin.deployments import Deployments
from twin.endpoints import Endpoints
from twin.groups import Groups
from twin.listings import COMPONENTS, CONFIGS, ENDPOINTS, GROUPS, MODELS, PACKAGES, listed
from twin.metricdata import get_metric_data
from twin.metrics import Metrics
from twin.models import Models
from twin.quotas import Quotas
from twin.registries import Registries
from twin.registry import Registry
from twin.runtime import Runtime
from twin.scaling import Scaling
from twin.search import Search
from twin.serving import Serving
from twin.signals import Signals
from twin.weights import Weights
from twin.world import World

Operation = Callable[[dict[str, Any]], dict[str, Any]]


class Services:
    """Every service of one account, built on one world."""

    def __init__(self, world: World) -> None:
        self.tags = world.tags
        self.metrics = Metrics(world.agenda, world.timings)
        self.signals = Signals()
        self.groups = Groups(world)
        self.registry = Registry(world, self.groups)
        self.registries = Registries(world, self.registry)
        self.models = Models(world, self.registries)
        self.configs = Configs(world, self.models)
        self.endpoints = Endpoints(world, self.configs)
        self.autoscaling = Autoscaling(world, self.endpoints)
        self.deployments = Deployments(world, self.configs, self.endpoints, self.autoscaling)
        self.weights = Weights(world, self.endpoints)
        self.components = Components(world, self.models, self.weights)
        self.search = Search(world, self.endpoints, self.registry, self.groups)
        self.serving = Serving(world, self.endpoints, self.metrics)
        self.runtime = Runtime(world, self.endpoints, self.serving)
        self.quotas = Quotas(world)
        self.alarms = Alarms(world, self.metrics)
        self.scaling = Scaling(world, self.autoscaling, self.weights, self.metrics)

    def tick(self) -> None:
        """Do what happens every minute."""
        self.scaling.run()
        self.alarms.evaluate()

    def are_ticking(self) -> bool:
        """Say whether anything happens every minute."""
        return self.alarms.are_any() or bool(self.autoscaling.targets())


def operations(services: Services) -> dict[str, dict[str, Operation]]:
    """Return the operations by service (boto3 client name) and operation name."""
    return {
        "sagemaker": _registry(services) | _endpoints(services) | _components(services),
        "sagemaker-runtime": {"InvokeEndpoint": services.runtime.invoke},
        "cloudwatch": {
            "PutMetricAlarm": services.alarms.put,
            "PutCompositeAlarm": services.alarms.put_composite,
            "DescribeAlarms": services.alarms.describe,
            "DescribeAlarmsForMetric": services.alarms.describe_for_metric,
            "DeleteAlarms": services.alarms.delete,
            "SetAlarmState": services.alarms.set_state,
            "PutAlarmMuteRule": services.alarms.mutes.put,
            "ListAlarmMuteRules": services.alarms.mutes.listed,
            "DeleteAlarmMuteRule": services.alarms.mutes.delete,
            "GetMetricData": partial(get_metric_data, services.metrics, services.signals),
        },
        "application-autoscaling": {
            "RegisterScalableTarget": services.autoscaling.register,
            "DescribeScalableTargets": services.autoscaling.describe_targets,
            "DeregisterScalableTarget": services.autoscaling.deregister,
            "PutScalingPolicy": services.autoscaling.put_policy,
            "DescribeScalingPolicies": services.autoscaling.describe_policies,
            "DeleteScalingPolicy": services.autoscaling.delete_policy,
        },
        "service-quotas": {
            "ListServiceQuotas": services.quotas.listed,
            "GetServiceQuota": services.quotas.get,
        },
    }


def _registry(services: Services) -> dict[str, Operation]:
    return {
        "CreateModelPackageGroup": services.groups.create,
        "DescribeModelPackageGroup": services.groups.describe,
        "DeleteModelPackageGroup": services.registry.delete_group,
        "ListModelPackageGroups": partial(listed, GROUPS, services.groups.summaries),
        "CreateModelPackage": services.registry.create_package,
        "DescribeModelPackage": services.registries.describe,
        "UpdateModelPackage": services.registry.update,
        "DeleteModelPackage": services.registry.delete,
        "ListModelPackages": partial(listed, PACKAGES, services.registries.summaries),
        "CreateModel": services.models.create,
        "DescribeModel": services.models.describe,
        "ListModels": partial(listed, MODELS, services.models.summaries),
        "DeleteModel": services.models.delete,
        "Search": services.search.find,
        "AddTags": services.tags.add,
        "ListTags": services.tags.listed,
        "DeleteTags": services.tags.delete,
    }


def _endpoints(services: Services) -> dict[str, Operation]:
    return {
        "CreateEndpointConfig": services.configs.create,
        "DescribeEndpointConfig": services.configs.describe,
        "ListEndpointConfigs": partial(listed, CONFIGS, services.configs.summaries),
        "DeleteEndpointConfig": services.endpoints.delete_config,
        "CreateEndpoint": services.deployments.create,
        "DescribeEndpoint": services.endpoints.describe,
        "ListEndpoints": partial(listed, ENDPOINTS, services.endpoints.summaries),
        "UpdateEndpoint": services.deployments.update,
        "UpdateEndpointWeightsAndCapacities": services.weights.update,
        "DeleteEndpoint": services.deployments.delete,
    }


def _components(services: Services) -> dict[str, Operation]:
    return {
        "CreateInferenceComponent": services.components.create,
        "DescribeInferenceComponent": services.components.describe,
        "ListInferenceComponents": partial(listed, COMPONENTS, services.components.summaries),
        "UpdateInferenceComponentRuntimeConfig": services.components.scale,
        "DeleteInferenceComponent": services.components.delete,
    }
