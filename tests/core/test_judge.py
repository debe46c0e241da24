"""What numbers prove and what they do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pointsman.core.judge import Evidence, judge, open_window, take, wilson_lower
from pointsman.core.minutes import Minute, Side
from pointsman.core.verdict import Counts, Opinion, Verdict, blind
from tests.core.builders import HEALTH, MINUTE, NOW

TENTH = 1000
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


def test_a_baseline_that_is_not_proved_to_suffer_excuses_nobody() -> None:
    """117 of 10,000 are proved to be above one percent, 116 are not."""
    proved, chance = Side(10_000, 117, 0), Side(10_000, 116, 0)

    assert wilson_lower(117, 10_000) > 0.01 > wilson_lower(116, 10_000)
    assert judged(Side(10_000, 149, 0), proved).opinion is Opinion.NOT_ENOUGH
    assert judged(Side(10_000, 149, 0), chance).opinion is Opinion.FAIL
    assert judged(Side(1000, 300, 0), SILENT).opinion is Opinion.FAIL


def test_a_baseline_with_fewer_requests_than_a_verdict_needs_excuses_nobody() -> None:
    few, enough = HEALTH.min_requests - 1, HEALTH.min_requests

    assert judged(Side(1000, 300, 0), Side(2, 1, 0)).opinion is Opinion.FAIL
    assert judged(Side(1000, 300, 0), Side(few, few, 0)).opinion is Opinion.FAIL
    assert judged(Side(1000, 300, 0), Side(enough, enough, 0)).opinion is Opinion.NOT_ENOUGH


def test_a_baseline_exactly_at_the_bound_does_not_suffer() -> None:
    at_the_bound = replace(HEALTH, max_error_percent=100 * wilson_lower(117, 10_000))
    evidence = gathered((Side(10_000, 149, 0), Side(10_000, 117, 0)))

    assert judge(evidence, at_the_bound, TENTH).opinion is Opinion.FAIL


def test_a_single_bad_answer_can_be_a_shock_where_little_is_tolerated() -> None:
    strict = replace(HEALTH, max_error_percent=0.0, min_requests=1)

    assert judge(gathered((Side(10, 1, 0), Side(10, 1, 0))), strict, TENTH).opinion is Opinion.NOT_ENOUGH


def test_proof_needs_the_lower_bound_above_the_tolerance_not_at_it() -> None:
    at_the_bound = replace(HEALTH, max_error_percent=100 * wilson_lower(30, 1000))
    evidence = gathered((Side(1000, 30, 0), Side(9000, 0, 0)))
    hair_below = gathered((Side(600, 10, 0), Side(9000, 0, 0)))

    assert judge(evidence, at_the_bound, TENTH).opinion is Opinion.NOT_ENOUGH
    assert judge(evidence, HEALTH, TENTH).opinion is Opinion.FAIL
    assert 0.99 < 100 * wilson_lower(10, 600) < 1
    assert judge(hair_below, HEALTH, TENTH).opinion is Opinion.NOT_ENOUGH


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
