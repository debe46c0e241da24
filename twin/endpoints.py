"""Endpoints as they are: status, live fleet, what DescribeEndpoint and events show. Changes live in deployments and weights."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from twin.configs import Configs
from twin.errors import absent, busy, invalid
from twin.events import epoch_ms
from twin.fleets import Fleet
from twin.plain import copied
from twin.summaries import live_summaries, pending_summary
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
    a later one. `components` are the names of what its variants host, `deployment` the last DeploymentConfig.
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
    components: set[str] = field(default_factory=set)
    deployment: Params | None = None


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
        """Raise ValidationException while another change is running or components are hosted (the latter recalled)."""
        if endpoint.status not in _STEADY:
            raise busy(endpoint.arn)
        if endpoint.components:
            raise invalid(f'Cannot delete endpoint "{endpoint.arn}" while it hosts inference components.')

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
            answer["ProductionVariants"] = live_summaries(endpoint.fleet.variants.values())
            if endpoint.fleet.shadows:
                answer["ShadowProductionVariants"] = live_summaries(endpoint.fleet.shadows.values())
        if endpoint.failure is not None:
            answer["FailureReason"] = endpoint.failure
        if endpoint.pending is not None:
            answer["PendingDeploymentSummary"] = pending_summary(endpoint.pending, endpoint.pending_since)
        if endpoint.deployment is not None:
            answer["LastDeploymentConfig"] = copied(endpoint.deployment)
        return answer | self._from_config(endpoint.config_name)

    def _from_config(self, config_name: str) -> Params:
        config = self._configs.find(config_name)
        members = ("AsyncInferenceConfig", "ExplainerConfig", "MetricsConfig", "CrossRegionTrafficConfig")
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
            "ProductionVariants": live_summaries(fleet.variants.values()) if fleet is not None else [],
            "EndpointStatus": _EVENT_STATUS[endpoint.status],
            "CreationTime": epoch_ms(endpoint.created),
            "LastModifiedTime": epoch_ms(endpoint.modified),
            "Tags": self._world.tags.of(endpoint.arn),
        }
        if endpoint.failure is not None:
            detail["FailureReason"] = endpoint.failure
        self._world.bus.emit("aws.sagemaker", "SageMaker Endpoint State Change", endpoint.arn, detail)
