"""The command line's composition root: a profile and a Region to ports onto an account, as whoever calls. It changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from pointsman.adapters.aws.around import surroundings_of
from pointsman.adapters.aws.dead_letters import DeadLetters
from pointsman.adapters.aws.functions import Functions
from pointsman.adapters.aws.hosted import AwsHosting
from pointsman.adapters.aws.identity import CallerIdentity, Identity
from pointsman.adapters.aws.inspection import Inspection
from pointsman.adapters.aws.past_minutes import PastMinutes
from pointsman.adapters.aws.survey import AwsSurvey
from pointsman.errors import Misconfigured
from pointsman.hosted import Hosting
from pointsman.surroundings import Surroundings
from pointsman.survey import Survey

READS = Config(connect_timeout=3, read_timeout=20, retries={"mode": "adaptive", "total_max_attempts": 6})
"""A person waits: rather slow than half an answer."""
INVOKES = Config(connect_timeout=3, read_timeout=65, retries={"mode": "standard", "total_max_attempts": 2})
"""Longer than any function may run. A request carries its own id, so that one which is sent again changes nothing."""


@dataclass(slots=True)
class Account:
    """One account in one Region, seen with the caller's own permissions. Ports are made when they are first asked for."""

    region: str
    identity: Identity
    session: Any
    _clients: dict[str, Any] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """AWS's time when the command began."""
        return self.identity.now

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3's clients have no common type
        """A client, made once."""
        if service not in self._clients:
            self._clients[service] = self.session.client(service, config=READS)
        return self._clients[service]

    def surroundings(self) -> Surroundings:
        """Everything that a plan of a release reads."""
        return surroundings_of(self.client, self.region)

    def survey(self) -> Survey:
        """Reads what stands in the account."""
        return AwsSurvey(self.client)

    def past_minutes(self) -> PastMinutes:
        """Reads the past of a variant."""
        return PastMinutes(self.client("cloudwatch"))

    def hosting(self) -> Hosting:
        """Reads what the account hosts and how much of it is used."""
        return AwsHosting(self.client)

    def inspection(self) -> Inspection:
        """Looks at the parts of an installation."""
        return Inspection(self.client)

    def dead_letters(self, installation: str) -> DeadLetters:
        """What an installation could not deliver or handle."""
        return DeadLetters(self.client("sqs"), installation)

    def functions(self, installation: str) -> Functions:
        """The functions of an installation in this Region."""
        where = f"{self.region} of account {self.identity.account}"
        return Functions(self.session.client("lambda", config=INVOKES), installation, where)


def open_account(profile: str | None = None, region: str | None = None) -> Account:
    """Find credentials and Region as the AWS CLI does, and ask who that is.

    Raises:
        Misconfigured: no such profile, no Region, no credentials; with what to do.
        Denied, Transient: AWS does not know the credentials, or does not answer.

    """
    try:
        session = boto3.session.Session(profile_name=profile, region_name=region)
        if session.region_name is None:
            raise Misconfigured("no Region: give --region, or set AWS_REGION or the profile's region")
        if session.get_credentials() is None:
            raise Misconfigured(
                "no AWS credentials: give --profile, or sign in (aws sso login, aws configure)"
            )
        identity = CallerIdentity(session.client("sts", config=READS)).get()
    except BotoCoreError as err:
        raise Misconfigured(f"AWS cannot be used: {err}") from err
    return Account(session.region_name, identity, session)
