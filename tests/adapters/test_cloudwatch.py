"""What is made of CloudWatch's answers: minutes of both sides, missing ones, pages, partial failures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

from pointsman.adapters.aws.cloudwatch import CloudWatchMetrics
from pointsman.core.minutes import Minute, Side
from pointsman.core.observed import Sides
from pointsman.core.phases import Phase
from pointsman.errors import Denied, Transient
from pointsman.policy import ErrorKind, Health
from tests.functions.account import ENDPOINT, VARIANT
from tests.functions.world import Here

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HEALTH = Health(
    errors=(ErrorKind.SERVER, ErrorKind.MODEL),
    max_error_percent=1.0,
    slow_over=timedelta(milliseconds=150),
    max_slow_percent=1.0,
    min_requests=10,
)
BOTH = Sides(ENDPOINT, "candidate", "stable")


def at(minute: int) -> datetime:
    return NOON + timedelta(minutes=minute)


class Answering:
    """A client that gives one answer after the other and remembers what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def get_metric_data(self, **request: Any) -> Any:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def series(**points: dict[int, float]) -> dict[str, Any]:
    return {
        "MetricDataResults": [
            {
                "Id": name,
                "Timestamps": [at(minute) for minute in values],
                "Values": list(values.values()),
                "StatusCode": "Complete",
            }
            for name, values in points.items()
        ]
    }


def quiet(side: str, points: dict[int, float]) -> dict[str, dict[int, float]]:
    """Requests of a side, and no error among them: CloudWatch has a 0 for each kind wherever there was traffic."""
    none = dict.fromkeys(points, 0.0)
    return {f"{side}_n": points, f"{side}_e0": none, f"{side}_e1": none}


def read(client: Answering, sides: Sides = BOTH, minutes: int = 2, health: Health = HEALTH) -> list[Minute]:
    return CloudWatchMetrics(client).read(sides, health, NOON, at(minutes))  # type: ignore[arg-type]


class TestQuestion:
    def test_both_sides_are_one_call_over_the_same_minutes(self) -> None:
        client = Answering(series())
        read(client)
        [asked] = client.asked
        assert (asked["StartTime"], asked["EndTime"]) == (NOON, at(2))
        ids = [query["Id"] for query in asked["MetricDataQueries"]]
        assert ids == [f"{side}_{name}" for side in "cb" for name in ("n", "ln", "lp", "p99", "e0", "e1")]

    def test_the_slow_share_is_asked_for_in_microseconds(self) -> None:
        client = Answering(series())
        read(client)
        stats = {query["Id"]: query["MetricStat"]["Stat"] for query in client.asked[0]["MetricDataQueries"]}
        assert stats["c_lp"] == "PR(:150000)"

    def test_every_query_names_endpoint_variant_namespace_and_a_minute(self) -> None:
        client = Answering(series())
        read(client)
        for query in client.asked[0]["MetricDataQueries"]:
            metric = query["MetricStat"]["Metric"]
            variant = "candidate" if query["Id"].startswith("c") else "stable"
            assert metric["Namespace"] == "AWS/SageMaker"
            assert metric["Dimensions"] == [
                {"Name": "EndpointName", "Value": ENDPOINT},
                {"Name": "VariantName", "Value": variant},
            ]
            assert query["MetricStat"]["Period"] == 60

    def test_a_version_that_serves_alone_is_asked_for_alone(self) -> None:
        client = Answering(series(c_n={0: 5.0}))
        [minute] = read(client, Sides(ENDPOINT, VARIANT, None), minutes=1)
        assert minute.baseline is None
        assert all(query["Id"].startswith("c_") for query in client.asked[0]["MetricDataQueries"])


