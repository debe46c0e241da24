"""Rollouts that are pretended on past minutes: good ones, thin nights, limits that are too narrow, incidents."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pointsman.core.backtest import Ending
from pointsman.core.backtests import Incident, play_good, play_incident, starts, tally
from pointsman.core.past import Past
from pointsman.windows import Window, Windows
from tests.core.builders import HEALTH, HOUR, MINUTE, PLAN
from tests.core.pasts import BEGIN, SLOW, past, policy, rules

QUICK = replace(PLAN, watch=timedelta(hours=1))
START = BEGIN + 2 * HOUR
TROUBLE = Incident(BEGIN + 26 * HOUR, BEGIN + 26 * HOUR + 30 * MINUTE)


def in_trouble(at: datetime) -> float:
    return 0.3 if TROUBLE.start <= at < TROUBLE.end else 0.002


@pytest.fixture(scope="module")
def troubled() -> Past:
    return past(28, error_rate=in_trouble)


def test_a_version_as_good_as_what_served_is_proved_and_watched_to_its_end() -> None:
    played = play_good(past(8), rules(policy=policy(QUICK)), START)

    assert played.ending is Ending.WATCHED
    assert played.proved_at is not None
    assert played.proved_at - START >= 3 * QUICK.bake_min
    assert played.at - played.proved_at == QUICK.watch
    assert played.served.requests > 300 * 60


def test_the_same_seed_plays_the_same() -> None:
    found, by = past(8), rules(policy=policy(QUICK))

    assert play_good(found, by, START) == play_good(found, by, START)


def test_few_good_versions_are_taken_back_over_a_day_of_starts() -> None:
    by = rules(policy=policy(QUICK))
    found = past(26)
    begun, _outside = starts(found, by)

    ended = tally([play_good(found, by, each) for each in begun], by, 0)

    assert len(ended.plays) == 24
    assert len(ended.beside) <= 1
    assert len(ended.proved) >= 20


def test_a_thin_night_proves_nothing_within_patience() -> None:
    played = play_good(past(8, rpm=1), rules(policy=policy(QUICK)), START)

    assert played.ending is Ending.PATIENCE_OVER
    assert played.at - START >= QUICK.patience


def test_a_past_that_is_over_cuts_a_release_off() -> None:
    played = play_good(past(2.5), rules(policy=policy(QUICK)), START)

    assert (played.ending, played.at) == (Ending.CUT_OFF, BEGIN + 2.5 * HOUR)


def test_limits_that_what_serves_is_above_take_a_good_version_back_once_it_serves_alone() -> None:
    narrow = replace(QUICK, health=replace(HEALTH, max_error_percent=1.0))
    by = rules(policy=policy(narrow))
    shift = START + HOUR

    def rate(at: datetime) -> float:
        return 0.002 if at < shift else 0.05

    ended = tally([play_good(past(8, error_rate=rate), by, START)], by, 0)

    assert [each.step for each in ended.alone] == [len(narrow.steps)]
    assert ended.beside == []


def test_an_incident_is_found_from_the_first_step_on_and_in_the_watch(troubled: Past) -> None:
    found = play_incident(troubled, rules(policy=policy(QUICK), incidents=(TROUBLE,)), TROUBLE)

    assert found.beside == timedelta(days=1)
    assert 2500 < found.really.errors < 3000
    for played in (found.first, found.watch):
        assert played is not None
        assert played.ending is Ending.ROLLED_BACK
        assert TROUBLE.start < played.at <= TROUBLE.start + 15 * MINUTE
        assert 0 < played.served.errors < found.really.errors
    assert found.first is not None
    assert found.watch is not None
    assert (found.first.step, found.watch.step) == (0, len(QUICK.steps))


def test_what_a_candidate_spoils_is_counted_until_cloudwatch_has_shown_it() -> None:
    """Alone it takes two bad minutes, which are shown two minutes later: so long it goes on."""

    def rate(at: datetime) -> float:
        return 0.9 if TROUBLE.start <= at < TROUBLE.end else 0.002

    seen = past(27, error_rate=rate)
    found = play_incident(seen, rules(policy=policy(QUICK), incidents=(TROUBLE,)), TROUBLE)

    assert found.watch is not None
    assert found.watch.at == TROUBLE.start + 2 * MINUTE + HEALTH.metric_delay
    minutes = [seen.minutes[TROUBLE.start + number * MINUTE] for number in range(4)]
    assert found.watch.served.requests == sum(each.requests for each in minutes)
    assert found.watch.served.errors == sum(each.errors for each in minutes)


def test_a_minute_without_data_is_waited_for_as_long_as_it_may_be_filled() -> None:
    gaps = past(8, rpm=lambda at: 0 if at.minute % 20 > 16 else 300)
    patient, hasty = (
        play_good(gaps, rules(policy=policy(QUICK), late_fill=timedelta(minutes=wait)), START)
        for wait in (5, 0)
    )

    assert patient.proved_at is not None
    assert hasty.proved_at is not None
    assert patient.proved_at > hasty.proved_at


def test_the_same_trouble_on_both_sides_is_nobodys_fault(troubled: Past) -> None:
    by = rules(policy=policy(QUICK))

    ended = tally([play_good(troubled, by, TROUBLE.start - 5 * MINUTE)], by, 0)

    assert ended.beside == []


def test_an_incident_without_an_earlier_time_is_played_in_the_watch_alone() -> None:
    first = Incident(BEGIN, BEGIN + 30 * MINUTE)
    found = play_incident(past(2, error_rate=0.3), rules(incidents=(first,)), first)

    assert (found.beside, found.first) == (None, None)
    assert found.watch is not None


def test_an_incident_without_data_is_not_played() -> None:
    never = Incident(BEGIN - 2 * HOUR, BEGIN - HOUR)

    found = play_incident(past(2), rules(), never)

    assert (found.first, found.watch, found.really.requests) == (None, None, 0)


def test_the_baseline_of_an_incident_is_not_taken_from_another_one(troubled: Past) -> None:
    a_day_before = Incident(TROUBLE.start - 24 * HOUR, TROUBLE.end - 24 * HOUR)

    found = play_incident(troubled, rules(incidents=(a_day_before, TROUBLE)), TROUBLE)

    assert found.beside == HOUR


def test_releases_start_on_full_hours_with_data_inside_the_windows() -> None:
    mornings = Windows("UTC", (Window((0, 1, 2, 3, 4, 5, 6), 4 * 60, 6 * 60),))
    by = rules(policy=replace(policy(), windows=mornings))
    gap = past(10, rpm=lambda at: 0 if at.hour == 5 else 300)

    begun, outside = starts(gap, by)

    assert begun == [BEGIN + 4 * HOUR]
    assert outside == 6


def test_releases_that_met_a_marked_incident_count_for_nothing(troubled: Past) -> None:
    by = rules(policy=policy(QUICK), incidents=(TROUBLE,))
    before = play_good(troubled, by, TROUBLE.start - HOUR)
    early = play_good(troubled, by, START)

    ended = tally([before, early], by, 0)

    assert (ended.met, ended.plays) == ((before,), (early,))


def test_one_threshold_for_both_sides_is_not_taken_for_a_candidate_that_is_slower() -> None:
    """Both 75th percentiles fall to the count over 1.2 s: the candidate would be held to the baseline's own threshold, and never proved."""
    slow = replace(QUICK, bake_max=HOUR)
    fine = past(8, rpm=1000)
    rough = {
        at: replace(each, over={1_000_000: each.requests // 5, 1_200_000: each.requests * 3 // 20, SLOW: 0})
        for at, each in fine.minutes.items()
    }

    played = play_good(replace(fine, minutes=rough), rules(policy=policy(slow)), START)

    assert played.ending is Ending.WATCHED
