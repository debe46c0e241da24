"""What ministack cannot take is left out by the table alone, and nothing that depends on it is left dangling."""

from __future__ import annotations

from typing import Any

from e2e.left_out import TABLE, prune

MATH = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Metrics": [{"Id": "worst"}]}}
PLAIN = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"MetricName": "Errors"}}
BUS = {"Type": "AWS::Events::EventBusPolicy", "Properties": {}}


def template(**resources: Any) -> dict[str, Any]:
    return {"Parameters": {"Version": {}}, "Resources": resources}


def test_alarms_on_metric_math_are_left_out_and_plain_ones_stay() -> None:
    kept, out = prune(template(Math=MATH, Plain=PLAIN))
    assert kept == template(Plain=PLAIN)
    assert out == {"Math": MATH}


def test_what_waits_for_something_that_is_left_out_waits_for_the_rest() -> None:
    many, one = {**PLAIN, "DependsOn": ["Bus", "Other"]}, {**PLAIN, "DependsOn": "Bus"}
    kept, out = prune(template(Bus=BUS, Many=many, One=one))
    assert kept == template(Many={**PLAIN, "DependsOn": ["Other"]}, One=PLAIN)
    assert set(out) == {"Bus"}


def test_the_template_that_was_given_stays_as_it_was() -> None:
    given = template(Bus=BUS, One={**PLAIN, "DependsOn": "Bus"})
    prune(given)
    assert given == template(Bus=BUS, One={**PLAIN, "DependsOn": "Bus"})


def test_every_line_of_the_table_says_why() -> None:
    assert all(row.why.endswith(".") for row in TABLE)
