"""Requests to come in the three moods, and how chance is told."""

import pytest

from pointsman.core.evidence_time import Mood, Outlook, next_minute
from pointsman.core.past_traffic import Basis
from tests.core.builders import MINUTE, NOW
from tests.core.plan_facts import steady


@pytest.mark.parametrize(("sign", "rate"), [(-1, 12.5), (0, 10.0), (1, 8.0)])
def test_last_weeks_hour_is_believed_within_a_quarter(sign: int, rate: float) -> None:
    assert Mood(sign).requests_per_minute(10, Basis.SAME_HOUR_OF_WEEK) == pytest.approx(rate)
    assert Outlook(steady(10), Mood(sign)).rate(NOW) == pytest.approx(rate)


def test_of_a_hundred_expected_some_eighty_may_come_or_some_hundred_and_twenty_be_bad() -> None:
    assert Mood(1).by_chance(100) == pytest.approx(83.55)
    assert Mood(-1).by_chance(100) == pytest.approx(116.45)
    assert Mood(1).bad_by_chance(100) == pytest.approx(116.45)
    assert Mood(-1).bad_by_chance(1) == 0.0


def test_a_minute_begins_with_its_first_second() -> None:
    assert next_minute(NOW) == NOW
    assert next_minute(NOW + MINUTE / 60) == NOW + MINUTE
