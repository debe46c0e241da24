"""Metrics that are functions of time: computed for whatever period is asked, under exact dimensions, beside what was recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.twin.cloud import ENDPOINT, Cloud, query
from twin.signals import Curve, Flaw, Signal

INVOCATIONS = ("AWS/SageMaker", "Invocations")
OF_COMPONENT = {"InferenceComponentName": "chat"}


def put(cloud: Cloud, curve: Curve, dimensions: dict[str, str], **given: Any) -> None:
    cloud.kernel.signal(INVOCATIONS, dimensions, Signal(curve, cloud.kernel.now, **given))


def read(cloud: Cloud, dimensions: dict[str, str], stat: str = "Sum", period: int = 3600) -> dict[str, Any]:
    now = cloud.kernel.now
    asked = {
        "Id": "m",
        "MetricStat": {
            "Metric": {
                "Namespace": INVOCATIONS[0],
                "MetricName": INVOCATIONS[1],
                "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
            },
            "Period": period,
            "Stat": stat,
        },
    }
    given = {"MetricDataQueries": [asked], "StartTime": now - timedelta(days=2), "EndTime": now}
    [result] = cloud.kernel.call("cloudwatch", "GetMetricData", given)["MetricDataResults"]
    found: dict[str, Any] = result
    return found


def test_a_curve_is_summed_over_the_period_that_is_asked_for(live: Cloud) -> None:
    put(live, lambda moment: 2.0 if moment.minute < 30 else 0.0, OF_COMPONENT)
    live.kernel.advance(timedelta(hours=5))
    assert read(live, OF_COMPONENT)["Values"][1:4] == [60.0, 60.0, 60.0]
    assert sum(read(live, OF_COMPONENT, period=86_400)["Values"]) == pytest.approx(
        sum(read(live, OF_COMPONENT, period=60)["Values"])
    )


def test_a_number_is_a_datapoint_every_minute_also_when_it_is_zero(live: Cloud) -> None:
    put(live, 0.0, OF_COMPONENT)
    live.kernel.advance(timedelta(hours=3))
    assert set(read(live, OF_COMPONENT)["Values"]) == {0.0}


def test_none_is_no_datapoint(live: Cloud) -> None:
    put(live, lambda _moment: None, OF_COMPONENT)
    live.kernel.advance(timedelta(hours=3))
    assert read(live, OF_COMPONENT)["Timestamps"] == []


def test_nothing_is_there_before_it_begins_or_after_what_is_visible(live: Cloud) -> None:
    begin = live.kernel.now
    put(live, 1.0, OF_COMPONENT)
    live.kernel.advance(timedelta(hours=2))
    times = read(live, OF_COMPONENT, period=60)["Timestamps"]
    assert min(times) >= begin
    assert max(times) < live.kernel.now - timedelta(seconds=90)


@pytest.mark.parametrize("dimensions", [{}, {"InferenceComponentName": "other"}, OF_COMPONENT | {"x": "y"}])
def test_other_dimensions_find_nothing(live: Cloud, dimensions: dict[str, str]) -> None:
    put(live, 1.0, OF_COMPONENT)
    live.kernel.advance(timedelta(hours=2))
    assert read(live, dimensions)["Values"] == []


def test_a_measurement_is_averaged_and_not_counted(live: Cloud) -> None:
    put(live, lambda moment: 90.0 if moment.minute < 15 else 10.0, OF_COMPONENT, counts=False)
    live.kernel.advance(timedelta(hours=5))
    assert read(live, OF_COMPONENT, "Average")["Values"][2] == pytest.approx(30.0)
    assert read(live, OF_COMPONENT, "Maximum")["Values"][2] == 90.0
    assert read(live, OF_COMPONENT, "Minimum")["Values"][2] == 10.0


@pytest.mark.parametrize(
    ("flaw", "is_empty"), [(Flaw.ERROR, True), (Flaw.FORBIDDEN, True), (Flaw.PARTIAL, False)]
)
def test_a_flaw_is_told_in_the_status_of_the_result(live: Cloud, flaw: Flaw, is_empty: bool) -> None:  # noqa: FBT001 - a parameter of the test
    put(live, 1.0, OF_COMPONENT, flaw=flaw)
    live.kernel.advance(timedelta(hours=2))
    result = read(live, OF_COMPONENT)
    assert result["StatusCode"] == flaw.value
    assert (result["Values"] == []) is is_empty


def test_it_adds_to_what_was_recorded(live: Cloud) -> None:
    put(live, 3.0, {"EndpointName": ENDPOINT, "VariantName": "stable"})
    live.send(per_minute=10, minutes=5)
    live.pass_minutes(10)
    values = live.data(query("Invocations", "Sum"))["Values"]
    assert set(values) == {3.0, 13.0}


def test_an_endpoint_can_be_made_older_than_it_is(live: Cloud) -> None:
    made = live.kernel.now - timedelta(weeks=7)
    live.kernel.antedate(ENDPOINT, made)
    shown = live.endpoint()
    assert (shown["CreationTime"], shown["LastModifiedTime"]) == (made, made)
