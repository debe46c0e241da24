"""What CloudWatch tells of a variant: dimensions, missing minutes, statistics, order."""

from __future__ import annotations

from datetime import timedelta

from contract.case import Ground, Need, case
from contract.readings import REQUESTS, metric, read, served
from contract.scene import Scene

_A_MINUTE_US = 60_000_000


@case("3.3", Ground.RECALLED, Need.ENDPOINT, 6)
def requests_show_within_minutes(scene: Scene) -> None:
    """Every request is in Invocations within ten minutes, by the minute."""
    window = served(scene)
    assert sum(read(scene, metric(scene, "Invocations"), "Sum", window)["Values"]) == REQUESTS


@case("3.1", Ground.CONFIRMED, Need.ENDPOINT, 6)
def metrics_are_per_variant_only(scene: Scene) -> None:
    """A query with EndpointName alone has no data, since dimensions must match exactly."""
    window = served(scene)
    whole = metric(scene, "Invocations", EndpointName=scene.name("Shared"))
    assert read(scene, whole, "Sum", window)["Values"] == []


@case("3.1", Ground.RECALLED, Need.ENDPOINT)
def minutes_without_traffic_are_missing(scene: Scene) -> None:
    """Where no request came there is no datapoint, not a 0, and the result is Complete."""
    scene.endpoint()
    end = scene.cloud.now - timedelta(days=2)
    result = read(scene, metric(scene, "Invocations"), "Sum", (end - timedelta(hours=1), end))
    assert (result["Values"], result["StatusCode"]) == ([], "Complete")


@case("3.1", Ground.RECALLED, Need.ENDPOINT, 6)
def every_request_counts_in_the_error_metric(scene: Scene) -> None:
    """Invocation5XXErrors has a sample of 0 for each request that succeeds."""
    window = served(scene)
    errors = metric(scene, "Invocation5XXErrors")
    assert sum(read(scene, errors, "SampleCount", window)["Values"]) == REQUESTS
    assert sum(read(scene, errors, "Sum", window)["Values"]) == 0


@case("3.2", Ground.CONFIRMED, Need.ENDPOINT, 6)
def percentile_ranks_are_percent_within_a_limit(scene: Scene) -> None:
    """PR(:x) of ModelLatency, x in microseconds, is 100 for a limit of a minute and 0 for one of a microsecond."""
    window, latency = served(scene), metric(scene, "ModelLatency")
    assert set(read(scene, latency, f"PR(:{_A_MINUTE_US})", window)["Values"]) == {100.0}
    assert set(read(scene, latency, "PR(:1)", window)["Values"]) == {0.0}


@case("3.2", Ground.CONFIRMED, Need.ENDPOINT, 6)
def latency_has_percentiles_in_microseconds(scene: Scene) -> None:
    """p50 of ModelLatency is not above p99, and both lie between 100 microseconds and a minute."""
    window, latency = served(scene), metric(scene, "ModelLatency")
    half, most = (read(scene, latency, stat, window)["Values"] for stat in ("p50", "p99"))
    assert all(100 < low <= high < _A_MINUTE_US for low, high in zip(half, most, strict=True))
    assert half


@case("3.3", Ground.CONFIRMED, Need.ENDPOINT, 6)
def the_newest_datapoint_comes_first(scene: Scene) -> None:
    """GetMetricData answers newest first unless ScanBy says otherwise."""
    window, latency = served(scene), metric(scene, "ModelLatency")
    newest = read(scene, latency, "Average", window)["Timestamps"]
    oldest = read(scene, latency, "Average", window, ScanBy="TimestampAscending")["Timestamps"]
    assert len(newest) > 1
    assert newest == sorted(newest, reverse=True) == oldest[::-1]


@case("3.3", Ground.CONFIRMED, Need.ENDPOINT, 6)
def a_window_begins_with_its_start_and_stops_before_its_end(scene: Scene) -> None:
    """StartTime is inclusive and EndTime exclusive."""
    window, count = served(scene), metric(scene, "Invocations")
    newest, *_, oldest = read(scene, count, "Sum", window)["Timestamps"]
    seen = read(scene, count, "Sum", (oldest, newest))["Timestamps"]
    assert oldest in seen
    assert newest not in seen
