"""A candidate that reports nothing: dead, alone, or merely quiet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pointsman.core.judge import DEAD_AFTER, DEAD_AFTER_ALONE, Evidence, judge, open_window, take
from pointsman.core.minutes import Minute, Side
from pointsman.core.verdict import Counts, Opinion, silent_and_failing
from tests.core.builders import HEALTH, MINUTE, NOW

TENTH = 1000
ALL = 10_000


def gathered(*minutes: tuple[Side | None, Side | None], share_bps: int = TENTH, usual: float = 0) -> Evidence:
    """Evidence of minutes in a row, each (candidate, baseline)."""
    evidence = replace(open_window(None, "step-0", NOW), usual_rpm=usual)
    for number, (candidate, baseline) in enumerate(minutes):
        evidence = take(evidence, Minute(NOW + number * MINUTE, baseline, candidate), share_bps)
    return evidence


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


def test_alone_silence_is_asked_about_and_not_taken_for_death() -> None:
    waits = gathered(*[(None, None)] * (DEAD_AFTER_ALONE - 1), share_bps=ALL, usual=3.0)
    silent = gathered(*[(None, None)] * DEAD_AFTER_ALONE, share_bps=ALL, usual=3.0)
    rare = gathered(*[(None, None)] * 30, share_bps=ALL, usual=2.9)

    verdict = judge(silent, HEALTH, ALL)

    assert DEAD_AFTER_ALONE == 10
    assert (verdict.opinion, verdict.is_silent, verdict.minutes) == (Opinion.NOT_ENOUGH, True, 10)
    assert verdict.sentence == "candidate serves alone and has reported nothing for 10 min"
    assert not judge(waits, HEALTH, ALL).is_silent
    assert not judge(rare, HEALTH, ALL).is_silent


def test_a_silent_candidate_that_fails_when_it_is_asked_is_dead() -> None:
    silent = judge(gathered(*[(None, None)] * 10, share_bps=ALL, usual=3.0), HEALTH, ALL)

    assert silent_and_failing(silent, "500") == replace(
        silent,
        opinion=Opinion.FAIL,
        sentence="candidate serves alone and has reported nothing for 10 min, and fails when it is asked: 500",
    )


def test_beside_a_baseline_nobody_is_called_silent() -> None:
    evidence = replace(gathered(), dark_minutes=DEAD_AFTER_ALONE)

    assert not judge(evidence, HEALTH, ALL - 1).is_silent
    assert judge(evidence, HEALTH, ALL - 1).opinion is Opinion.FAIL
    assert judge(replace(evidence, dark_minutes=DEAD_AFTER), HEALTH, ALL).opinion is Opinion.NOT_ENOUGH


def test_a_candidate_that_fell_silent_passes_only_when_it_answers_again() -> None:
    lived = [(Side(50, 0, 0), Side(450, 0, 0))] * 20
    silent = judge(gathered(*lived, (None, Side(450, 0, 0))), HEALTH, TENTH)
    back = judge(gathered(*lived, (None, Side(450, 0, 0)), *lived[:1]), HEALTH, TENTH)

    assert silent.opinion is Opinion.NOT_ENOUGH
    assert silent.sentence == "candidate has reported nothing for 1 min: it passes only when it answers again"
    assert back.opinion is Opinion.PASS
