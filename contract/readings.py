"""GetMetricData on the shared endpoint, and requests that it can be read about. What they must say is in cases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from contract.scene import Scene

REQUESTS = 60
NAMESPACE = "AWS/SageMaker"
LAG = timedelta(minutes=10)
"""Longest wait for a datapoint; usual are 1 to 3 minutes (facts 3.3)."""


def metric(scene: Scene, name: str, **dimensions: str) -> dict[str, Any]:
    """A metric of the shared endpoint: of the variant "stable", or of the dimensions given."""
    named = dimensions or {"EndpointName": scene.name("Shared"), "VariantName": "stable"}
    return {
        "Namespace": NAMESPACE,
        "MetricName": name,
        "Dimensions": [{"Name": key, "Value": value} for key, value in named.items()],
    }


def read(
    scene: Scene, what: dict[str, Any], stat: str, window: tuple[datetime, datetime], **given: Any
) -> dict[str, Any]:
    """The one result of a query by the minute."""
    query = {"Id": "q", "MetricStat": {"Metric": what, "Period": 60, "Stat": stat}}
    answer = scene.cloudwatch.get_metric_data(
        MetricDataQueries=[query], StartTime=window[0], EndTime=window[1], **given
    )
    (result,) = answer["MetricDataResults"]
    return dict(result)


def served(scene: Scene) -> tuple[datetime, datetime]:
    """Send REQUESTS to "stable" and wait until all of them can be read; the window is of whole minutes."""
    scene.endpoint()
    start = _minute(scene.cloud.now) + timedelta(minutes=1)
    scene.cloud.wait(start - scene.cloud.now)
    for number in range(REQUESTS):
        scene.invoke(TargetVariant="stable")
        if number == REQUESTS // 2:
            scene.cloud.wait(timedelta(minutes=1))
    window = (start, _minute(scene.cloud.now) + timedelta(minutes=1))

    def are_all_there() -> bool:
        counted: float = sum(read(scene, metric(scene, "Invocations"), "Sum", window)["Values"])
        return counted >= REQUESTS

    scene.until("the requests are in the metrics", are_all_there, LAG)
    return window


def _minute(when: datetime) -> datetime:
    return when.replace(second=0, microsecond=0)
