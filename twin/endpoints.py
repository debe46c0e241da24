"""Endpoints as they are: status, live fleet, what DescribeEndpoint and events show. Changes live in deployments and weights."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from twin.configs import Configs
from twin.errors import absent, busy, invalid
from twin.events import epoch_ms
from twin.fleets import Fleet, Variant
from twin.plain import copied
from twin.world import World

Params = dict[str, Any]

_EVENT_STATUS = {
    "Creating": "CREATING",
    "InService": "IN_SERVICE",
    "Updating": "UPDATING",
    "SystemUpdating": "SYSTEM_UPDATING",
    "RollingBack": "ROLLING_BACK",
    "UpdateRollbackFailed": "UPDATE_ROLLBACK_FAILED",
    "Failed": "FAILED",
    "Deleting": "DELETING",
    "OutOfService": "OUT_OF_SERVICE",
}
_STEADY = ("InService", "UpdateRollbackFailed", "Failed")


@dataclass(slots=True)
class Endpoint:
    """One endpoint: `fleet` serves, `pending` is being built.

    `extra` are instances that a running change of counts has launched already; `change` tells a running change from
    a later one.
    """

    name: str
    arn: str
    config_name: str
    created: datetime
    modified: datetime
    status: str = "Creating"
    fleet: Fleet | None = None
    pending: Fleet | None = None
    pending_since: datetime | None = None
    launched: bool = False
    extra: Counter[str] = field(default_factory=Counter)
    failure: str | None = None
    change: int = 0


class Endpoints:
    """All endpoints by name, and the one place where a status changes."""

    def __init__(self, world: World, configs: Configs) -> None:
        self._world = world
        self._configs = configs
        self._endpoints: dict[str, Endpoint] = {}
        self.broken_configs: list[str] = []

    def get(self, name: str) -> Endpoint:
        """Return the endpoint; ValidationException if there is none."""
        endpoint = self._endpoints.get(name)
        if endpoint is None:
            raise absent("endpoint", self._world.arns.endpoint(name))
        return endpoint

    def find(self, name: str) -> Endpoint | None:
        """Return the endpoint or None."""
        return self._endpoints.get(name)

    def add(self, endpoint: Endpoint) -> None:
        """Begin a new endpoint in its first status."""
        self._endpoints[endpoint.name] = endpoint
        self._emit(endpoint)

    def remove(self, endpoint: Endpoint) -> None:
        """Forget a deleted endpoint."""
        del self._endpoints[endpoint.name]
        self._world.tags.close(endpoint.arn)

    def enter(self, endpoint: Endpoint, status: str) -> None:
        """Change the status, and tell it by an event."""
        endpoint.status = status
        endpoint.modified = self._world.agenda.now
        self._emit(endpoint)

    def require_changeable(self, endpoint: Endpoint, *, repair: bool = False) -> None:
        """Raise ValidationException unless the endpoint may change now (facts 2.1).

        `repair` is an UpdateEndpoint, the one change that UpdateRollbackFailed allows.
        """
        if endpoint.status not in _STEADY:
            raise busy(endpoint.arn)
        if endpoint.status == "Failed" or (endpoint.status == "UpdateRollbackFailed" and not repair):
            raise invalid(f'Cannot update endpoint "{endpoint.arn}" with status {endpoint.status}.')

    def require_deletable(self, endpoint: Endpoint) -> None:
        """Raise ValidationException while another change is running."""
        if endpoint.status not in _STEADY:
            raise busy(endpoint.arn)

    def delete_config(self, params: Params) -> Params:
        """DeleteEndpointConfig: AWS allows it under a live endpoint and breaks that endpoint; it is noted here."""
        answer = self._configs.delete(params)
        name = params["EndpointConfigName"]
        if any(endpoint.config_name == name for endpoint in self._endpoints.values()):
            self.broken_configs.append(name)
        return answer

    def describe(self, params: Params) -> Params:
        """DescribeEndpoint."""
        return self._description(self.get(params["EndpointName"]))

    def described(self) -> list[Params]:
        """Return every endpoint as DescribeEndpoint shows it."""
        return [self._description(endpoint) for endpoint in self._endpoints.values()]

    def _description(self, endpoint: Endpoint) -> Params:
        answer: Params = {
            "EndpointName": endpoint.name,
            "EndpointArn": endpoint.arn,
            "EndpointConfigName": endpoint.config_name,
            "EndpointStatus": endpoint.status,
            "CreationTime": endpoint.created,
            "LastModifiedTime": endpoint.modified,
        }
        if endpoint.fleet is not None:
            answer["ProductionVariants"] = _summaries(endpoint.fleet)
        if endpoint.failure is not None:
            answer["FailureReason"] = endpoint.failure
        if endpoint.pending is not None:
            answer["PendingDeploymentSummary"] = _pending_summary(endpoint)
        return answer | self._from_config(endpoint.config_name)

    def _from_config(self, config_name: str) -> Params:
        config = self._configs.find(config_name)
        members = ("AsyncInferenceConfig", "ExplainerConfig", "MetricsConfig")
        shown: Params = {member: copied(config[member]) for member in members if member in config}
        capture = config.get("DataCaptureConfig")
        if capture is not None:
            shown["DataCaptureConfig"] = {
                "EnableCapture": capture.get("EnableCapture", False),
                "CaptureStatus": "Started" if capture.get("EnableCapture") else "Stopped",
                "CurrentSamplingPercentage": capture.get("InitialSamplingPercentage", 100),
                "DestinationS3Uri": capture.get("DestinationS3Uri", ""),
                "KmsKeyId": capture.get("KmsKeyId", ""),
            }
        shadows = config.get("ShadowProductionVariants")
        if shadows:
            shown["ShadowProductionVariants"] = [{"VariantName": shadow["VariantName"]} for shadow in shadows]
        return shown

    def summaries(self, params: Params) -> list[Params]:
        """Return the rows of ListEndpoints."""
        del params
        return [
            {
                "EndpointName": endpoint.name,
                "EndpointArn": endpoint.arn,
                "CreationTime": endpoint.created,
                "LastModifiedTime": endpoint.modified,
                "EndpointStatus": endpoint.status,
            }
            for endpoint in self._endpoints.values()
        ]

    def _emit(self, endpoint: Endpoint) -> None:
        fleet = endpoint.fleet or endpoint.pending
        detail: Params = {
            "EndpointName": endpoint.name,
            "EndpointArn": endpoint.arn,
            "EndpointConfigName": endpoint.config_name,
            "ProductionVariants": _summaries(fleet) if fleet is not None else [],
            "EndpointStatus": _EVENT_STATUS[endpoint.status],
            "CreationTime": epoch_ms(endpoint.created),
            "LastModifiedTime": epoch_ms(endpoint.modified),
            "Tags": self._world.tags.of(endpoint.arn),
        }
        if endpoint.failure is not None:
            detail["FailureReason"] = endpoint.failure
        self._world.bus.emit("aws.sagemaker", "SageMaker Endpoint State Change", endpoint.arn, detail)


def _summaries(fleet: Fleet) -> list[Params]:
    return [_summary(variant) for variant in fleet.variants.values()]


def _summary(variant: Variant) -> Params:
    answer: Params = {
        "VariantName": variant.name,
        "CurrentWeight": variant.weight,
        "DesiredWeight": variant.desired_weight,
        "CurrentInstanceCount": variant.count,
        "DesiredInstanceCount": variant.desired_count,
    }
    if variant.serverless is not None:
        answer["CurrentServerlessConfig"] = copied(variant.serverless)
    return answer


def _pending_summary(endpoint: Endpoint) -> Params:
    pending = endpoint.pending
    if pending is None:
        return {}
    variants = [_summary(variant) for variant in pending.variants.values()]
    return {
        "EndpointConfigName": pending.config_name,
        "ProductionVariants": variants,
        "StartTime": endpoint.pending_since,
    }
