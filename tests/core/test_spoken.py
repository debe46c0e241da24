"""Durations, moments and money as a plan says them."""

from datetime import timedelta

import pytest

from pointsman.core.spoken import clock, count_of, duration, money, tail_of
from tests.core.builders import HOUR, MINUTE, NOW


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=45), "45 s"),
        (12 * MINUTE, "12 min"),
        (timedelta(seconds=3599), "1 h"),
        (2 * HOUR, "2 h"),
        (2 * HOUR + 5 * MINUTE, "2 h 05 min"),
        (48 * HOUR, "2 d"),
        (76 * HOUR, "3 d 4 h"),
    ],
)
def test_durations(length: timedelta, said: str) -> None:
    assert duration(length) == said


@pytest.mark.parametrize(
    ("later", "said"),
    [(timedelta(0), "12:00"), (13 * HOUR, "Tue 01:00"), (timedelta(days=7), "2026-11-30 12:00")],
)
def test_moments_name_the_day_where_it_is_another(later: timedelta, said: str) -> None:
    assert clock(NOW + later, NOW) == said


def test_money_has_cents_while_they_matter() -> None:
    assert money(3.456) == "USD 3.46"
    assert money(1234.5) == "USD 1,234"


def test_one_and_many() -> None:
    assert count_of(1, "instance") == "1 instance"
    assert count_of(1200, "instance") == "1,200 instances"


def test_an_arn_is_told_by_its_tail() -> None:
    assert (
        tail_of("arn:aws:sagemaker:eu-central-1:111122223333:model-package/fraud/7")
        == "model-package/fraud/7"
    )
    assert tail_of("dana") == "dana"
