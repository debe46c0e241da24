"""Each fault does what it says, is listed while it is planned, and ends when all is cleared."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.asked import Asked, Refused
from local.faulting import FAULTS, planned
from local.fleet import Site, start
from local.installation import Installation
from local.releases import SCORER
from pointsman.errors import PointsmanError

SITE = Site("scores", "scores", "risk", "ml.c7i.large", 2)
EVENT_COMES = timedelta(seconds=5)


def let(here: Installation, kind: str, **params: Any) -> str:
    return FAULTS[kind](here, Asked(params))


def events(here: Installation) -> list[str]:
    """What the bus brings when a version is registered."""
    got: list[str] = []
    here.kernel.subscribe(lambda event: got.append(event["detail-type"]))
    here.client("sagemaker").create_model_package_group(ModelPackageGroupName="group")
    here.client("sagemaker").create_model_package(ModelPackageGroupName="group")
    here.kernel.advance(EVENT_COMES)
    return got


def test_events_get_lost(empty: Installation) -> None:
    said = let(empty, "lose-events", events=1)

    assert "1 SageMaker events are lost" in said
    assert events(empty) == []


def test_events_arrive_twice(empty: Installation) -> None:
    let(empty, "duplicate-events", events=1)

    assert len(events(empty)) == 2


def test_events_arrive_late(empty: Installation) -> None:
    let(empty, "delay-events", events=1, delay_s=60)
    heard = events(empty)

    assert heard == []
    empty.kernel.advance(timedelta(seconds=60))
    assert len(heard) == 1


def test_calls_to_the_twin_fail_so_often(empty: Installation) -> None:
    let(empty, "fail", service="sagemaker", operation="ListEndpoints", code="ThrottlingException", times=2)
    client = empty.client("sagemaker")

    for _ in range(2):
        with pytest.raises(ClientError, match="ThrottlingException"):
            client.list_endpoints()
    assert client.list_endpoints()["Endpoints"] == []


def test_calls_to_what_moto_plays_fail_for_the_installation_alone(empty: Installation) -> None:
    said = let(empty, "fail", service="dynamodb", operation="*", code="InternalServerError", times=2)

    assert "of the installation's functions only" in said
    assert empty.client("dynamodb").list_tables()["TableNames"]
    for _ in range(2):
        with pytest.raises(PointsmanError, match="InternalServerError"):
            empty.world.store.find_open()
    assert empty.world.store.find_open() == []


@pytest.mark.parametrize(("kind", "says"), [("capacity", "capacity"), ("quota", "limit")])
def test_instances_run_out(empty: Installation, kind: str, says: str) -> None:
    let(empty, kind, instance_type="ml.c7i.large", instances=1)

    try:
        start(empty, SITE, SCORER)
        reason = empty.client("sagemaker").describe_endpoint(EndpointName="scores")["FailureReason"]
    except ClientError as err:
        reason = str(err)

    assert says in reason.lower()


def test_an_endpoint_gets_a_status(empty: Installation) -> None:
    start(empty, SITE, SCORER)

    let(empty, "endpoint-status", endpoint="scores", status="Failed")

    described = empty.client("sagemaker").describe_endpoint(EndpointName="scores")
    assert described["EndpointStatus"] == "Failed"
    assert "forced" in described["FailureReason"]


def test_an_alarm_goes_to_a_state(empty: Installation) -> None:
    cloudwatch = empty.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="high",
        Namespace="N",
        MetricName="M",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )

    let(empty, "alarm", alarm="high", state="ALARM")

    assert cloudwatch.describe_alarms()["MetricAlarms"][0]["StateValue"] == "ALARM"


PLANNED: list[tuple[str, dict[str, Any], str]] = [
    ("lose-events", {"events": 2}, "2 SageMaker events get lost"),
    ("duplicate-events", {"events": 3}, "3 events arrive twice"),
    ("delay-events", {"events": 4, "delay_s": 60}, "4 events arrive 0:01:00 late"),
    (
        "fail",
        {"service": "sagemaker", "operation": "*", "code": "X", "times": 5},
        "sagemaker * fails with X, 5 times more",
    ),
    (
        "fail",
        {"service": "sqs", "operation": "*", "code": "X", "times": 6},
        "sqs * fails with X, 6 times more",
    ),
    ("capacity", {"instance_type": "ml.g5.xlarge", "instances": 0}, "capacity of ml.g5.xlarge: 0 free"),
    ("quota", {"instance_type": "ml.g5.xlarge", "instances": 7}, "quota of ml.g5.xlarge: 7"),
]


@pytest.mark.parametrize(("kind", "params", "listed"), PLANNED)
def test_what_is_planned_is_listed_until_all_is_cleared(
    empty: Installation, kind: str, params: dict[str, Any], listed: str
) -> None:
    assert planned(empty) == []

    let(empty, kind, **params)
    assert planned(empty) == [listed]

    let(empty, "clear")
    assert planned(empty) == []


@pytest.mark.parametrize(
    ("kind", "params", "says"),
    [
        ("fail", {"service": "ec2", "operation": "*", "code": "X", "times": 1}, "dynamodb"),
        (
            "fail",
            {"service": "sagemaker", "operation": "UpdateEndpoints", "code": "X", "times": 1},
            "UpdateEndpoint",
        ),
        ("fail", {"service": "sagemaker", "operation": "*", "code": "X", "times": 0}, "times"),
        ("capacity", {"instance_type": "g5.xlarge", "instances": 1}, "ml.g5.2xlarge"),
        ("endpoint-status", {"endpoint": "scores", "status": "Gone"}, "UpdateRollbackFailed"),
        ("alarm", {"alarm": "high", "state": "RED"}, "INSUFFICIENT_DATA"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(
    empty: Installation, kind: str, params: dict[str, Any], says: str
) -> None:
    with pytest.raises(Refused, match=says):
        let(empty, kind, **params)

    assert planned(empty) == []
