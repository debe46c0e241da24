"""Rules of composite alarms: what they say of the states of others, and what cannot be read."""

from __future__ import annotations

import pytest

from tests.twin.cloud import refused
from twin.rules import read

STATES = {"high": "ALARM", "low": "OK", "new alarm (1)": "INSUFFICIENT_DATA"}


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("ALARM(high)", True),
        ('ALARM("high")', True),
        ("OK(high)", False),
        ('INSUFFICIENT_DATA("new alarm (1)")', True),
        ("ALARM(arn:aws:cloudwatch:us-east-1:111122223333:alarm:high)", True),
        ("NOT ALARM(high)", False),
        ("NOT NOT ALARM(high)", True),
        ("ALARM(high) AND ALARM(low)", False),
        ("ALARM(high) OR ALARM(low)", True),
        ("ALARM(high) AND NOT ALARM(low)", True),
        ("TRUE OR TRUE AND FALSE", True),
        ("(TRUE OR TRUE) AND FALSE", False),
        ("NOT FALSE AND FALSE", False),
        ("NOT (FALSE AND FALSE)", True),
        ("  ( ALARM ( high )\n) ", True),
    ],
)
def test_what_a_rule_says(rule: str, *, holds: bool) -> None:
    assert read(rule).holds(STATES.__getitem__) is holds


def test_children_are_named_once_in_order() -> None:
    assert read("ALARM(b) OR OK(a) OR ALARM(b)").children == ("b", "a")
    assert read("TRUE").children == ()


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "ALARM",
        "ALARM(high",
        "ALARM()",
        "ALARM(high) ALARM(low)",
        "ALARM(high) AND",
        "AND ALARM(high)",
        "(TRUE",
        "TRUE)",
        "MAYBE(high)",
        "AT_LEAST(1, ALARM, (high, low))",
        "true",
    ],
)
def test_what_is_no_rule(rule: str) -> None:
    assert refused(lambda: read(rule)).code == "ValidationError"


def test_a_rule_has_at_most_a_hundred_children() -> None:
    hundred = " OR ".join(f"ALARM(a{number})" for number in range(100))
    assert len(read(hundred).children) == 100
    assert refused(lambda: read(f"{hundred} OR ALARM(more)")).code == "ValidationError"
