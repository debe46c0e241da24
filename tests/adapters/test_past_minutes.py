"""The past of a variant as it is read: from a CloudWatch that remembers, and from answers that say less."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from pointsman.adapters.aws.past_minutes import PastMinutes, Wanted
from pointsman.core.past import Past
from pointsman.errors import Transient
from pointsman.policy import ErrorKind, Health
from tests.functions.account import ENDPOINT, VARIANT
from tests.functions.world import Here, installed

HEALTH = Health(
    errors=(ErrorKind.SERVER, ErrorKind.MODEL),
    max_error_percent=1.0,
    slow_over=timedelta(milliseconds=60),
    max_slow_percent=1.0,
    min_requests=10,
)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Noted:
    """A client that counts what it is asked."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.asked: list[dict[str, Any]] = []

    def get_metric_data(self, **request: Any) -> Any:
        self.asked.append(request)
        return self.client.get_metric_data(**request)


@pytest.fixture(scope="module")
def here() -> Iterator[Here]:
    """An endpoint with two days and a half behind it: 100 requests a minute, one of a hundred failed."""
    with installed() as installation:
        start = installation.kernel.now.replace(minute=0, second=0, microsecond=0) - 60 * HOUR
        installation.kernel.remember(
            ENDPOINT, VARIANT, start, 60 * 60, 100.0, latency_ms=50.0, error_rate=0.01
        )
        yield installation


def read(client: Any, now: datetime, back: timedelta, variant: str = VARIANT) -> Past:
    wanted = Wanted(ENDPOINT, variant, HEALTH, now - back, now)
    return PastMinutes(client).read(wanted, now, lambda _what, _done, _of: None)


def test_every_minute_comes_with_counts_over_what_a_judge_would_have_counted(here: Here) -> None:
    client = Noted(boto3.client("cloudwatch", region_name="us-east-1"))
    now = here.kernel.now

    past = read(client, now, 2 * DAY)

    assert len(past.minutes) == (past.until - past.since) // timedelta(minutes=1)
    assert sum(each.requests for each in past.minutes.values()) == 100 * len(past.minutes)
    assert sum(each.errors for each in past.minutes.values()) == len(past.minutes)
    usual = past.usual_before(past.until)
    assert 50_000 < usual.p75_us <= usual.p99_us < 80_000
    one = past.minutes[past.since]
    assert one.timed == 100
    assert {round(usual.p75_us), round(usual.p99_us), 60_000} <= set(one.over)
    assert one.over[60_000] > one.over[round(usual.p99_us)]
    assert past.until <= now < past.until + HOUR


def test_a_day_or_so_is_one_call(here: Here) -> None:
    client = Noted(boto3.client("cloudwatch", region_name="us-east-1"))

    read(client, here.kernel.now, 2 * DAY)

    assert len(client.asked) <= 4
    assert all(len(each["MetricDataQueries"]) <= 500 for each in client.asked)
    assert not any("NextToken" in each for each in client.asked)


def test_what_is_older_than_minutes_are_kept_is_asked_by_five_of_them(here: Here) -> None:
    client = Noted(boto3.client("cloudwatch", region_name="us-east-1"))
    later = here.kernel.now + 14 * DAY

    past = read(client, later, 20 * DAY)

    assert past.minutes
    assert past.coarse
    assert min(past.minutes) >= later - 15 * DAY
    assert max(each.at for each in past.coarse) < min(past.minutes)
    assert {each.requests for each in past.coarse} == {500}
    assert {each.minutes for each in past.coarse} == {5}
    for each in client.asked:
        period = each["MetricDataQueries"][0]["MetricStat"]["Period"]
        assert period >= 300 or each["StartTime"] >= later - 15 * DAY
    assert set(past.hours) >= {each.at.replace(minute=0) for each in past.coarse}


def test_a_variant_without_a_past_has_none(here: Here) -> None:
    past = read(boto3.client("cloudwatch", region_name="us-east-1"), here.kernel.now, DAY, "other")

    assert (dict(past.minutes), past.coarse, past.first_minute) == ({}, (), None)


def test_an_answer_that_failed_inside_is_not_taken_for_an_empty_past() -> None:
    class Failing:
        def get_metric_data(self, **_: Any) -> Any:
            return {
                "MetricDataResults": [
                    {"Id": "b_n", "Timestamps": [], "Values": [], "StatusCode": "InternalError"}
                ]
            }

    with pytest.raises(Transient):
        read(Failing(), datetime(2026, 11, 20, tzinfo=UTC), DAY)
