"""Makes the alarms that policies define, as a deployment makes them, from the same definitions: with boto3 calls here, in nested stacks there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from botocore.exceptions import ClientError

from pointsman.policy import Policy
from pointsman.policy_alarms import alarms_of

MAX_NAMES = 100
"""DeleteAlarms takes this many at once."""


class DeployedAlarms:
    """What the last deployment created, and the next one changes or takes away."""

    def __init__(self, cloudwatch: Any) -> None:  # noqa: ANN401 - boto3's clients have no common type
        """Take a CloudWatch client."""
        self._cloudwatch = cloudwatch
        self._deployed: dict[str, dict[str, Any]] = {}

    def deploy(self, policies: Iterable[Policy]) -> None:
        """Create and change what these policies define, delete what none of them does any more."""
        wanted = {str(alarm["AlarmName"]): alarm for policy in policies for alarm in alarms_of(policy)}
        for name, alarm in wanted.items():
            if self._deployed.get(name) != alarm:
                self._cloudwatch.put_metric_alarm(**alarm)
        gone = sorted(self._deployed.keys() - wanted.keys())
        for start in range(0, len(gone), MAX_NAMES):
            self._delete(gone[start : start + MAX_NAMES])
        self._deployed = wanted

    def _delete(self, names: list[str]) -> None:
        try:
            self._cloudwatch.delete_alarms(AlarmNames=names)
        except ClientError as err:
            # Somebody took one away by hand, which CloudFormation does not mind either. The others are gone.
            if err.response["Error"]["Code"] != "ResourceNotFound":
                raise
