"""What the baseline's past makes of the questions to CloudWatch and of its answers, and what the application publishes itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pointsman.adapters.aws.cloudwatch import CloudWatchMetrics
from pointsman.core.minutes import Side
from pointsman.core.observed import Sides
from pointsman.core.usual import BUCKET, Usual
from pointsman.errors import Transient
from pointsman.policy import Comparison, CustomMetric, Health
from tests.adapters.test_cloudwatch import BOTH, HEALTH, NOON, Answering, at, quiet, read, series
from tests.functions.account import ENDPOINT, VARIANT
from tests.functions.world import Here

PAST = Usual(BUCKET**90, BUCKET**110, 0.01, 50.0)
FLEET = (("Fleet", "{endpoint}/{variant}"),)
PUBLISHED = replace(
    HEALTH,
    comparison=Comparison(
        quality=CustomMetric("Chat", "Score", FLEET),
        output_tokens=CustomMetric("Chat", "Tokens", FLEET),
        failures=(CustomMetric("Chat", "Refusals", FLEET),),
    ),
)


def read_usual(client: Answering, health: Health = HEALTH) -> Usual:
    """The past of a moment twenty minutes into an hour."""
    return CloudWatchMetrics(client).read_usual(BOTH, health, at(20))  # type: ignore[arg-type]


def asked_stats(sides: Sides) -> dict[str, str]:
    client = Answering(series())
    read(client, sides)
    return {query["Id"]: query["MetricStat"]["Stat"] for query in client.asked[0]["MetricDataQueries"]}


class TestQuestion:
    def test_without_a_past_both_tails_are_counted_over_the_policys_limit(self) -> None:
        stats = asked_stats(BOTH)
        assert (stats["c_p99"], stats["b_p99"]) == ("PR(:150000)", "PR(:150000)")
        assert "c_p75" not in stats

    def test_with_a_past_each_side_is_counted_over_its_own_thresholds(self) -> None:
        """The candidate may be one bucket slower at the 75th percentile; the tail is compared at one threshold."""
        stats = asked_stats(replace(BOTH, usual=PAST))
        assert stats["b_p75"] == f"PR(:{round(BUCKET**90)})"
        assert stats["c_p75"] == f"PR(:{round(BUCKET**91)})"
        assert stats["b_p99"] == stats["c_p99"] == f"PR(:{round(BUCKET**110)})"

    def test_metrics_of_the_application_are_asked_for_under_their_own_names(self) -> None:
        client = Answering(series())
        read(client, health=PUBLISHED)
        asked = {query["Id"]: query["MetricStat"] for query in client.asked[0]["MetricDataQueries"]}
        assert {name: asked[f"c_{name}"]["Stat"] for name in ("q", "qn", "tok", "sum", "f0")} == {
            "q": "Average",
            "qn": "SampleCount",
            "tok": "Sum",
            "sum": "Sum",
            "f0": "Sum",
        }
        assert asked["b_q"]["Metric"] == {
            "Namespace": "Chat",
            "MetricName": "Score",
            "Dimensions": [{"Name": "Fleet", "Value": f"{ENDPOINT}/stable"}],
        }
        assert asked["b_sum"]["Metric"]["MetricName"] == "ModelLatency"
        assert asked["c_f0"]["Metric"]["MetricName"] == "Refusals"


class TestMinutes:
    def test_ranks_of_the_thresholds_become_counts_of_those_above(self) -> None:
        answer = series(
            **quiet("c", {0: 100.0}), c_ln={0: 80.0}, c_lp={0: 100.0}, c_p75={0: 70.0}, c_p99={0: 97.5}
        )
        [minute] = read(Answering(answer), replace(BOTH, usual=PAST), minutes=1)
        assert minute.candidate == Side(100, 0, 0, 80, 24, 2)

    def test_ranks_without_a_latency_are_no_counts(self) -> None:
        answer = series(**quiet("c", {0: 100.0}), c_p75={0: 70.0}, c_p99={0: 97.5})
        [minute] = read(Answering(answer), minutes=1)
        assert minute.candidate == Side(100, 0, 0)

    def test_what_the_application_publishes_is_read_beside(self) -> None:
        answer = series(
            **quiet("c", {0: 10.0}),
            c_f0={0: 3.0},
            c_q={0: 0.75},
            c_qn={0: 8.0},
            c_tok={0: 400.0},
            c_sum={0: 2_500_000.0},
        )
        [minute] = read(Answering(answer), minutes=1, health=PUBLISHED)
        assert minute.candidate == Side(10, 3, 0, score=(0.75, 8), output=(400, 2500.0))

    def test_what_the_application_does_not_publish_leaves_the_minute_complete(self) -> None:
        [minute] = read(Answering(series(**quiet("c", {0: 10.0}))), minutes=1, health=PUBLISHED)
        assert minute.candidate == Side(10, 0, 0)


class TestUsual:
    def test_the_hours_of_a_day_are_one_call(self) -> None:
        client = Answering(series())
        assert read_usual(client) == Usual()
        [asked] = client.asked
        assert (asked["StartTime"], asked["EndTime"]) == (NOON - timedelta(days=1), at(20))
        assert {query["MetricStat"]["Period"] for query in asked["MetricDataQueries"]} == {3600}
        ids = [query["Id"] for query in asked["MetricDataQueries"]]
        assert ids == ["b_n", "b_ln", "b_p75", "b_p99", "b_e0", "b_e1"]

    def test_the_newest_whole_hour_tells_the_baselines_past(self) -> None:
        answer = series(
            b_n={-120: 999.0, -60: 1200.0, 0: 400.0},
            b_ln={-120: 999.0, -60: 1190.0, 0: 400.0},
            b_p75={-120: 1.0, -60: 1000.0, 0: 2.0},
            b_p99={-120: 1.0, -60: 5000.0, 0: 2.0},
            b_e0={-120: 0.0, -60: 6.0, 0: 0.0},
            b_e1={-120: 0.0, -60: 2.0, 0: 0.0},
        )
        usual = read_usual(Answering(answer))
        assert 1000 <= usual.p75_us <= 1000 * BUCKET
        assert 5000 <= usual.p99_us <= 5000 * BUCKET
        assert (usual.error_rate, usual.rpm) == (0.005, 20.0)

    def test_failures_that_the_application_counts_belong_to_the_past_too(self) -> None:
        answer = series(
            b_n={-60: 1000.0}, b_ln={-60: 1000.0}, b_e0={-60: 6.0}, b_e1={-60: 0.0}, b_f0={-60: 4.0}
        )
        assert read_usual(Answering(answer), PUBLISHED).error_rate == 0.01

    def test_a_past_that_cannot_be_read_is_transient(self) -> None:
        answer = series(b_n={-60: 7.0})
        answer["MetricDataResults"][0]["StatusCode"] = "InternalError"
        with pytest.raises(Transient, match="InternalError for b_n"):
            read_usual(Answering(answer))

    def test_it_is_read_over_the_wire(self, here: Here) -> None:
        """Fifteen requests a minute, an hour long."""
        here.kernel.advance(timedelta(hours=2))
        usual = here.world.metrics.read_usual(Sides(ENDPOINT, "", VARIANT), HEALTH, here.kernel.now)
        assert (usual.rpm, usual.error_rate) == (15.0, 0.0)
        assert 0 < usual.p75_us <= usual.p99_us
