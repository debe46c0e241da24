"""GetMetricData over what traffic left behind: dimensions, lag, missing minutes, order and statistics."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.twin.cloud import ENDPOINT, Cloud, query, refused
from twin.traffic import Profile


@pytest.fixture
def busy(live: Cloud) -> Cloud:
    """Five minutes with ten requests each, all of them visible."""
    live.kernel.profiles["old"] = Profile(base_ms=100.0, jitter=0.0, ms_per_generated_token=0.0)
    live.send(per_minute=10, minutes=5)
    live.pass_minutes(10)
    return live


def test_requests_are_counted_by_the_minute(busy: Cloud) -> None:
    assert busy.metric("Invocations", "Sum") == [10.0] * 5


def test_latency_is_in_microseconds(busy: Cloud) -> None:
    assert busy.metric("ModelLatency", "Average") == pytest.approx([102_000.0] * 5)


def test_errors_are_zero_or_one_for_each_request(busy: Cloud) -> None:
    busy.kernel.profiles["old"] = Profile(answers=False)
    busy.send(per_minute=4, minutes=1)
    busy.pass_minutes(5)
    for name in ("Invocation5XXErrors", "InvocationModelErrors"):
        assert busy.metric(name, "Sum") == [4.0, 0.0, 0.0, 0.0, 0.0, 0.0]
        assert busy.metric(name, "Average")[0] == 1.0
    assert busy.metric("Invocation4XXErrors", "Sum")[0] == 0.0


def test_invocations_per_instance_are_shared_out(busy: Cloud) -> None:
    assert busy.metric("InvocationsPerInstance", "Sum") == pytest.approx([5.0] * 5)
    assert busy.metric("InvocationsPerInstance", "Maximum") == pytest.approx([0.5] * 5)


def test_a_minute_becomes_visible_ninety_seconds_after_its_end(live: Cloud) -> None:
    live.send(per_minute=10, minutes=1)
    live.pass_minutes(2)
    live.kernel.advance(timedelta(seconds=29))
    assert live.metric("Invocations", "Sum") == []
    live.kernel.advance(timedelta(seconds=1))
    assert live.metric("Invocations", "Sum") == [10.0]


def test_minutes_without_traffic_have_no_datapoint(live: Cloud) -> None:
    start = live.kernel.now
    live.send(per_minute=1, minutes=1)
    live.send(per_minute=1, minutes=1, start=start + timedelta(minutes=5))
    live.pass_minutes(10)
    times = live.data(query("Invocations", "Sum"))["Timestamps"]
    assert times == [start + timedelta(minutes=5), start]


def test_the_order_is_newest_first_unless_asked_otherwise(busy: Cloud) -> None:
    asked = query("Invocations", "Sum")
    down = busy.data(asked)["Timestamps"]
    up = busy.data(asked, ScanBy="TimestampAscending")["Timestamps"]
    assert down == sorted(down, reverse=True)
    assert up == sorted(up)


def test_the_start_is_included_and_the_end_is_not(busy: Cloud) -> None:
    times = busy.data(query("Invocations", "Sum"))["Timestamps"]
    cut = busy.data(query("Invocations", "Sum"), StartTime=times[3], EndTime=times[1])["Timestamps"]
    assert cut == [times[2], times[3]]


def test_longer_periods_add_minutes_up(busy: Cloud) -> None:
    asked = query("Invocations", "Sum")
    asked["MetricStat"]["Period"] = 300
    assert busy.data(asked)["Values"] == [50.0]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"Namespace": "Custom/SageMaker"}, id="another namespace"),
        pytest.param({"MetricName": "Invocation"}, id="another metric"),
        pytest.param({"Dimensions": [{"Name": "EndpointName", "Value": ENDPOINT}]}, id="one dimension"),
        pytest.param({"Dimensions": []}, id="no dimension"),
    ],
)
def test_a_query_that_does_not_match_exactly_is_complete_and_empty(
    busy: Cloud, wrong: dict[str, Any]
) -> None:
    asked = query("Invocations", "Sum")
    asked["MetricStat"]["Metric"] |= wrong
    result = busy.data(asked)
    assert (result["Values"], result["StatusCode"]) == ([], "Complete")


def test_the_order_of_dimensions_does_not_matter(busy: Cloud) -> None:
    asked = query("Invocations", "Sum")
    asked["MetricStat"]["Metric"]["Dimensions"].reverse()
    assert busy.data(asked)["Values"] == [10.0] * 5


def test_several_queries_are_answered_by_id(busy: Cloud) -> None:
    queries = [query("Invocations", "Sum") | {"Id": "a"}, query("ModelLatency", "SampleCount") | {"Id": "b"}]
    now = busy.kernel.now
    answer = busy.watch(
        "GetMetricData", MetricDataQueries=queries, StartTime=now - timedelta(hours=1), EndTime=now
    )
    shown = {result["Id"]: result["Values"][0] for result in answer["MetricDataResults"]}
    assert shown == {"a": 10.0, "b": 10.0}


@pytest.mark.parametrize("stat", ["p101", "nonsense", "PR(:)", "tm99", ""])
def test_a_statistic_it_does_not_know_is_refused(busy: Cloud, stat: str) -> None:
    assert refused(lambda: busy.metric("ModelLatency", stat)).code == "ValidationError"


def test_metric_math_is_refused(busy: Cloud) -> None:
    assert refused(lambda: busy.data({"Id": "e", "Expression": "a/b"})).code == "ValidationError"


def test_more_than_five_hundred_queries_are_refused(busy: Cloud) -> None:
    now = busy.kernel.now
    asked = {
        "MetricDataQueries": [query("Invocations", "Sum")] * 501,
        "StartTime": now - timedelta(hours=1),
        "EndTime": now,
    }
    assert refused(lambda: busy.watch("GetMetricData", **asked)).code == "ValidationError"


def test_a_window_that_ends_before_it_starts_is_refused(busy: Cloud) -> None:
    now = busy.kernel.now
    assert refused(lambda: busy.metric("Invocations", "Sum", StartTime=now)).code == "ValidationError"


def test_a_page_holds_so_many_datapoints_over_all_queries(busy: Cloud) -> None:
    """A full page ends within a query; the next goes on there, and nothing is shown twice (facts 3.3)."""
    now = busy.kernel.now
    asked = {
        "MetricDataQueries": [
            query("Invocations", "Sum") | {"Id": "first"},
            query("Invocations", "Sum", "nobody") | {"Id": "empty"},
            query("Invocations", "SampleCount") | {"Id": "second"},
        ],
        "StartTime": now - timedelta(hours=1),
        "EndTime": now,
        "MaxDatapoints": 4,
    }
    pages = [busy.watch("GetMetricData", **asked)]
    while "NextToken" in pages[-1]:
        pages.append(busy.watch("GetMetricData", **asked, NextToken=pages[-1]["NextToken"]))
    shown = [
        [(result["Id"], len(result["Values"]), result["StatusCode"]) for result in page["MetricDataResults"]]
        for page in pages
    ]
    assert shown == [
        [("first", 4, "PartialData")],
        [("first", 1, "Complete"), ("empty", 0, "Complete"), ("second", 3, "PartialData")],
        [("second", 2, "Complete")],
    ]
    times = [time for page in pages for time in page["MetricDataResults"][-1]["Timestamps"]]
    assert times[4:] == sorted(times[4:], reverse=True)


def test_a_token_of_other_queries_is_refused(busy: Cloud) -> None:
    window = {
        "StartTime": busy.kernel.now - timedelta(hours=1),
        "EndTime": busy.kernel.now,
        "MaxDatapoints": 2,
    }
    more = busy.watch("GetMetricData", MetricDataQueries=[query("Invocations", "Sum")], **window)["NextToken"]
    other = [query("Invocations", "Average")]
    error = refused(lambda: busy.watch("GetMetricData", MetricDataQueries=other, NextToken=more, **window))
    assert error.code == "InvalidNextToken"


def test_a_page_may_end_with_a_query(busy: Cloud) -> None:
    now = busy.kernel.now
    queries = [query("Invocations", "Sum") | {"Id": name} for name in ("first", "second")]
    asked = {"MetricDataQueries": queries, "StartTime": now - timedelta(hours=1), "EndTime": now}
    page = busy.watch("GetMetricData", **asked, MaxDatapoints=5)
    rest = busy.watch("GetMetricData", **asked, MaxDatapoints=5, NextToken=page["NextToken"])
    assert [(result["Id"], result["StatusCode"]) for result in page["MetricDataResults"]] == [
        ("first", "Complete")
    ]
    assert [result["Id"] for result in rest["MetricDataResults"]] == ["second"]
    assert "NextToken" not in rest


def test_a_period_begins_at_its_full_multiple(busy: Cloud) -> None:
    asked = query("Invocations", "Sum")
    asked["MetricStat"]["Period"] = 300
    start = busy.kernel.now.replace(minute=12)
    data = busy.data(asked, StartTime=start)
    assert data["Timestamps"] == [start.replace(minute=10)]
    assert data["Values"] == [50.0]
