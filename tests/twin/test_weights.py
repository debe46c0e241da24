"""Weights and counts of a live fleet: when they become current, and which are refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.twin.cloud import ENDPOINT, TYPE, Cloud, refused


def test_weights_become_current_at_the_end(split: Cloud) -> None:
    split.weigh(stable=0.5, candidate=0.5)
    shown = split.seen("stable")
    assert (split.status(), shown["CurrentWeight"], shown["DesiredWeight"]) == (
        "Updating",
        pytest.approx(0.9),
        0.5,
    )
    split.kernel.advance(timedelta(seconds=19))
    assert split.status() == "Updating"
    split.kernel.advance(timedelta(seconds=21))
    assert (split.status(), split.seen("stable")["CurrentWeight"]) == ("InService", 0.5)


def test_variants_that_are_not_named_keep_their_weight(split: Cloud) -> None:
    split.weigh(candidate=0.3)
    split.pass_minutes(1)
    assert split.seen("stable")["CurrentWeight"] == pytest.approx(0.9)


def test_weights_come_back_as_32_bit_floats(split: Cloud) -> None:
    split.weigh(stable=0.95)
    split.pass_minutes(1)
    assert split.seen("stable")["CurrentWeight"] == 0.949999988079071


def test_a_weight_of_zero_is_shown_and_gets_no_traffic(split: Cloud) -> None:
    split.weigh(candidate=0.0)
    split.pass_minutes(1)
    split.send(per_minute=60, minutes=5)
    split.pass_minutes(5)
    assert split.seen("candidate")["CurrentWeight"] == 0.0
    assert set(split.kernel.served(ENDPOINT)) == {"old"}


def test_weights_that_are_all_zero_are_refused(split: Cloud) -> None:
    assert refused(lambda: split.weigh(stable=0.0, candidate=0.0)).code == "ValidationException"


def test_a_weight_below_zero_is_refused(split: Cloud) -> None:
    assert refused(lambda: split.weigh(stable=-1.0)).code == "ValidationException"


def test_a_count_of_zero_is_refused(split: Cloud) -> None:
    assert refused(lambda: split.resize("candidate", 0)).code == "ValidationException"


def test_an_unknown_variant_is_refused_and_nothing_changes(split: Cloud) -> None:
    assert refused(lambda: split.weigh(stable=0.1, stranger=0.5)).code == "ValidationException"
    assert split.seen("stable")["DesiredWeight"] == pytest.approx(0.9)


def test_a_weight_change_builds_no_fleet(split: Cloud) -> None:
    split.weigh(stable=0.5)
    assert split.kernel.running(ENDPOINT) == 3


def test_a_scale_out_takes_minutes_and_becomes_current_at_the_end(live: Cloud) -> None:
    live.resize("stable", 4)
    live.pass_minutes(2)
    assert (live.status(), live.seen("stable")["CurrentInstanceCount"]) == ("Updating", 2)
    live.pass_minutes(4)
    assert (live.status(), live.seen("stable")["CurrentInstanceCount"]) == ("InService", 4)
    assert live.kernel.running(ENDPOINT) == 4


def test_a_scale_in_gives_instances_back(live: Cloud) -> None:
    live.resize("stable", 1)
    live.pass_minutes(1)
    assert (live.kernel.running(ENDPOINT), live.seen("stable")["CurrentInstanceCount"]) == (1, 1)


def test_a_scale_out_over_quota_is_refused(live: Cloud) -> None:
    live.kernel.quota[TYPE] = 3
    assert refused(lambda: live.resize("stable", 4)).code == "ResourceLimitExceeded"
    assert live.seen("stable")["DesiredInstanceCount"] == 2


def test_a_scale_out_without_capacity_rolls_back_to_the_old_count(live: Cloud) -> None:
    live.kernel.capacity[TYPE] = 0
    live.resize("stable", 4)
    live.pass_minutes(10)
    assert live.statuses() == ["UPDATING", "ROLLING_BACK", "IN_SERVICE"]
    assert (live.kernel.running(ENDPOINT), live.seen("stable")["DesiredInstanceCount"]) == (2, 2)
    assert "InsufficientInstanceCapacity" in live.endpoint()["FailureReason"]


def test_a_failure_reason_goes_with_the_next_weight_change(live: Cloud) -> None:
    live.kernel.capacity[TYPE] = 0
    live.resize("stable", 4)
    live.pass_minutes(10)
    live.weigh(stable=2.0)
    assert "FailureReason" not in live.endpoint()


def test_a_scale_out_to_the_very_quota_is_allowed(live: Cloud) -> None:
    live.kernel.quota[TYPE] = 4
    live.resize("stable", 4)
    assert live.status() == "Updating"
