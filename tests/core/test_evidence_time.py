"""When the candidate has answered enough requests in complete minutes, as the reader of the metrics counts them."""

from datetime import datetime, timedelta

import pytest

from pointsman.core.evidence_time import Mood, Outlook, evidence_at
from pointsman.core.past_traffic import ONE_HOUR, Basis, PastTraffic
from tests.core.builders import MINUTE, NOW
from tests.core.plan_facts import READING, steady

EXPECTED, EARLIEST, LATEST = Mood(0), Mood(-1), Mood(1)


def seen(
    per_minute: float, share: float, requests: int, mood: Mood = EXPECTED, since: datetime = NOW
) -> datetime | None:
    window = since, since + timedelta(hours=6)
    return evidence_at(Outlook(steady(per_minute), mood), share, requests, window, READING)


def test_it_counts_whole_minutes_and_waits_for_the_last_to_be_readable() -> None:
    assert seen(60, 0.5, 100) == NOW + (4 + 2) * MINUTE


def test_the_first_minute_is_the_first_whole_one() -> None:
    assert seen(60, 0.5, 100, since=NOW + timedelta(seconds=10)) == NOW + (1 + 4 + 2) * MINUTE


def test_thin_minutes_are_looked_at_longer() -> None:
    assert seen(60, 0.05, 30) == NOW + (10 + 2 + 1) * MINUTE
    assert seen(60, 0.05, 30, LATEST) == NOW + (17 + 2 + 3) * MINUTE


def test_the_earliest_has_more_traffic_and_luck_the_latest_less_of_both() -> None:
    assert seen(60, 0.5, 100, EARLIEST) == NOW + (3 + 2) * MINUTE
    assert seen(60, 0.5, 100, LATEST) == NOW + (5 + 2) * MINUTE


def test_what_does_not_come_within_the_window_never_comes() -> None:
    assert seen(0.1, 0.01, 50) is None
    assert seen(0, 1, 1) is None


def test_evidence_that_would_be_readable_after_the_window_is_too_late() -> None:
    window = NOW, NOW + 5 * MINUTE

    assert evidence_at(Outlook(steady(60), EXPECTED), 0.5, 100, window, READING) is None


def test_it_gathers_through_hours_of_different_traffic() -> None:
    calm = dict(steady(1).requests)
    week_ago = NOW - timedelta(days=7)
    traffic = PastTraffic(calm | {week_ago + ONE_HOUR: 3_600.0}, NOW)
    window = NOW, NOW + timedelta(hours=6)

    found = evidence_at(Outlook(traffic, EXPECTED), 1.0, 120, window, READING)

    assert found == NOW + ONE_HOUR + (1 + 2) * MINUTE


@pytest.mark.parametrize(("sign", "rate"), [(-1, 12.5), (0, 10.0), (1, 8.0)])
def test_last_weeks_hour_is_believed_within_a_quarter(sign: int, rate: float) -> None:
    assert Mood(sign).requests_per_minute(10, Basis.SAME_HOUR_OF_WEEK) == pytest.approx(rate)


def test_of_a_hundred_expected_some_eighty_may_come() -> None:
    assert Mood(1).needed(100) == pytest.approx(116.45)
    assert Mood(-1).needed(100) == pytest.approx(83.55)
    assert Mood(-1).needed(1) == 1.0
