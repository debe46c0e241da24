"""What is made of CloudWatch's answers: minutes of both sides, missing ones, the past, pages, partial failures; states of alarms."""

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
from pointsman.core.usual import BUCKET, Usual
from pointsman.errors import Denied, Transient
from pointsman.policy import Comparison, CustomMetric, ErrorKind, Health
from tests.functions.account import ALARM, ENDPOINT, VARIANT
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


def read_usual(client: Answering, health: Health = HEALTH) -> Usual:
    """The past of a moment twenty minutes into an hour."""
    return CloudWatchMetrics(client).read_usual(BOTH, health, at(20))  # type: ignore[arg-type]


def asked_stats(sides: Sides) -> dict[str, str]:
    client = Answering(series())
    read(client, sides)
    return {query["Id"]: query["MetricStat"]["Stat"] for query in client.asked[0]["MetricDataQueries"]}


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


class TestAlarms:
    def test_metric_and_composite_alarms_are_told_by_state(self) -> None:
        client = Answering(
            {
                "MetricAlarms": [
                    {"AlarmName": "a", "StateValue": "ALARM"},
                    {"AlarmName": "b", "StateValue": "INSUFFICIENT_DATA"},
                ],
                "CompositeAlarms": [{"AlarmName": "c", "StateValue": "ALARM"}],
            }
        )
        reading = CloudWatchAlarms(client).read(("a", "b", "c", "d"))  # type: ignore[arg-type]
        assert (reading.firing, reading.missing) == (("a", "c"), ("d",))
        assert client.asked[0]["AlarmTypes"] == ["MetricAlarm", "CompositeAlarm"]

    def test_more_names_than_one_call_takes_are_asked_for_in_several(self) -> None:
        names = tuple(f"alarm-{number}" for number in range(150))
        client = Answering({}, {"MetricAlarms": [{"AlarmName": "alarm-120", "StateValue": "ALARM"}]})
        assert CloudWatchAlarms(client).read(names).firing == ("alarm-120",)  # type: ignore[arg-type]
        assert [len(asked["AlarmNames"]) for asked in client.asked] == [100, 50]

    def test_they_are_read_over_the_wire(self, here: Here) -> None:
        here.set_alarm("ALARM")
        reading = here.world.alarms.read((ALARM, "nobody"))
        assert (reading.firing, reading.missing) == ((ALARM,), ("nobody",))


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
