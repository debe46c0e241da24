"""Statistics from coarse buckets: exact where CloudWatch is exact, off by a bucket at most elsewhere."""

from __future__ import annotations

from random import Random

import pytest

from twin.metrics import BUCKET_RATIO, Summary, bucket_of
from twin.stats import statistic


def summary_of(values: list[float]) -> Summary:
    buckets: dict[int, int] = {}
    for value in values:
        buckets[bucket_of(value)] = buckets.get(bucket_of(value), 0) + 1
    return Summary(len(values), sum(values), min(values), max(values), buckets)


@pytest.fixture
def values() -> list[float]:
    rng = Random(3)
    return sorted(rng.lognormvariate(11.0, 0.6) for _ in range(5_000))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Sum", 60.0), ("SampleCount", 3.0), ("Average", 20.0), ("Minimum", 10.0), ("Maximum", 30.0)],
)
def test_plain_statistics_are_exact(name: str, expected: float) -> None:
    assert statistic(name)(summary_of([10.0, 20.0, 30.0])) == expected


@pytest.mark.parametrize("percent", [1.0, 50.0, 90.0, 99.0, 99.9])
def test_a_percentile_is_off_by_a_bucket_at_most(values: list[float], percent: float) -> None:
    true = values[int(percent / 100 * len(values))]
    found = statistic(f"p{percent:g}")(summary_of(values))
    assert true / BUCKET_RATIO <= found <= true * BUCKET_RATIO


def test_percentiles_of_one_value_are_that_value() -> None:
    assert statistic("p99")(summary_of([81_000.0])) == 81_000.0


def test_p100_is_the_maximum_to_a_bucket(values: list[float]) -> None:
    assert statistic("p100")(summary_of(values)) == pytest.approx(values[-1], rel=0.1)


@pytest.mark.parametrize("limit", [30_000, 60_000, 100_000, 250_000])
def test_a_percentile_rank_is_off_by_the_share_of_a_bucket_at_most(values: list[float], limit: int) -> None:
    true = 100 * sum(value <= limit for value in values) / len(values)
    assert statistic(f"PR(:{limit})")(summary_of(values)) == pytest.approx(true, abs=1.0)


def test_a_rank_between_limits_leaves_out_what_is_below_and_above(values: list[float]) -> None:
    summary = summary_of(values)
    between = statistic("PR(30000:100000)")(summary)
    assert between == pytest.approx(statistic("PR(:100000)")(summary) - statistic("PR(:30000)")(summary))


def test_a_rank_without_an_upper_limit_is_the_rest(values: list[float]) -> None:
    summary = summary_of(values)
    assert statistic("PR(60000:)")(summary) == pytest.approx(100 - statistic("PR(:60000)")(summary))


def test_the_lower_limit_is_left_out_and_the_upper_is_in() -> None:
    summary = summary_of([1.0, 0.0, 0.0, 0.0])
    assert (statistic("PR(:0)")(summary), statistic("PR(0:1)")(summary)) == (75.0, 25.0)
