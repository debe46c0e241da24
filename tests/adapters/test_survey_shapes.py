"""AWS's alarms, scalable targets and metrics as the survey's values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pointsman.adapters.aws.survey_calls import Answer, Found
from pointsman.adapters.aws.survey_past import PastTraffic
from pointsman.adapters.aws.survey_shapes import Parts, alarm_of, names_of_models, scaling_of, variants_of
from pointsman.errors import Transient
from pointsman.policy import EndpointName
from pointsman.survey import Scaling
from tests.worlds.kernel_client import client_error

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
NAME = EndpointName("fraud-prod")
DIMENSIONS = [{"Name": "EndpointName", "Value": NAME}, {"Name": "VariantName", "Value": "v"}]


class TestAlarm:
    def test_one_metric(self) -> None:
        seen = alarm_of(
            {
                "AlarmName": "a",
                "StateValue": "ALARM",
                "Namespace": "AWS/SageMaker",
                "MetricName": "ModelLatency",
                "Dimensions": DIMENSIONS,
                "ExtendedStatistic": "p99",
                "Period": 300,
                "EvaluationPeriods": 5,
                "DatapointsToAlarm": 3,
                "Threshold": 2e6,
                "ComparisonOperator": "GreaterThanThreshold",
                "EvaluationState": "PARTIAL_DATA",
                "TreatMissingData": "breaching",
            }
        )
        [watched] = seen.watched
        assert (watched.metric, watched.stat, watched.period) == ("ModelLatency", "p99", timedelta(minutes=5))
        assert watched.dimensions == {"EndpointName": NAME, "VariantName": "v"}
        assert (seen.needed, seen.evaluations, seen.threshold) == (3, 5, 2e6)
        assert (seen.state, seen.evaluation_state, seen.missing_data) == (
            "ALARM",
            "PARTIAL_DATA",
            "breaching",
        )

    def test_metric_math_keeps_its_metrics_and_its_expressions(self) -> None:
        metric = {"Namespace": "AWS/SageMaker", "MetricName": "Invocations", "Dimensions": DIMENSIONS}
        seen = alarm_of(
            {
                "AlarmName": "rate",
                "EvaluationPeriods": 2,
                "Metrics": [
                    {"Id": "m", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}},
                    {"Id": "e", "Expression": "m / 2"},
                ],
            }
        )
        assert [each.metric for each in seen.watched] == ["Invocations"]
        assert (seen.expressions, seen.needed) == (("m / 2",), 2)

    def test_a_composite_and_a_query(self) -> None:
        assert alarm_of({"AlarmName": "c", "AlarmRule": "ALARM(a)"}).rule == "ALARM(a)"
        criteria = {"PromQLCriteria": {"Query": 'up{endpoint="x"}'}}
        assert alarm_of({"AlarmName": "p", "EvaluationCriteria": criteria}).expressions == (
            'up{endpoint="x"}',
        )


def test_targets_are_found_by_what_they_scale_with_the_names_of_their_policies() -> None:
    targets = [
        {"ResourceId": "endpoint/e/variant/v", "MinCapacity": 1, "MaxCapacity": 4},
        {"ResourceId": "inference-component/chat", "MinCapacity": 0, "MaxCapacity": 2},
    ]
    policies = [{"ResourceId": "endpoint/e/variant/v", "PolicyName": "follow"}]
    assert scaling_of(targets, policies) == {
        ("endpoint", "e"): [Scaling("variant v", 1, 4, ("follow",))],
        ("inference-component", "chat"): [Scaling("inference component chat", 0, 2)],
    }


def test_the_models_of_shadow_variants_are_looked_at_too() -> None:
    config = {
        "ProductionVariants": [{"ModelName": "a"}, {}],
        "ShadowProductionVariants": [{"ModelName": "b"}, {"ModelName": "a"}],
    }
    assert names_of_models(config) == ["a", "b"]


def test_a_fleet_on_its_way_to_another_size_counts_at_the_larger_one() -> None:
    live = {"VariantName": "v", "CurrentInstanceCount": 2, "DesiredInstanceCount": 5}
    described = {
        "ProductionVariants": [{"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large"}]
    }
    config = Answer("sagemaker:DescribeEndpointConfig", Found.THERE, described)

    def counted(**counts: int) -> int:
        [variant] = variants_of(Parts({"ProductionVariants": [live | counts]}, config, {}, ()))
        return variant.instances

    assert counted() == 5
    assert counted(CurrentInstanceCount=7) == 7


class Metrics:
    """A CloudWatch client that answers in two pages."""

    def __init__(
        self, *pages: dict[str, tuple[list[datetime], list[float]]], status: str = "Complete"
    ) -> None:
        self.pages = list(pages)
        self.status = status

    def get_metric_data(self, **asked: Any) -> Any:
        number = int(asked.get("NextToken", "0"))
        page = self.pages[number]
        results = [
            {"Id": name, "Timestamps": moments, "Values": values, "StatusCode": self.status}
            for name, (moments, values) in page.items()
        ]
        more = {"NextToken": str(number + 1)} if number + 1 < len(self.pages) else {}
        return {"MetricDataResults": results, **more}


class TestPast:
    def test_hours_without_a_point_are_hours_without_a_request(self) -> None:
        pages: list[Any] = [
            {"requests": ([NOON], [60.0]), "latency": ([NOON], [1_900_000.0])},
            {"requests": ([NOON + 2 * HOUR], [30.0]), "server": ([NOON], [1.0]), "client": ([NOON], [2.0])},
        ]
        past = PastTraffic(Metrics(*pages)).read(NAME, "v", NOON, NOON + 3 * HOUR)  # type: ignore[arg-type]
        assert past.hours == (60.0, 0.0, 30.0)
        assert past.p99 == (timedelta(seconds=1.9),)
        assert (past.server_errors, past.model_errors, past.client_errors) == (1.0, 0.0, 2.0)

    def test_an_empty_span_is_not_asked_for(self) -> None:
        assert PastTraffic(Metrics()).read(NAME, "v", NOON, NOON).hours == ()  # type: ignore[arg-type]

    def test_what_may_not_be_read_is_said(self) -> None:
        forbidden = Metrics({"requests": ([], [])}, status="Forbidden")
        past = PastTraffic(forbidden).read(NAME, "v", NOON, NOON + HOUR)  # type: ignore[arg-type]
        assert past.unread == ("cloudwatch:GetMetricData",)

    def test_a_broken_answer_is_no_quiet_endpoint(self) -> None:
        broken = Metrics({"requests": ([], [])}, status="InternalError")
        with pytest.raises(Transient):
            PastTraffic(broken).read(NAME, "v", NOON, NOON + HOUR)  # type: ignore[arg-type]

    def test_a_denied_call_is_said_too(self) -> None:
        class Denying:
            def get_metric_data(self, **_: Any) -> Any:
                raise client_error("AccessDenied", "no", "GetMetricData")

        past = PastTraffic(Denying()).read(NAME, "v", NOON, NOON + HOUR)  # type: ignore[arg-type]
        assert (past.unread, past.hours) == (("cloudwatch:GetMetricData",), ())
