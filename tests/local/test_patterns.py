"""The local run's pattern matcher agrees with moto's on every pattern of ours and every sample."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from moto.events.models import EventPattern

from local.patterns import matches
from pointsman.triggers import TRIGGERS, Pattern

EVENTS = Path(__file__).resolve().parents[2] / "events"
SAMPLES = sorted(EVENTS.rglob("*.json"))
PATTERNS = {
    trigger.name: dict(trigger.started_by.pattern)
    for trigger in TRIGGERS
    if isinstance(trigger.started_by, Pattern)
}
OPERATORS: list[dict[str, Any]] = [
    {"source": [{"prefix": "aws.sage"}]},
    {"source": ["aws.events", {"prefix": "aws.cloud"}]},
    {"detail": {"FailureReason": [{"exists": True}]}},
    {"detail": {"FailureReason": [{"exists": False}]}},
    {"detail": {"FailureReason": [None]}},
    {"detail": {"EndpointStatus": [{"anything-but": "IN_SERVICE"}]}},
    {"detail": {"EndpointStatus": [{"anything-but": ["IN_SERVICE", "FAILED"]}]}},
    {"detail": {"UpdatedModelPackageFields": ["ModelApprovalStatus"]}},
    {"detail": {"ModelPackageVersion": [7]}},
    {"detail": {"ModelPackageVersion": ["7"]}},
    {"detail": {"state": {"value": ["ALARM"]}, "previousState": {"value": ["OK"]}}},
    {"no-such-key": [{"exists": False}], "version": ["0"]},
]


def moto_says(pattern: dict[str, Any], event: Any) -> bool:
    return EventPattern(None, pattern).matches_event(event)


def objects() -> list[dict[str, Any]]:
    return [event for event in (json.loads(path.read_text()) for path in SAMPLES) if isinstance(event, dict)]


@pytest.mark.parametrize("name", PATTERNS)
def test_it_agrees_with_moto_on_our_patterns_and_every_sample(name: str) -> None:
    pattern = PATTERNS[name]
    told = [matches(pattern, event) for event in objects()]
    assert told == [moto_says(pattern, event) for event in objects()]
    assert any(told)
    assert not all(told)


@pytest.mark.parametrize("pattern", OPERATORS, ids=json.dumps)
def test_it_agrees_with_moto_on_each_operator(pattern: dict[str, Any]) -> None:
    assert [matches(pattern, event) for event in objects()] == [
        moto_says(pattern, event) for event in objects()
    ]


def test_the_operators_are_told_apart_by_the_samples() -> None:
    for pattern in OPERATORS:
        if pattern != {"detail": {"ModelPackageVersion": ["7"]}}:
            assert any(matches(pattern, event) for event in objects()), pattern


@pytest.mark.parametrize("event", [None, "ALARM", 7, [], [{"source": "aws.sagemaker"}]])
def test_what_is_no_object_matches_nothing(event: object) -> None:
    assert not any(matches(pattern, event) for pattern in PATTERNS.values())


@pytest.mark.parametrize("detail", [None, "{}", [], 3, {"state": None}, {"state": "ALARM"}])
def test_a_nested_key_is_not_found_in_what_is_no_object(detail: object) -> None:
    event = {
        "source": "aws.cloudwatch",
        "detail-type": "CloudWatch Alarm State Change",
        "detail": detail,
    }
    assert not matches(PATTERNS["alarm_changed"], event)


def test_a_key_that_is_null_is_not_absent() -> None:
    assert matches({"a": [{"exists": True}]}, {"a": None})
    assert not matches({"a": [None]}, {})


def test_true_is_not_one() -> None:
    assert not matches({"a": [1]}, {"a": True})
    assert matches({"a": [1]}, {"a": 1.0})


def test_an_operator_that_is_not_known_is_an_error_rather_than_no_match() -> None:
    with pytest.raises(ValueError, match="wildcard"):
        matches({"source": [{"wildcard": "aws.*"}]}, {"source": "aws.sagemaker"})


def test_a_leaf_that_is_no_list_is_an_error() -> None:
    with pytest.raises(TypeError, match="list of alternatives"):
        matches({"source": "aws.sagemaker"}, {"source": "aws.sagemaker"})
