"""What would fit an endpoint that is asked: how few instances, which size, and when nothing can be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pointsman.core.idle_finding import window_of
from pointsman.core.idle_instances import gpu_of
from pointsman.core.idle_underused import Use, gpu_peak, may_be_underused, suggestion
from pointsman.hosted import Hosted, HostedVariant, Reading, Series
from pointsman.policy import EndpointName

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
WINDOW = window_of(NOW, 14)
DAYS = [WINDOW.since + timedelta(days=number) for number in range(15)]
FOUR_GPUS = "ml.g5.12xlarge"
ACCELERATORS = {FOUR_GPUS: 4, "ml.g5.xlarge": 1}.get


def endpoint(count: int, kind: str = FOUR_GPUS, **given: bool) -> Hosted:
    is_async = given.pop("is_async", False)
    variant = HostedVariant("v", count, by_type={kind: count}, **given)  # type: ignore[arg-type]
    return Hosted(EndpointName("e"), "InService", NOW, NOW, "c", (variant,), is_async=is_async)


def use(on: Hosted, peak: float, days_asked: int = 14, days_read: int = 15) -> Use:
    points = dict.fromkeys(DAYS[:days_read], peak)
    by_day: dict[date, float] = {at.date(): 5.0 for at in DAYS[:days_asked]}
    return Use(by_day, {gpu_of(on, on.variants[0]): Series(Reading.READ, points)})


def said(on: Hosted, of: Use) -> str:
    return suggestion(on, of, WINDOW, ACCELERATORS)


@pytest.mark.parametrize(
    ("count", "peak", "needed"), [(4, 40.0, 1), (4, 160.0, 3), (2, 120.0, 1), (10, 120.0, 5)]
)
def test_fewer_instances_stay_below_sixty_percent_of_a_gpu(count: int, peak: float, needed: int) -> None:
    on = endpoint(count)
    assert said(on, use(on, peak)).endswith(f"{needed} of its {count} instances would do")


@pytest.mark.parametrize(("count", "peak"), [(4, 240.0), (2, 240.0), (1, 120.0), (1, 400.0)])
def test_what_is_used_is_left_as_it_is(count: int, peak: float) -> None:
    on = endpoint(count)
    assert said(on, use(on, peak)) == ""


def test_one_instance_fits_a_smaller_type() -> None:
    on, small = endpoint(1), endpoint(1, "ml.g5.xlarge")
    assert said(on, use(on, 100.0)).endswith("a smaller type with fewer than 4 accelerators would do")
    assert said(small, use(small, 20.0)).endswith("20 % in their busiest minute: a smaller type would do")


def test_without_most_days_nothing_is_said_of_its_size() -> None:
    on = endpoint(4)
    assert said(on, use(on, 10.0, days_read=11)) == ""
    assert gpu_peak(on, use(on, 10.0, days_read=11).series, WINDOW) is None


def test_a_type_whose_gpus_are_not_known_is_not_judged() -> None:
    on = endpoint(4, "ml.g9.large")
    assert said(on, use(on, 10.0)) == ""


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        ({}, "host its model as an inference component"),
        ({"hosts_components": True}, "let its components scale to zero copies"),
        ({"hosts_components": True, "may_scale_to_zero": True}, "it may scale to zero, and did not"),
        ({"is_async": True}, "let autoscaling take it to zero instances"),
    ],
)
def test_rare_use_is_told_by_kind(given: dict[str, bool], advice: str) -> None:
    on = endpoint(1, FOUR_GPUS, **given)
    assert said(on, use(on, 300.0, days_asked=3)).startswith("asked on 3 of 14 days: ")
    assert advice in said(on, use(on, 300.0, days_asked=3))
    assert said(on, use(on, 300.0, days_asked=4)) == ""


def test_a_config_is_read_only_where_it_may_tell_something() -> None:
    on = endpoint(1)
    without_gpus = replace(use(on, 0.0, days_asked=2), series={})
    assert may_be_underused(on, use(on, 40.0), WINDOW, everything=False)
    assert not may_be_underused(on, use(on, 90.0), WINDOW, everything=False)
    assert may_be_underused(on, use(on, 90.0), WINDOW, everything=True)
    assert not may_be_underused(on, without_gpus, WINDOW, everything=False)
    assert may_be_underused(on, without_gpus, WINDOW, everything=True)
