"""Reading what an account hosts: every page, exact dimensions, and answers that are late, partial, refused or missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pointsman.adapters.aws.hosted import AwsHosting
from pointsman.adapters.aws.hosted_metrics import Asked, HostedMetrics
from pointsman.hosted import Metric, Reading
from tests.adapters.answers import Answering
from tests.adapters.land import NAME, Land, serving, silently
from tests.worlds.kernel_client import client_error

UNTIL = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
AT = UNTIL - timedelta(days=1)
ASKED = Asked(UNTIL - timedelta(days=14), UNTIL, timedelta(days=1))
METRICS = [
    Metric("Invocations", (("EndpointName", f"e{number}"), ("VariantName", "v"))) for number in range(3)
]


def page(*results: tuple[str, str, list[float]], more: str = "") -> dict[str, Any]:
    told = [
        {"Id": key, "StatusCode": status, "Timestamps": [AT] * len(values), "Values": values}
        for key, status, values in results
    ]
    return {"MetricDataResults": told} | ({"NextToken": more} if more else {})


def read(*answers: Any) -> dict[str, Reading]:
    client: Any = Answering(get_metric_data=list(answers))
    found = HostedMetrics(client).read(METRICS, ASKED)
    return {dict(metric.dimensions)["EndpointName"]: series.reading for metric, series in found.items()}


def test_a_series_that_goes_on_on_the_next_page_is_whole() -> None:
    first = page(("m0", "Complete", [1.0]), ("m1", "PartialData", [1.0]), more="next")
    last = page(("m1", "Complete", [2.0]), ("m2", "Complete", []))
    assert set(read(first, last).values()) == {Reading.READ}


def test_a_series_that_stays_partial_says_so() -> None:
    told = page(("m0", "Complete", [1.0]), ("m1", "PartialData", [1.0]), ("m2", "Complete", []))
    assert read(told) == {"e0": Reading.READ, "e1": Reading.PARTIAL, "e2": Reading.READ}


@pytest.mark.parametrize(
    ("status", "reading"), [("InternalError", Reading.FAILED), ("Forbidden", Reading.DENIED)]
)
def test_an_error_of_one_series_is_its_own_and_stays(status: str, reading: Reading) -> None:
    first = page(("m0", "Complete", []), ("m1", status, []), ("m2", "Complete", []), more="next")
    assert read(first, page(("m1", "Complete", [])))["e1"] is reading
    assert read(first, page())["e0"] is Reading.READ


def test_a_series_that_was_not_answered_was_not_read() -> None:
    assert read(page(("m0", "Complete", []), ("m1", "Complete", [])))["e2"] is Reading.FAILED


def test_a_status_that_nobody_knows_is_no_reading() -> None:
    told = page(("m0", "Odd", [1.0]), ("m1", "Complete", []), ("m2", "Complete", []))
    assert read(told)["e0"] is Reading.FAILED


@pytest.mark.parametrize(
    ("code", "reading"),
    [
        ("AccessDenied", Reading.DENIED),
        ("ThrottlingException", Reading.FAILED),
        ("ValidationError", Reading.FAILED),
    ],
)
def test_a_call_that_fails_fails_for_all_it_asked(code: str, reading: Reading) -> None:
    assert set(read(client_error(code, "no", "GetMetricData")).values()) == {reading}


def test_an_error_on_a_later_page_leaves_nothing_read() -> None:
    first = page(("m0", "Complete", [1.0]), more="next")
    assert set(read(first, client_error("ThrottlingException", "no", "GetMetricData")).values()) == {
        Reading.FAILED
    }


@pytest.fixture
def land() -> Land:
    return serving()


def test_every_page_of_a_search_is_read(land: Land) -> None:
    land.kernel.quota["ml.c7i.large"] = 1000
    for number in range(130):
        land.endpoint(f"e{number:03}", "fraud-prod-v1")
    land.settle()
    found = AwsHosting(land.client).found(silently)
    assert [each.name for each in found] == [NAME, *(f"e{number:03}" for number in range(130))]
    assert land.counts() == {"Search": 2}
    assert {len(each.variants) for each in found} == {1}


def test_a_config_and_a_model_that_many_share_are_described_once(land: Land) -> None:
    for number in range(9):
        land.endpoint(f"e{number}", "fraud-prod-v1")
    land.settle()
    hosting = AwsHosting(land.client)
    described = hosting.described(hosting.found(silently), silently, live=True)
    assert {tuple(each.by_type.items()) for each in described} == {(("ml.c7i.large", 2),)}
    counts = land.counts()
    assert (counts["DescribeEndpoint"], counts["DescribeEndpointConfig"], counts["DescribeModel"]) == (
        10,
        1,
        1,
    )


def test_one_that_vanished_since_the_search_is_left_out(land: Land) -> None:
    hosting = AwsHosting(land.client)
    found = hosting.found(silently)
    land.call("DeleteEndpoint", EndpointName=NAME)
    land.kernel.advance(timedelta(minutes=5))
    assert hosting.described(found, silently, live=True) == []


def test_what_changed_since_the_search_is_seen(land: Land) -> None:
    hosting = AwsHosting(land.client)
    found = hosting.found(silently)
    land.config("fraud-prod-v2")
    land.call("UpdateEndpoint", EndpointName=NAME, EndpointConfigName="fraud-prod-v2")
    [described] = hosting.described(found, silently, live=True)
    assert (described.status, described.changed) == ("Updating", land.kernel.now)


def test_one_that_cannot_be_described_says_which_permission_is_missing(land: Land) -> None:
    hosting = AwsHosting(land.client)
    found = hosting.found(silently)
    land.deny("sagemaker", "DescribeEndpointConfig")
    [described] = hosting.described(found, silently, live=True)
    assert (described.is_described, described.unread) == (
        False,
        ("sagemaker:DescribeEndpointConfig is not allowed",),
    )


def test_a_call_that_was_throttled_is_named(land: Land) -> None:
    hosting = AwsHosting(land.client)
    found = hosting.found(silently)
    land.deny("sagemaker", "DescribeEndpoint", "ThrottlingException")
    [described] = hosting.described(found, silently, live=True)
    assert described.unread == (f"DescribeEndpoint {NAME}: ThrottlingException",)
