"""CloudWatch: many metrics in few calls, 500 queries each, and how far each was read. What they mean is not decided here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.faults import mapped
from pointsman.errors import Denied, PointsmanError
from pointsman.hosted import Metric, Reading, Series

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

MOST_QUERIES = 500
"""Of one GetMetricData (facts/aws.md, 3.3)."""
STATUS = {
    "Complete": Reading.READ,
    "PartialData": Reading.PARTIAL,
    "InternalError": Reading.FAILED,
    "Forbidden": Reading.DENIED,
}


@dataclass(slots=True)
class _Answer:
    """What has come in of one query. Unless its last page says that it is complete, it is not."""

    status: str = ""
    points: dict[datetime, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """The time that is asked for: [since, until) in periods, the first of which begins at or before `since`."""

    since: datetime
    until: datetime
    period: timedelta


class HostedMetrics:
    """Reads series. It raises nothing: a failure is part of the answer."""

    def __init__(self, client: CloudWatchClient) -> None:
        """Take a client that retries by itself."""
        self._client: Any = client

    def read(self, metrics: Sequence[Metric], asked: Asked) -> dict[Metric, Series]:
        """At most 500 metrics: one GetMetricData and a further one for each further page."""
        answers = [_Answer() for _ in metrics]
        queries = [_query(f"m{number}", metric, asked.period) for number, metric in enumerate(metrics)]
        try:
            self._ask(queries, asked, answers)
        except Denied as err:
            return {metric: Series(Reading.DENIED, why=_brief(err)) for metric in metrics}
        except PointsmanError as err:
            return {metric: Series(Reading.FAILED, why=_brief(err)) for metric in metrics}
        return {metric: _series(answer) for metric, answer in zip(metrics, answers, strict=True)}

    def _ask(self, queries: list[dict[str, Any]], asked: Asked, answers: list[_Answer]) -> None:
        token: dict[str, str] = {}
        while True:
            with mapped("GetMetricData"):
                told = self._client.get_metric_data(
                    MetricDataQueries=queries,
                    StartTime=asked.since,
                    EndTime=asked.until,
                    ScanBy="TimestampAscending",
                    **token,
                )
            for result in told["MetricDataResults"]:
                answer = answers[int(result["Id"][1:])]
                answer.status = _worse(answer.status, str(result.get("StatusCode", "")))
                pairs = zip(result["Timestamps"], result["Values"], strict=True)
                answer.points.update({moment.astimezone(UTC): float(value) for moment, value in pairs})
            if not told.get("NextToken"):
                return
            token = {"NextToken": told["NextToken"]}


def _worse(before: str, now: str) -> str:
    """A page that ends within a series is partial, and the next one goes on with it; an error stays."""
    return before if before in {"InternalError", "Forbidden"} else now


def _series(answer: _Answer) -> Series:
    """A query that no page spoke of was not answered."""
    reading = STATUS.get(answer.status, Reading.FAILED)
    return Series(reading, answer.points, "" if answer.status else "CloudWatch did not answer it")


def _brief(err: PointsmanError) -> str:
    """The call and AWS's code, without the text that may be as long as it likes."""
    return ": ".join(str(err).split(": ")[:2])


def _query(key: str, metric: Metric, period: timedelta) -> dict[str, Any]:
    return {
        "Id": key,
        "MetricStat": {
            "Metric": {
                "Namespace": metric.namespace,
                "MetricName": metric.name,
                "Dimensions": [{"Name": name, "Value": value} for name, value in metric.dimensions],
            },
            "Period": period // timedelta(seconds=1),
            "Stat": metric.stat,
        },
    }
