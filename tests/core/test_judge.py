"""What numbers prove and what they do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.core.judge import (
    DEAD_AFTER,
    DEAD_AFTER_ALONE,
    WINDOW_MINUTES,
    Counts,
    Evidence,
    Minute,
    Opinion,
    Side,
    Verdict,
    blind,
    judge,
    open_window,
    take,
    wilson_lower,
)
from tests.core.builders import HEALTH, MINUTE, NOW
from tests.core.strategies import thorough

TENTH = 1000
ALL = 10_000
SILENT = Side(0, 0, 0)


def gathered(*minutes: tuple[Side | None, Side | None], share_bps: int = TENTH, usual: float = 0) -> Evidence:
    """Evidence of minutes in a row, each (candidate, baseline)."""
    evidence = replace(open_window(None, "step-0", NOW), usual_rpm=usual)
    for number, (candidate, baseline) in enumerate(minutes):
        evidence = take(evidence, Minute(NOW + number * MINUTE, baseline, candidate), share_bps)
    return evidence


def judged(candidate: Side, baseline: Side, share_bps: int = TENTH) -> Verdict:
    return judge(gathered((candidate, baseline), share_bps=share_bps), HEALTH, share_bps)


# Verdicts.


def test_few_errors_and_few_slow_answers_pass() -> None:
    verdict = judged(Side(1000, 10, 50), Side(9000, 9, 45))

    assert verdict == Verdict(
        Opinion.PASS,
        "candidate failed: 10 of 1,000 (1.00 %), baseline 9 of 9,000 (0.10 %), tolerated 1 %; "
        "candidate answered slower than 2 s: 50 of 1,000 (5.00 %), baseline 45 of 9,000 (0.50 %), tolerated 5 %",
        Counts(1000, 10, 50),
        Counts(9000, 9, 45),
        1,
    )


def test_more_errors_than_chance_explains_fail() -> None:
    verdict = judged(Side(1000, 30, 0), Side(9000, 9, 0))

    assert verdict.opinion is Opinion.FAIL
    assert verdict.sentence == (
        "candidate failed: 30 of 1,000 (3.00 %), baseline 9 of 9,000 (0.10 %), tolerated 1 %"
    )
    assert verdict.candidate == Counts(1000, 30, 0)


def test_more_slow_answers_than_chance_explains_fail() -> None:
    verdict = judged(Side(1000, 0, 90), Side(9000, 0, 9))

    assert verdict.opinion is Opinion.FAIL
    assert verdict.sentence.startswith("candidate answered slower than 2 s: 90 of 1,000 (9.00 %)")


def test_more_errors_than_tolerated_but_not_more_than_chance_wait_for_more_requests() -> None:
    verdict = judged(Side(100, 2, 0), Side(900, 1, 0))

    assert verdict.opinion is Opinion.NOT_ENOUGH
    assert verdict.sentence == (
        "candidate failed: 2 of 100 (2.00 %), baseline 1 of 900 (0.11 %), tolerated 1 %; "
        "too few requests to tell it from chance"
    )


def test_a_shock_on_both_sides_is_not_the_candidates_fault_alone() -> None:
    verdict = judged(Side(1000, 300, 0), Side(9000, 1800, 0))

    assert verdict.opinion is Opinion.NOT_ENOUGH
    assert verdict.sentence == (
        "candidate failed: 300 of 1,000 (30.00 %), baseline 1,800 of 9,000 (20.00 %), tolerated 1 %; "
        "the baseline suffers as well, so this is not the candidate's fault alone"
    )


def test_a_candidate_that_suffers_much_more_than_the_baseline_fails_even_in_a_shock() -> None:
    assert judged(Side(1000, 301, 0), Side(9000, 1800, 0)).opinion is Opinion.FAIL


def test_a_baseline_within_the_tolerance_is_no_shock() -> None:
    assert judged(Side(10_000, 149, 0), Side(10_000, 100, 0)).opinion is Opinion.FAIL
    assert judged(Side(10_000, 149, 0), Side(10_000, 101, 0)).opinion is Opinion.NOT_ENOUGH


def test_bad_on_one_count_is_bad_even_when_the_other_is_unclear() -> None:
    slow_is_bad = judged(Side(100, 2, 60), Side(900, 0, 0))
    slow_is_unclear = judged(Side(100, 0, 6), Side(900, 0, 0))

    assert (slow_is_bad.opinion, slow_is_bad.candidate.slow) == (Opinion.FAIL, 60)
    assert "slower" in slow_is_bad.sentence
    assert slow_is_unclear.opinion is Opinion.NOT_ENOUGH
    assert "slower" in slow_is_unclear.sentence


def test_errors_are_named_first_where_both_are_bad() -> None:
    assert judged(Side(1000, 500, 500), Side(9000, 0, 0)).sentence.startswith("candidate failed")


def test_fewer_requests_than_the_minimum_prove_nothing() -> None:
    enough, less = judged(Side(100, 0, 0), Side(900, 0, 0)), judged(Side(99, 99, 0), Side(900, 0, 0))

    assert enough.opinion is Opinion.PASS
    assert less.opinion is Opinion.NOT_ENOUGH
    assert less.sentence == "candidate answered 99 of the 100 requests that a verdict needs"
    assert (less.candidate, less.baseline, less.minutes) == (Counts(99, 99, 0), Counts(900, 0, 0), 1)


def test_missing_data_is_never_healthy() -> None:
    nothing = judge(gathered(*[(None, None)] * 30), HEALTH, TENTH)

    assert nothing.opinion is Opinion.NOT_ENOUGH
    assert nothing.minutes == 30


def test_an_empty_minimum_does_not_divide_by_nothing() -> None:
    health = replace(HEALTH, min_requests=0)

    assert judge(gathered((SILENT, SILENT)), health, TENTH).opinion is Opinion.PASS
    assert Counts(0, 0, 0).percent(0) == 0


def test_a_source_that_cannot_be_read_is_blindness() -> None:
    assert blind("throttled") == Verdict(Opinion.BLIND, "metrics cannot be read: throttled")


def test_a_long_tolerance_is_said_as_people_write_it() -> None:
    health = replace(HEALTH, slow_over=timedelta(milliseconds=250), max_slow_percent=2.5)

    assert "slower than 0.25 s" in judge(gathered((Side(100, 0, 0), None)), health, TENTH).sentence
    assert "tolerated 2.5 %" in judge(gathered((Side(100, 0, 0), None)), health, TENTH).sentence


# A dead candidate.


def test_a_dead_candidate_is_a_fail() -> None:
    silent = [(None, Side(100, 0, 0))]

    alive = judge(gathered(*silent * (DEAD_AFTER - 1)), HEALTH, TENTH)
    dead = judge(gathered(*silent * DEAD_AFTER), HEALTH, TENTH)

    assert DEAD_AFTER == 5
    assert alive.opinion is Opinion.NOT_ENOUGH
    assert dead.opinion is Opinion.FAIL
    assert dead.sentence == (
        "candidate reported nothing for 5 minutes while its share of the traffic predicts requests every minute: "
        "it is dead"
    )
    assert (dead.baseline, dead.minutes) == (Counts(500, 0, 0), 5)


def test_a_candidate_that_answered_before_it_died_is_dead_all_the_same() -> None:
    lived = [(Side(50, 0, 0), Side(450, 0, 0))] * 20

    assert judge(gathered(*lived, *[(None, Side(450, 0, 0))] * 5), HEALTH, TENTH).opinion is Opinion.FAIL


def test_a_single_answer_ends_the_silence() -> None:
    silent = [(None, Side(100, 0, 0))] * 4
    evidence = gathered(*silent, (Side(1, 0, 0), Side(100, 0, 0)), *silent)

    assert evidence.dark_minutes == 4


@pytest.mark.parametrize(("requests", "dark"), [(26, 0), (27, 1)])
def test_silence_counts_only_where_several_requests_were_to_be_expected(requests: int, dark: int) -> None:
    """At a tenth of the traffic, 27 requests of the baseline predict three of the candidate."""
    assert gathered((None, Side(requests, 0, 0))).dark_minutes == dark


def test_a_quiet_minute_neither_adds_to_the_silence_nor_ends_it() -> None:
    loud, quiet = (None, Side(100, 0, 0)), (None, Side(1, 0, 0))

    assert gathered(loud, quiet, loud).dark_minutes == 2


def test_alone_a_candidate_is_measured_by_the_usual_traffic() -> None:
    alive = gathered(*[(None, None)] * (DEAD_AFTER_ALONE - 1), share_bps=ALL, usual=3.0)
    dead = gathered(*[(None, None)] * DEAD_AFTER_ALONE, share_bps=ALL, usual=3.0)
    rare = gathered(*[(None, None)] * 30, share_bps=ALL, usual=2.9)

    assert DEAD_AFTER_ALONE == 10
    assert judge(alive, HEALTH, ALL).opinion is Opinion.NOT_ENOUGH
    assert judge(dead, HEALTH, ALL).opinion is Opinion.FAIL
    assert judge(rare, HEALTH, ALL).opinion is Opinion.NOT_ENOUGH


def test_beside_a_baseline_a_candidate_is_dead_sooner_than_alone() -> None:
    evidence = replace(gathered(), dark_minutes=DEAD_AFTER)

    assert judge(evidence, HEALTH, ALL - 1).opinion is Opinion.FAIL
    assert judge(evidence, HEALTH, ALL).opinion is Opinion.NOT_ENOUGH


def test_a_candidate_that_fell_silent_passes_only_when_it_answers_again() -> None:
    lived = [(Side(50, 0, 0), Side(450, 0, 0))] * 20
    silent = judge(gathered(*lived, (None, Side(450, 0, 0))), HEALTH, TENTH)
    back = judge(gathered(*lived, (None, Side(450, 0, 0)), *lived[:1]), HEALTH, TENTH)

    assert silent.opinion is Opinion.NOT_ENOUGH
    assert silent.sentence == "candidate has reported nothing for 1 min: it passes only when it answers again"
    assert back.opinion is Opinion.PASS


# The window.


def test_a_window_begins_empty_and_keeps_what_is_usual() -> None:
    known = replace(gathered((Side(5, 0, 0), Side(45, 0, 0))), dark_minutes=3)

    assert open_window(known, "step-1", NOW) == Evidence("step-1", NOW, usual_rpm=50)
    assert open_window(None, "step-1", NOW) == Evidence("step-1", NOW, usual_rpm=0.0)


def test_no_minute_is_counted_twice() -> None:
    minute = Minute(NOW, Side(90, 1, 2), Side(10, 3, 4))
    once = take(open_window(None, "step-0", NOW), minute, TENTH)

    assert once.rows == ((10, 3, 4, 90, 1, 2),)
    assert once.until == NOW + MINUTE
    assert once.window == "step-0"
    assert take(once, minute, TENTH) == once
    assert take(once, replace(minute, at=NOW - MINUTE), TENTH) == once


def test_a_minute_before_the_window_is_not_its_evidence() -> None:
    empty = open_window(None, "step-0", NOW)

    assert take(empty, Minute(NOW - MINUTE, Side(9, 0, 0), Side(1, 0, 0)), TENTH) == empty


def test_a_gap_is_no_reason_to_stop() -> None:
    evidence = take(open_window(None, "s", NOW), Minute(NOW + 5 * MINUTE, None, Side(1, 0, 0)), TENTH)

    assert evidence.until == NOW + 6 * MINUTE
    assert evidence.rows == ((1, 0, 0, 0, 0, 0),)


def test_the_window_forgets_what_is_older_than_an_hour() -> None:
    bad, good = (Side(10, 10, 10), Side(90, 0, 0)), (Side(10, 0, 0), Side(90, 0, 0))
    evidence = gathered(bad, *[good] * WINDOW_MINUTES)

    assert WINDOW_MINUTES == 60
    assert len(evidence.rows) == 60
    assert judge(evidence, HEALTH, TENTH).candidate == Counts(600, 0, 0)
    assert len(gathered(*[good] * 59).rows) == 59


def test_both_sides_are_summed_over_the_same_minutes() -> None:
    verdict = judge(gathered((Side(1, 2, 3), Side(4, 5, 6)), (Side(10, 20, 30), None)), HEALTH, TENTH)

    assert verdict.candidate == Counts(11, 22, 33)
    assert verdict.baseline == Counts(4, 5, 6)
    assert verdict.minutes == 2


def test_the_usual_traffic_follows_slowly_and_ignores_silence() -> None:
    first = gathered((Side(10, 0, 0), Side(90, 0, 0)))
    second = gathered((Side(10, 0, 0), Side(90, 0, 0)), (Side(100, 0, 0), Side(100, 0, 0)))
    silent = gathered((Side(10, 0, 0), Side(90, 0, 0)), (None, None))

    assert first.usual_rpm == 100
    assert second.usual_rpm == pytest.approx(110)
    assert silent.usual_rpm == 100


# Wilson's bound: the root of (rate - p)^2 = z^2 p (1 - p) / n below the rate, with z = 1.645.


@pytest.mark.parametrize(
    ("bad", "requests", "bound"),
    [
        (0, 10, 0.0),
        (1, 10, 0.0226),
        (5, 10, 0.2693),
        (10, 10, 10 / (10 + 1.645**2)),
        (10, 100, 0.0607),
        (50, 1000, 0.0398),
        (1, 1, 1 / (1 + 1.645**2)),
    ],
)
def test_the_lower_bound_is_wilsons(bad: int, requests: int, bound: float) -> None:
    assert wilson_lower(bad, requests) == pytest.approx(bound, abs=0.0001)


@thorough
@given(st.integers(1, 100_000), st.data())
def test_the_bound_solves_the_equation_that_defines_it(requests: int, data: st.DataObject) -> None:
    rate = data.draw(st.integers(1, requests)) / requests
    bound = wilson_lower(round(rate * requests), requests)

    assert (rate - bound) ** 2 == pytest.approx(
        1.645**2 * bound * (1 - bound) / requests, rel=1e-6, abs=1e-12
    )


@thorough
@given(st.integers(1, 100_000), st.data())
def test_the_bound_lies_between_nothing_and_the_rate(requests: int, data: st.DataObject) -> None:
    bad = data.draw(st.integers(0, requests))

    assert 0 <= wilson_lower(bad, requests) <= bad / requests + 1e-15


@thorough
@given(st.integers(1, 5000), st.integers(1, 50), st.integers(1, 10))
def test_more_of_the_same_proves_more(requests: int, bad: int, times: int) -> None:
    bad = min(bad, requests)

    assert wilson_lower(bad * times, requests * times) >= wilson_lower(bad, requests) - 1e-12


SIDES = st.none() | st.builds(Side, st.integers(0, 500), st.integers(0, 500), st.integers(0, 500)).map(
    lambda side: replace(side, errors=min(side.errors, side.requests), slow=min(side.slow, side.requests))
)


@thorough
@given(st.lists(st.tuples(SIDES, SIDES), max_size=70), st.sampled_from([1, 1000, 5000, ALL]))
def test_every_history_has_a_verdict_and_none_passes_above_the_tolerance(
    minutes: list[tuple[Side | None, Side | None]], share_bps: int
) -> None:
    verdict = judge(gathered(*minutes, share_bps=share_bps), HEALTH, share_bps)

    if verdict.opinion is Opinion.PASS:
        assert verdict.candidate.requests >= HEALTH.min_requests
        assert verdict.candidate.percent(verdict.candidate.errors) <= HEALTH.max_error_percent
        assert verdict.candidate.percent(verdict.candidate.slow) <= HEALTH.max_slow_percent
