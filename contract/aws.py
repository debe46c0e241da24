"""A real account as the account of the contract: real clients, real time. Nothing is decided here."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from botocore.config import Config

from contract.cloud import SERVICES, Settings
from contract.desk import Account


class Real:
    """One account and Region, as the credentials at hand have it."""

    def __init__(self, session: boto3.Session, settings: Settings) -> None:
        self.settings = settings
        # A case asks often and alone; what is throttled is tried again by botocore.
        config = Config(retries={"mode": "standard", "total_max_attempts": 8}, read_timeout=75)
        self._clients: dict[str, Any] = {name: session.client(name, config=config) for name in SERVICES}  # type: ignore[call-overload]

    @property
    def now(self) -> datetime:
        """The time of this machine."""
        return datetime.now(UTC)

    def client(self, service: str) -> Any:
        """The client of a service."""
        return self._clients[service]

    def wait(self, length: timedelta) -> None:
        """Sleep."""
        time.sleep(max(length.total_seconds(), 0.0))

    def events(self) -> list[dict[str, Any]] | None:
        """Nobody listens: that needs a queue and a rule, which this run does not make."""
        return None


def opened(profile: str | None, region: str | None, settings: Settings) -> Account:
    """The account that the credentials belong to. Raises BotoCoreError or ClientError."""
    session = boto3.Session(profile_name=profile, region_name=region)
    number = str(session.client("sts").get_caller_identity()["Account"])
    return Account(number, str(session.region_name), Real(session, settings))
