"""The traffic of a variant in the past days: one GetMetricData, paged. What is guessed from it is `core/guesses.py`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.faults import mapped
from pointsman.adapters.aws.survey_calls import CLOUDWATCH, permission_of
from pointsman.errors import Denied, Transient
from pointsman.policy import EndpointName
from pointsman.survey import Past

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

NAMESPACE = "AWS/SageMaker"
HOUR, DAY = 3600, 86_400
ASKED = {
    "requests": ("Invocations", "Sum", HOUR),
    "server": ("Invocation5XXErrors", "Sum", HOUR),
    "model": ("InvocationModelErrors", "Sum", HOUR),
    "client": ("Invocation4XXErrors", "Sum", HOUR),
    "latency": ("ModelLatency", "p99", DAY),
}
Points = dict[datetime, float]


class PastTraffic:
    """Reads what one variant went through."""

    def __init__(self, client: CloudWatchClient) -> None:
        """Take a client."""
        self._client: Any = client

    def read(self, endpoint: EndpointName, variant: str, since: datetime, until: datetime) -> Past:
        """Requests and failures hour by hour, p99 by day. Where it may not be read it says so. Raises Transient."""
        if since >= until:
            return Past(since, until)
        try:
            points = self._points(_queries(endpoint, variant), since, until)
        except Denied:
            return Past(since, until, unread=(permission_of(CLOUDWATCH, "get_metric_data"),))
        count = (until - since) // timedelta(seconds=HOUR)
        hours = [since + timedelta(seconds=HOUR) * index for index in range(count)]
        return Past(
            since=since,
            until=until,
            hours=tuple(points["requests"].get(hour, 0.0) for hour in hours),
            p99=tuple(timedelta(microseconds=value) for _, value in sorted(points["latency"].items())),
            server_errors=sum(points["server"].values()),
            model_errors=sum(points["model"].values()),
            client_errors=sum(points["client"].values()),
        )

    def _points(self, queries: list[dict[str, Any]], since: datetime, until: datetime) -> dict[str, Points]:
        found: dict[str, Points] = {name: {} for name in ASKED}
        token: dict[str, str] = {}
        while True:
            with mapped("GetMetricData"):
                answer = self._client.get_metric_data(
                    MetricDataQueries=queries, StartTime=since, EndTime=until, **token
                )
            for result in answer["MetricDataResults"]:
                if result.get("StatusCode") == "Forbidden":
                    raise Denied(f"CloudWatch answered Forbidden for {result['Id']}")
                if result.get("StatusCode") == "InternalError":
                    raise Transient(f"CloudWatch answered InternalError for {result['Id']}")
                pairs = zip(result["Timestamps"], result["Values"], strict=True)
                found[result["Id"]].update({moment.astimezone(UTC): value for moment, value in pairs})
            if not answer.get("NextToken"):
                return found
            token = {"NextToken": answer["NextToken"]}


def _queries(endpoint: EndpointName, variant: str) -> list[dict[str, Any]]:
    dimensions = [{"Name": "EndpointName", "Value": endpoint}, {"Name": "VariantName", "Value": variant}]
    return [
        {
            "Id": name,
            "MetricStat": {
                "Metric": {"Namespace": NAMESPACE, "MetricName": metric, "Dimensions": dimensions},
                "Period": period,
                "Stat": stat,
            },
        }
        for name, (metric, stat, period) in ASKED.items()
    ]