class TestMinutes:
    def test_counts_are_read_side_by_side(self) -> None:
        answer = series(
            c_n={0: 100.0},
            c_ln={0: 98.0},
            c_lp={0: 90.0},
            c_e0={0: 2.0},
            c_e1={0: 1.0},
            **quiet("b", {0: 50.0}),
            b_ln={0: 50.0},
            b_lp={0: 100.0},
        )
        assert read(Answering(answer), minutes=1) == [Minute(NOON, Side(50, 0, 0, 50), Side(100, 2, 10, 98))]

    def test_a_minute_without_points_is_none_and_not_zero(self) -> None:
        minutes = read(Answering(series(**quiet("c", {1: 4.0}), **quiet("b", {0: 9.0}))))
        assert minutes == [
            Minute(at(0), Side(9, 0, 0), None),
            Minute(at(1), None, Side(4, 0, 0)),
        ]

    def test_no_answer_at_all_is_no_data_for_every_minute(self) -> None:
        assert read(Answering(series()), minutes=3) == [Minute(at(n), None, None) for n in range(3)]

    def test_one_request_in_two_error_metrics_counts_once(self) -> None:
        [minute] = read(Answering(series(c_n={0: 10.0}, c_e0={0: 3.0}, c_e1={0: 3.0})), minutes=1)
        assert minute.candidate == Side(10, 3, 0)

    def test_a_client_error_is_another_request_than_a_server_or_model_error(self) -> None:
        health = replace(HEALTH, errors=(ErrorKind.CLIENT, ErrorKind.SERVER, ErrorKind.MODEL))
        answer = series(c_n={0: 10.0}, c_e0={0: 2.0}, c_e1={0: 1.0}, c_e2={0: 3.0})
        [minute] = read(Answering(answer), minutes=1, health=health)
        assert minute.candidate == Side(10, 5, 0)

    def test_a_minute_with_requests_whose_errors_are_not_there_yet_is_not_complete(self) -> None:
        minutes = read(Answering(series(c_n={0: 10.0, 1: 10.0}, c_e0={0: 0.0, 1: 0.0}, c_e1={0: 0.0})))
        assert [minute.candidate for minute in minutes] == [Side(10, 0, 0), None]

    def test_a_minute_whose_latencies_are_not_ranked_yet_is_not_complete(self) -> None:
        answer = series(**quiet("c", {0: 10.0, 1: 10.0}), c_ln={0: 10.0, 1: 10.0}, c_lp={0: 100.0})
        assert [minute.candidate for minute in read(Answering(answer))] == [Side(10, 0, 0, 10), None]

    def test_errors_never_exceed_the_requests(self) -> None:
        [minute] = read(Answering(series(c_n={0: 2.0}, c_e0={0: 5.0}, c_e1={0: 0.0})), minutes=1)
        assert minute.candidate == Side(2, 2, 0)

    def test_slow_counts_only_those_that_have_a_latency(self) -> None:
        [minute] = read(
            Answering(series(**quiet("c", {0: 100.0}), c_ln={0: 10.0}, c_lp={0: 50.0})), minutes=1
        )
        assert minute.candidate == Side(100, 0, 5, 10)

    def test_timestamps_of_another_zone_are_the_same_minutes(self) -> None:
        answer = series(**quiet("c", {0: 7.0}))
        elsewhere = NOON.astimezone(timezone(timedelta(hours=9)))
        for result in answer["MetricDataResults"]:
            result["Timestamps"] = [elsewhere]
        [minute] = read(Answering(answer), minutes=1)
        assert minute.candidate == Side(7, 0, 0)

    def test_pages_are_put_together(self) -> None:
        client = Answering(
            series(**quiet("c", {0: 7.0})) | {"NextToken": "t"},
            series(**quiet("c", {1: 8.0}), **quiet("b", {0: 1.0})),
        )
        minutes = read(client)
        assert [minute.candidate for minute in minutes] == [Side(7, 0, 0), Side(8, 0, 0)]
        assert minutes[0].baseline == Side(1, 0, 0)
        assert client.asked[1]["NextToken"] == "t"

    @pytest.mark.parametrize("status", ["InternalError", "Forbidden"])
    def test_a_series_that_could_not_be_read_is_not_taken_for_missing(self, status: str) -> None:
        answer = series(c_n={0: 7.0}, b_n={})
        answer["MetricDataResults"][1]["StatusCode"] = status
        with pytest.raises(Transient, match=f"{status} for b_n"):
            read(Answering(answer))

    def test_a_denied_source_is_denied(self) -> None:
        error = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetMetricData")
        with pytest.raises(Denied, match="GetMetricData"):
            read(Answering(error))


def test_minutes_of_a_bake_are_read_over_the_wire(here: Here) -> None:
    here.approve()
    here.drive_to(Phase.BAKING)
    here.kernel.advance(timedelta(minutes=5))
    since = here.kernel.now.replace(second=0) - timedelta(minutes=3)
    sides = Sides(ENDPOINT, here.rollout().candidate_variant, VARIANT)
    minutes = here.world.metrics.read(sides, HEALTH, since, since + timedelta(minutes=2))
    assert [minute.at for minute in minutes] == [since, since + timedelta(minutes=1)]
    for minute in minutes:
        assert minute.candidate is not None
        assert minute.baseline is not None
        assert minute.candidate.requests + minute.baseline.requests == 15
