"""Who is asking, in which account, and what time it is there: one GetCallerIdentity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.faults import mapped

if TYPE_CHECKING:
    from mypy_boto3_sts import STSClient


@dataclass(frozen=True, slots=True)
class Identity:
    """Account number, ARN of the caller, and AWS's time, which is right where a laptop's clock may not be."""

    account: str
    arn: str
    now: datetime


class CallerIdentity:
    """Asks STS, which needs no permission."""

    def __init__(self, client: STSClient) -> None:
        """Take a client."""
        self._client: Any = client

    def get(self) -> Identity:
        """GetCallerIdentity; the time is the answer's Date header, in whole seconds.

        Raises:
            Denied, Transient: AWS does not know the credentials, or does not answer.

        """
        with mapped("GetCallerIdentity"):
            answer = self._client.get_caller_identity()
        return Identity(str(answer["Account"]), str(answer["Arn"]), _date_of(answer))


def _date_of(answer: dict[str, Any]) -> datetime:
    text = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (TypeError, ValueError):
        return datetime.now(UTC)
