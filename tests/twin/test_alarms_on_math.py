"""Alarms on metric math, and which alarms there are on a metric."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.twin.cloud import ENDPOINT, Cloud, query, refused
from twin.traffic import Profile

SAMPLE = Path(__file__).parents[2] / "events" / "alarm_changed--metric-math.json"
RATE = "IF(inv>0,100*err/inv,0)"


def source(name: str, metric: str, period: int = 60, **given: Any) -> dict[str, Any]:
    stat = query(metric, "Sum")["MetricStat"] | {"Period": period}
    return {"Id": name, "MetricStat": stat, "ReturnData": False, **given}


def math(expression: str = RATE, **given: Any) -> dict[str, Any]:
    return {"Id": "e1", "Expression": expression, "Label": "5xx percent", "ReturnData": True, **given}


SOURCES = [source("err", "Invocation5XXErrors"), source("inv", "Invocations")]


def put(cloud: Cloud, *metrics: dict[str, Any], **given: Any) -> None:
    spec = {
        "AlarmName": "rate",
        "Metrics": list(metrics),
        "EvaluationPeriods": 2,
        "Threshold": 10.0,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    cloud.watch("PutMetricAlarm", **spec | given)


def state(cloud: Cloud) -> str:
    [shown] = cloud.watch("DescribeAlarms", AlarmNames=["rate"])["MetricAlarms"]
    return str(shown["StateValue"])


@pytest.fixture
def busy(live: Cloud) -> Cloud:
    live.send(per_minute=40, minutes=120)
    return live


def test_an_alarm_on_a_rate_follows_the_rate(busy: Cloud) -> None:
    put(busy, math(), *SOURCES)
    busy.pass_minutes(10)
    assert state(busy) == "OK"
    busy.kernel.profiles["old"] = Profile(error_rate=0.5)
    busy.pass_minutes(10)
    assert state(busy) == "ALARM"


def test_data_is_returned_unless_told_otherwise(busy: Cloud) -> None:
    asked = math()
    del asked["ReturnData"]
    put(busy, asked, *SOURCES)
    busy.pass_minutes(10)
    assert state(busy) == "OK"
    [detail] = [event["detail"] for event in busy.events if event["source"] == "aws.cloudwatch"]
    assert detail["configuration"]["metrics"][0]["returnData"] is True


def test_an_alarm_may_return_one_metric_itself(busy: Cloud) -> None:
    put(busy, source("inv", "Invocations", ReturnData=True))
    busy.pass_minutes(10)
    assert state(busy) == "ALARM"


def test_math_is_over_ten_metrics_at_most(busy: Cloud) -> None:
    many = [source(f"m{number}", "Invocations") for number in range(11)]
    put(busy, math("m0"), *many[:10])
    assert refused(lambda: put(busy, math("m0"), *many)).code == "ValidationError"


def test_without_traffic_there_is_no_rate(live: Cloud) -> None:
    put(live, math("err/inv"), *SOURCES)
    live.pass_minutes(10)
    assert state(live) == "INSUFFICIENT_DATA"


def test_its_event_has_the_shape_of_the_sample(busy: Cloud) -> None:
    put(busy, math(), *SOURCES, AlarmDescription="5xx ratio")
    busy.pass_minutes(10)
    [detail] = [event["detail"] for event in busy.events if event["source"] == "aws.cloudwatch"]
    sample = json.loads(SAMPLE.read_text(encoding="utf-8"))["detail"]
    assert detail.keys() == sample.keys()
    ours, theirs = detail["configuration"]["metrics"], sample["configuration"]["metrics"]
    assert [each.keys() for each in ours] == [each.keys() for each in theirs]
    assert ours[0] == theirs[0]
    assert ours[1]["metricStat"].keys() == theirs[1]["metricStat"].keys()
    data, shown = json.loads(detail["state"]["reasonData"]), json.loads(sample["state"]["reasonData"])
    assert data.keys() == shown.keys()


@pytest.mark.parametrize(
    "metrics",
    [
        pytest.param([], id="none"),
        pytest.param([math()], id="an expression over nothing"),
        pytest.param([math("err/other"), *SOURCES], id="an unknown id"),
        pytest.param([math("SUM(METRICS())"), *SOURCES], id="math that the twin does not do"),
        pytest.param([math(ReturnData=False), *SOURCES], id="no answer"),
        pytest.param([math(), source("err", "Invocations", ReturnData=True), SOURCES[1]], id="two answers"),
        pytest.param([math(), SOURCES[0], source("inv", "Invocations", 300)], id="two periods"),
        pytest.param([math(), math("1", Id="e2", ReturnData=False), *SOURCES], id="two expressions"),
    ],
)
def test_wrong_math_is_refused(live: Cloud, metrics: list[dict[str, Any]]) -> None:
    assert refused(lambda: put(live, *metrics)).code == "ValidationError"


def test_metrics_and_a_metric_name_exclude_each_other(live: Cloud) -> None:
    assert refused(lambda: put(live, math(), *SOURCES, MetricName="Invocations")).code == "ValidationError"


def test_alarms_are_found_by_their_very_metric(live: Cloud) -> None:
    metric = query("Invocations", "Sum")["MetricStat"]["Metric"]
    common = {
        "EvaluationPeriods": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "Period": 60,
    }
    live.watch("PutMetricAlarm", AlarmName="sum", Statistic="Sum", **metric, **common)
    live.watch("PutMetricAlarm", AlarmName="average", Statistic="Average", **metric, **common)
    put(live, math(), *SOURCES)

    def found(**asked: Any) -> list[str]:
        return [
            alarm["AlarmName"] for alarm in live.watch("DescribeAlarmsForMetric", **asked)["MetricAlarms"]
        ]

    turned = metric | {"Dimensions": metric["Dimensions"][::-1]}
    assert found(**metric) == found(**turned) == ["sum", "average"]
    assert found(**metric, Statistic="Sum") == ["sum"]
    assert found(**metric, Period=300) == []
    assert found(**metric | {"Dimensions": metric["Dimensions"][:1]}) == []
    assert found(**metric | {"MetricName": "ModelLatency"}) == []
    assert metric["Dimensions"][0]["Value"] == ENDPOINT
