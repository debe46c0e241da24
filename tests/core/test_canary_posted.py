"""Counts that users of other judges posted because the verdict was wrong, with the verdict that is right."""

from __future__ import annotations

from pointsman.core.canary_evidence import Side
from pointsman.core.verdict import Opinion
from tests.core.canary_minutes import HALF, answers, at_half

REQUESTS = 300
"""The posts have series of counts alone; so many requests a minute went to each side here."""


def opinions(*bad: tuple[int, int], requests: int = REQUESTS) -> list[Opinion]:
    """The opinion after each minute, from (candidate's errors, baseline's errors)."""
    minutes = at_half(*[(Side(requests, mine), Side(requests, theirs)) for mine, theirs in bad])
    return [answer.opinion for answer in answers(HALF, minutes)]


def test_kayenta_426_a_few_errors_against_none_do_not_pass_and_are_no_failure_yet() -> None:
    found = opinions((0, 0), (1, 0), (2, 0), (1, 0), (0, 0), (0, 0))

    assert set(found) == {Opinion.NOT_ENOUGH}


def test_spinnaker_6278_a_hundredfold_jump_in_seven_of_ten_minutes_fails() -> None:
    found = opinions(*[(100, 1)] * 7, *[(1, 1)] * 3)

    assert Opinion.FAIL in found[:7]
    assert Opinion.PASS not in found


def test_spinnaker_6278_it_fails_as_well_when_the_good_minutes_come_first() -> None:
    assert Opinion.FAIL in opinions(*[(1, 1)] * 3, *[(100, 1)] * 7)


def test_kayenta_799_a_baseline_without_any_error_is_a_baseline() -> None:
    found = opinions(*[(6, 0)] * 12)

    assert Opinion.FAIL in found
    assert Opinion.PASS not in found


def test_kayenta_633_six_and_a_half_times_as_many_on_eight_points_fail() -> None:
    found = opinions(*[(65, 10)] * 8)

    assert Opinion.FAIL in found
    assert Opinion.PASS not in found


def test_suna_3403_one_error_in_three_requests_decides_nothing() -> None:
    assert opinions((1, 0), requests=3) == [Opinion.NOT_ENOUGH]
