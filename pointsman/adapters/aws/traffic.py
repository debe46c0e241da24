"""CloudWatch: requests of a variant by full hour. What they let expect is `core/past_traffic.py`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.faults import mapped
from pointsman.core.past_traffic import ONE_HOUR, PastTraffic, floor_hour
from pointsman.errors import Denied, Transient
from pointsman.policy import EndpointName
from pointsman.policy_alarms import NAMESPACE

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

LOOKS_BACK = timedelta(days=7)


class HourlyTraffic:
    """Implements `forecast.Traffic`: one GetMetricData for a week."""

    def __init__(self, client: CloudWatchClient) -> None:
        """Take a client."""
        self._client: Any = client

    def read(self, endpoint: EndpointName, variant: str, now: datetime) -> PastTraffic:
        """Sums of Invocations of the 7 days before the hour that runs. Raises Denied or Transient."""
        until = floor_hour(now)
        query = {
            "Id": "requests",
            "MetricStat": {
                "Metric": {
                    "Namespace": NAMESPACE,
                    "MetricName": "Invocations",
                    "Dimensions": [
                        {"Name": "EndpointName", "Value": endpoint},
                        {"Name": "VariantName", "Value": variant},
                    ],
                },
                "Period": ONE_HOUR // timedelta(seconds=1),
                "Stat": "Sum",
            },
        }
        return PastTraffic(self._sums(query, until - LOOKS_BACK, until), until)

    def _sums(self, query: dict[str, Any], since: datetime, until: datetime) -> dict[datetime, float]:
        found: dict[datetime, float] = {}
        token: dict[str, str] = {}
        while True:
            with mapped("GetMetricData"):
                answer = self._client.get_metric_data(
                    MetricDataQueries=[query],
                    StartTime=since,
                    EndTime=until,
                    ScanBy="TimestampAscending",
                    **token,
                )
            for result in answer["MetricDataResults"]:
                if result.get("StatusCode") == "Forbidden":
                    raise Denied("CloudWatch answered Forbidden for Invocations")
                if result.get("StatusCode") == "InternalError":
                    raise Transient("CloudWatch answered InternalError for Invocations")
                points = zip(result["Timestamps"], result["Values"], strict=True)
                found |= {moment.astimezone(UTC): float(value) for moment, value in points}
            if not answer.get("NextToken"):
                return found
            token = {"NextToken": answer["NextToken"]}
