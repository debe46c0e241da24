"""Requests of a week by full hour, read in one call and over its pages."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from pointsman.adapters.aws.traffic import HourlyTraffic
from pointsman.errors import Denied, Transient
from tests.adapters.answers import Answering, denied
from tests.functions.account import ENDPOINT, VARIANT
from tests.functions.world import Here

NOW = datetime(2026, 11, 23, 12, 34, 56, tzinfo=UTC)
HOUR = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def page(status: str = "Complete", then: str = "", **hours: float) -> dict[str, Any]:
    result = {
        "Id": "requests",
        "Timestamps": [HOUR - timedelta(hours=int(back[1:])) for back in hours],
        "Values": list(hours.values()),
        "StatusCode": status,
    }
    return {"MetricDataResults": [result]} | ({"NextToken": then} if then else {})


def test_it_asks_for_full_hours_of_the_last_seven_days() -> None:
    client = Answering(get_metric_data=[page(h1=60.0)])

    found = HourlyTraffic(client).read(ENDPOINT, VARIANT, NOW)  # type: ignore[arg-type]

    [asked] = client.asked["get_metric_data"]
    assert (asked["StartTime"], asked["EndTime"]) == (HOUR - timedelta(days=7), HOUR)
    assert asked["MetricDataQueries"][0]["MetricStat"]["Period"] == 3600
    assert found.until == HOUR
    assert dict(found.requests) == {HOUR - timedelta(hours=1): 60.0}


def test_pages_are_put_together_and_times_are_in_utc() -> None:
    east = page(h2=30.0)
    moments = east["MetricDataResults"][0]["Timestamps"]
    east["MetricDataResults"][0]["Timestamps"] = [
        moment.astimezone(timezone(timedelta(hours=1))) for moment in moments
    ]
    client = Answering(get_metric_data=[page(then="more", h1=60.0), east])

    found = HourlyTraffic(client).read(ENDPOINT, VARIANT, NOW)  # type: ignore[arg-type]

    assert found.total == 90.0
    assert all(moment.tzinfo is UTC for moment in found.requests)
    assert client.asked["get_metric_data"][1]["NextToken"] == "more"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (page("Forbidden"), Denied),
        (page("InternalError"), Transient),
        (denied("cloudwatch:GetMetricData"), Denied),
    ],
)
def test_what_cannot_be_read_is_not_taken_for_no_traffic(answer: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        HourlyTraffic(Answering(get_metric_data=[answer])).read(ENDPOINT, VARIANT, NOW)  # type: ignore[arg-type]


def test_in_the_account_it_finds_what_the_endpoint_served(here: Here) -> None:
    here.kernel.advance(timedelta(hours=2))

    found = HourlyTraffic(here.wire.client("cloudwatch")).read(ENDPOINT, VARIANT, here.kernel.now)

    assert found.per_minute == pytest.approx(
        sum(each.requests for each in here.kernel.served(ENDPOINT).values()) / 120, rel=0.2
    )
    assert all(moment.minute == 0 for moment in found.requests)
