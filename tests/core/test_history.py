"""Configs that were made for an endpoint and do not serve."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pointsman.core.history import passed_over, stem
from pointsman.survey import SeenConfig

LIVE = SeenConfig("fraud-prod-v1", datetime(2026, 11, 1, tzinfo=UTC))
DAY = timedelta(days=1)
CHANGED = LIVE.made + 10 * DAY


def later(name: str, days: float = 5.0) -> SeenConfig:
    return SeenConfig(name, LIVE.made + days * DAY)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fraud-prod-v1", "fraud-prod"),
        ("fraud-prod-12", "fraud-prod"),
        ("Fraud-Prod-2026-11-20-14-00-00-000", "fraud-prod"),
        ("fraud-prod-2026112014000001230000000a", "fraud-prod"),
        ("fraud-prod-3f9ac21", "fraud-prod"),
        ("fraud-prod", "fraud-prod"),
        ("20261120", ""),
    ],
)
def test_names_are_compared_without_the_number_time_or_hash_at_their_end(name: str, expected: str) -> None:
    assert stem(name) == expected


def test_a_later_config_of_the_same_name_was_passed_over() -> None:
    assert passed_over(LIVE, CHANGED, [LIVE, later("fraud-prod-v2")], ()) == (later("fraud-prod-v2"),)


@pytest.mark.parametrize(
    "config",
    [
        later("other-v2"),
        later("fraud-prod-v0", days=-1),
        later("fraud-prod-v2", days=11),
    ],
)
def test_other_older_and_unused_configs_tell_nothing(config: SeenConfig) -> None:
    assert passed_over(LIVE, CHANGED, [config], ()) == ()


def test_a_name_that_several_endpoints_use_tells_nothing() -> None:
    assert passed_over(LIVE, CHANGED, [later("fraud-prod-v2")], ["fraud-prod"]) == ()


def test_a_config_of_pointsmans_own_is_no_riddle() -> None:
    ours = SeenConfig("pointsman-fraud-prod-v7-0a1b2c3d-final-2", LIVE.made)
    assert passed_over(ours, CHANGED, [later("pointsman-fraud-prod-v8-0a1b2c3d-canary")], ()) == ()


def test_a_name_that_is_nothing_but_a_number_tells_nothing() -> None:
    assert passed_over(SeenConfig("20261101", LIVE.made), CHANGED, [later("20261105")], ()) == ()
