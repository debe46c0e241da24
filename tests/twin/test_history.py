"""A remembered past: there in the metrics, right over hours and days, served to nobody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.twin.cloud import ENDPOINT, Cloud, query
from twin.errors import TwinError
from twin.kernel import Kernel

DAY = 1440


def hourly(cloud: Cloud, name: str, stat: str, days: float = 7, period: int = 3600) -> list[float]:
    """Values of the last days, oldest first, the hour that is not over left out."""
    asked = query(name, stat)
    asked["MetricStat"]["Period"] = period
    end = cloud.kernel.now.replace(minute=0)
    data = cloud.data(asked, StartTime=end - timedelta(days=days), EndTime=end, ScanBy="TimestampAscending")
    return list(data["Values"])


def remember(cloud: Cloud, days: int = 14, **given: Any) -> None:
    """A past that ends with the minute before this one."""
    minutes = days * DAY
    start = cloud.kernel.now - timedelta(minutes=minutes)
    cloud.kernel.remember(ENDPOINT, "stable", start, minutes, **{"rpm": 100.0, **given})


def by_day_and_night(when: datetime) -> float:
    return 300.0 if 8 <= when.hour < 20 else 30.0


def test_a_week_of_hours_is_there_at_once(live: Cloud) -> None:
    remember(live)
    assert hourly(live, "Invocations", "Sum") == [6000.0] * 168


def test_days_add_up(live: Cloud) -> None:
    remember(live)
    live.kernel.advance_to(live.kernel.now.replace(hour=0, minute=5) + timedelta(days=1))
    values = hourly(live, "Invocations", "Sum", days=3, period=86_400)
    assert values[:2] == [144_000.0, 144_000.0]
    assert values[2] < 144_000.0


def test_the_rate_may_change_by_the_minute(live: Cloud) -> None:
    remember(live, rpm=by_day_and_night)
    values = hourly(live, "Invocations", "Sum", days=1)
    assert sorted(set(values)) == [1800.0, 18_000.0]
    assert values.count(18_000.0) == 12


def test_fractions_of_requests_and_errors_are_not_lost(live: Cloud) -> None:
    remember(live, rpm=0.25, error_rate=0.2)
    assert hourly(live, "Invocations", "Sum") == [15.0] * 168
    assert hourly(live, "Invocation5XXErrors", "Sum") == [3.0] * 168
    assert len(live.metric("Invocations", "Sum")) < 20


def test_a_minute_without_a_request_has_no_datapoint(live: Cloud) -> None:
    remember(live, rpm=lambda when: 5.0 if when.minute == 30 else 0.0)
    assert set(hourly(live, "Invocations", "SampleCount")) == {5.0}


def test_latency_has_the_mean_it_was_given_and_a_tail(live: Cloud) -> None:
    remember(live, latency_ms=80.0)
    assert hourly(live, "ModelLatency", "Average") == [pytest.approx(80_000.0, rel=1e-3)] * 168
    assert all(90_000.0 < value < 110_000.0 for value in hourly(live, "ModelLatency", "p99"))
    assert all(value == 100.0 for value in hourly(live, "ModelLatency", "PR(:250000)"))


def test_requests_are_shared_by_the_instances_that_are_live(live: Cloud) -> None:
    remember(live)
    assert hourly(live, "InvocationsPerInstance", "Sum") == [pytest.approx(3000.0)] * 168


def test_nobody_was_served_what_is_remembered(live: Cloud) -> None:
    remember(live)
    assert live.kernel.served(ENDPOINT) == {}


def test_what_is_served_adds_to_what_is_remembered(live: Cloud) -> None:
    live.send(per_minute=10, minutes=5)
    live.pass_minutes(5)
    before = live.kernel.now - timedelta(minutes=5)
    live.kernel.remember(ENDPOINT, "stable", before, 5, 100.0)
    live.pass_minutes(2)
    assert live.metric("Invocations", "Sum") == [110.0] * 5


@pytest.mark.parametrize("minutes", [6, 60])
def test_what_is_not_past_is_not_remembered(live: Cloud, minutes: int) -> None:
    start = live.kernel.now - timedelta(minutes=5)
    with pytest.raises(ValueError, match="only minutes that are past"):
        live.kernel.remember(ENDPOINT, "stable", start, minutes, 100.0)


def test_an_unknown_endpoint_has_no_past() -> None:
    with pytest.raises(TwinError):
        Kernel().remember("nobody", "stable", Kernel().now - timedelta(days=1), 10, 1.0)


def test_two_worlds_remember_the_same(live: Cloud) -> None:
    other = Cloud()
    other.model("old")
    other.serving()
    for cloud in (live, other):
        remember(cloud, rpm=by_day_and_night, error_rate=0.01, latency_ms=33.0)
    assert hourly(live, "ModelLatency", "p90") == hourly(other, "ModelLatency", "p90")


def test_a_metric_of_zeros_and_ones_is_merged_over_hours(live: Cloud) -> None:
    remember(live, days=1, rpm=10.0, error_rate=0.25)
    values = {
        stat: hourly(live, "Invocation5XXErrors", stat, days=1 / 24)
        for stat in ("Minimum", "Maximum", "Average", "SampleCount", "p50", "p90", "PR(:0)")
    }
    assert values == {
        "Minimum": [0.0],
        "Maximum": [1.0],
        "Average": [pytest.approx(0.25)],
        "SampleCount": [600.0],
        "p50": [0.0],
        "p90": [1.0],
        "PR(:0)": [pytest.approx(75.0)],
    }


def test_what_never_fails_has_no_ones_and_what_always_fails_no_zeros(live: Cloud) -> None:
    remember(live, days=1, rpm=10.0, error_rate=1.0)
    assert hourly(live, "Invocation5XXErrors", "Minimum", days=1 / 24) == [1.0]
    assert hourly(live, "Invocation4XXErrors", "Maximum", days=1 / 24) == [0.0]
    assert hourly(live, "InvocationsPerInstance", "SampleCount", days=1 / 24) == [600.0]
