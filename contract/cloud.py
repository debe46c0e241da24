"""What a case may know of the account it runs in: clients, the time, and settings. Which account that is, no case knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

FAMILY = "pointsman-contract-"
"""What the name of everything that is made begins with."""
TAG = "pointsman:contract"
"""The tag of every SageMaker resource and alarm that is made; its value is the prefix of the run."""
SERVICES = ("sagemaker", "sagemaker-runtime", "cloudwatch", "application-autoscaling", "service-quotas")


@dataclass(frozen=True, slots=True)
class Settings:
    """What endpoints are made of: a container that answers `body`, and the role it runs under."""

    role: str
    image: str
    model_data: str | None
    instance_type: str
    other_instance_type: str
    body: bytes
    content_type: str


class Cloud(Protocol):
    """An account in one Region, real or simulated."""

    @property
    def settings(self) -> Settings:
        """What endpoints are made of."""
        ...

    @property
    def now(self) -> datetime:
        """The time, in UTC."""
        ...

    def client(self, service: str) -> Any:
        """The boto3 client of one of SERVICES, always the same one."""
        ...

    def wait(self, length: timedelta) -> None:
        """Let time pass."""
        ...

    def events(self) -> list[dict[str, Any]] | None:
        """Every event so far in EventBridge's shape, None where nobody listens."""
        ...
